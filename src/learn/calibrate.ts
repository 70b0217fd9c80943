import { logSoftmax } from './logistic.ts';

/** Mean negative log-likelihood of the labels under softmax(scores). */
export function logLoss(scores: readonly Float64Array[], labels: readonly number[]): number {
  const sum = scores.reduce((a, row, i) => a - (logSoftmax(row)[labels[i] ?? 0] ?? 0), 0);
  return sum / scores.length;
}

/** How much of each of two branches' scores goes into the sum. */
export type Mixture = { readonly a: number; readonly b: number };

export function addScores(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  mixture: Mixture,
): Float64Array[] {
  return a.map((row, i) => row.map((v, c) => mixture.a * v + mixture.b * (b[i]?.[c] ?? 0)));
}

/** Where a function with one valley is smallest, to a thousandth. */
function ternarySearch(f: (x: number) => number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (high - low > 1e-3) {
    const third = (high - low) / 3;
    if (f(low + third) < f(high - third)) high -= third;
    else low += third;
  }
  return (low + high) / 2;
}

/** A positive factor with the least loss, looked for between 0.02 and 50. */
function bestFactor(loss: (factor: number) => number): number {
  return Math.exp(ternarySearch((log) => loss(Math.exp(log)), -4, 4));
}

/** The factor (1 / temperature) that makes softmax(factor · scores) a probability. */
export function fitSharpness(scores: readonly Float64Array[], labels: readonly number[]): number {
  return bestFactor((factor) => logLoss(addScores(scores, scores, { a: factor, b: 0 }), labels));
}

/** The mixture of two branches with the least log-loss, temperature included; by turns, the loss is convex. */
export function fitMixture(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  labels: readonly number[],
): Mixture {
  let mixture = { a: fitSharpness(a, labels) / 2, b: fitSharpness(b, labels) / 2 };
  for (let turn = 0; turn < 6; turn++) {
    const { b: keepB } = mixture;
    mixture = { a: bestFactor((f) => logLoss(addScores(a, b, { a: f, b: keepB }), labels)), b: keepB };
    const { a: keepA } = mixture;
    mixture = { a: keepA, b: bestFactor((f) => logLoss(addScores(a, b, { a: keepA, b: f }), labels)) };
  }
  return mixture;
}

/** One judged text: the probability of what was chosen, and whether it was right. */
export type Judged = { readonly probability: number; readonly right: boolean };

/** Expected calibration error over bins of equal width, 0–1. */
export function calibrationError(judged: readonly Judged[], bins = 10): number {
  const sums = Array.from({ length: bins }, () => 0);
  for (const { probability, right } of judged) {
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    sums[bin] = (sums[bin] ?? 0) + probability - (right ? 1 : 0);
  }
  return sums.reduce((a, gap) => a + Math.abs(gap), 0) / judged.length;
}

export type Operating = { readonly threshold: number; readonly coverage: number; readonly precision: number };

export function operatingPoint(judged: readonly Judged[], threshold: number): Operating {
  const kept = judged.filter((j) => j.probability >= threshold);
  const right = kept.filter((j) => j.right).length;
  return {
    threshold,
    coverage: kept.length / Math.max(judged.length, 1),
    precision: kept.length === 0 ? 1 : right / kept.length,
  };
}

/**
 * The lowest threshold, in hundredths, at which the precision is reached; undefined where none keeps
 * `least` texts (a few lucky ones at the top prove nothing).
 */
export function chooseThreshold(
  judged: readonly Judged[],
  precision: number,
  least = 20,
): Operating | undefined {
  for (let hundredths = 0; hundredths < 100; hundredths++) {
    const point = operatingPoint(judged, hundredths / 100);
    if (point.coverage * judged.length < least) return undefined;
    if (point.precision >= precision) return point;
  }
  return undefined;
}

/** Area under the ROC curve: how often a positive scores above a negative. */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  let wins = 0;
  for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
  return wins / (positives.length * negatives.length);
}
