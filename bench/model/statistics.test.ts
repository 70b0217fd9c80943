import { expect, test } from 'vitest';
import { randomNumbers } from '../../src/learn/random.ts';
import { chanceCalibration, mcnemar, share } from './statistics.ts';

test('the interval of a share is about the binomial one', () => {
  const { value, low, high } = share(Array.from({ length: 400 }, (_, i) => i % 5 !== 0));

  expect(value).toBeCloseTo(0.8);
  expect(low).toBeCloseTo(0.8 - 1.96 * 0.02, 1);
  expect(high).toBeCloseTo(0.8 + 1.96 * 0.02, 1);
});

test('McNemar: an even split proves nothing, 1 against 9 is rare', () => {
  expect(mcnemar(5, 5)).toBe(1);
  expect(mcnemar(0, 0)).toBe(1);
  // 2 · (1 + 10) / 1024
  expect(mcnemar(1, 9)).toBeCloseTo(0.0215, 4);
  expect(mcnemar(9, 1)).toBe(mcnemar(1, 9));
});

test('a perfectly calibrated model errs by chance, and less on more texts', () => {
  const random = randomNumbers(3);
  const judged = (n: number) =>
    Array.from({ length: n }, () => ({ probability: 0.5 + random() / 2, right: true }));

  const few = chanceCalibration(judged(200));
  const many = chanceCalibration(judged(2000));

  expect(few.mean).toBeGreaterThan(0.03);
  expect(few.mean).toBeLessThan(0.09);
  expect(many.mean).toBeLessThan(few.mean / 2);
  expect(few.percentile95).toBeGreaterThan(few.mean);
});
