import { calibrationError, type Judged } from '../../src/learn/calibrate.ts';
import { randomNumbers } from '../../src/learn/random.ts';

/** A figure with its 95 % interval. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number };

const draws = 2000;

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/**
 * Percentile bootstrap over `count` units (tickets; a matter's two languages are one unit): `figure` is
 * called with the numbers of the units drawn. Always the same random numbers.
 */
export function bootstrap(count: number, figure: (units: readonly number[]) => number): Estimate {
  const random = randomNumbers(20);
  const values = Array.from({ length: draws }, () =>
    figure(Array.from({ length: count }, () => Math.floor(random() * count))),
  ).sort((a, b) => a - b);
  return {
    value: figure([...Array(count).keys()]),
    low: quantile(values, 0.025),
    high: quantile(values, 0.975),
  };
}

/** Share of true among booleans, with its interval. */
export function share(right: readonly boolean[]): Estimate {
  return bootstrap(right.length, (units) => units.filter((i) => right[i]).length / Math.max(units.length, 1));
}

/** Two-sided exact McNemar test: how probable a split at least as uneven is, were both equally good. */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  const least = Math.min(onlyFirst, onlySecond);
  let tail = 0;
  let ways = 1; // n over k
  for (let k = 0; k <= least; k++) {
    tail += ways / 2 ** n;
    ways = (ways * (n - k)) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

/** What expected calibration errors a model with these very probabilities shows when they are all true. */
export function chanceCalibration(judged: readonly Judged[]): { mean: number; percentile95: number } {
  const random = randomNumbers(21);
  const errors = Array.from({ length: 1000 }, () =>
    calibrationError(judged.map(({ probability }) => ({ probability, right: random() < probability }))),
  ).sort((a, b) => a - b);
  return { mean: errors.reduce((a, b) => a + b, 0) / errors.length, percentile95: quantile(errors, 0.95) };
}

export const three = (value: number) => value.toFixed(3);
export const withInterval = ({ value, low, high }: Estimate) =>
  `${three(value)} (${three(low)}–${three(high)})`;
