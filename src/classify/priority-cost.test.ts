import { expect, test } from 'vitest';
import { cheapestFirst } from './priority-cost.ts';

const distance = [
  [0, 1, 4],
  [1, 0, 2],
  [2, 1, 0],
];

test('a level that is dear to miss is chosen before it is the most probable one', () => {
  expect(cheapestFirst([0.1, 0.55, 0.35], distance)[0]).toBe(2);
});

test('an improbable level is not chosen for its cost alone', () => {
  expect(cheapestFirst([0.2, 0.75, 0.05], distance)[0]).toBe(1);
});

test('all levels are in the order, each once', () => {
  expect(cheapestFirst([0.3, 0.3, 0.4], distance).toSorted()).toEqual([0, 1, 2]);
});
