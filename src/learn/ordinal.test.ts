import { expect, test } from 'vitest';
import { levelProbabilities, priorityCosts, quadraticKappa, stepLabels } from './ordinal.ts';

test('levels have the probabilities between their steps, and these sum to 1', () => {
  const levels = levelProbabilities([3, 1, -1, -3]);

  expect(levels.reduce((a, b) => a + b)).toBeCloseTo(1);
  expect(levels[2]).toBeCloseTo(1 / (1 + Math.exp(-1)) - 1 / (1 + Math.exp(1)), 4);
  expect(levels.every((p) => p > 0)).toBe(true);
});

test('steps that contradict each other give no negative probability', () => {
  const levels = levelProbabilities([-2, 4, -2, 4]);

  expect(levels.every((p) => p > 0)).toBe(true);
  expect(levels[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 4);
});

test('a level lies above as many steps as its place', () => {
  expect(stepLabels(0, 4)).toEqual([0, 0, 0, 0]);
  expect(stepLabels(3, 4)).toEqual([1, 1, 1, 0]);
});

test('missing the highest level costs so many times the distance, a false alarm only the distance', () => {
  const costs = priorityCosts(5, 2);

  expect(costs[2]?.[4]).toBe(4);
  expect(costs[4]?.[2]).toBe(2);
  expect(costs.map((row, i) => row[i])).toEqual([0, 0, 0, 0, 0]);
});

test('kappa is 1 for full agreement, about 0 for a constant answer, below 0 for the opposite', () => {
  const truth = [0, 1, 2, 3, 4, 2, 2, 1];

  expect(quadraticKappa(truth, truth, 5)).toBe(1);
  expect(
    quadraticKappa(
      truth.map(() => 2),
      truth,
      5,
    ),
  ).toBeCloseTo(0);
  expect(
    quadraticKappa(
      truth.map((t) => 4 - t),
      truth,
      5,
    ),
  ).toBeLessThan(0);
});

test('kappa agrees with a value worked out by hand', () => {
  // two levels: 3 of 4 right, both halves even: observed 0.25, expected 0.5
  expect(quadraticKappa([0, 0, 1, 1], [0, 0, 1, 0], 2)).toBeCloseTo(0.5);
});
