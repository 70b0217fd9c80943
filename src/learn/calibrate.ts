import { logSoftmax } from './logistic.ts';

/** Mean negative log-likelihood of the labels under softmax(scores). */
export function logLoss(scores: readonly Float64Array[], labels: readonly number[]): number {
  const sum = scores.reduce((a, row, i) => a - (logSoftmax(row)[labels[i] ?? 0] ?? 0), 0);
  return sum / scores.length;
}

/** Mean negative log-likelihood of ordinal labels under cumulative scores (see ordinal.ts). */
export function stepLoss(scores: readonly Float64Array[], levels: readonly number[]): number {
  let sum = 0;
  for (const [i, row] of scores.entries()) {
    for (const [k, score] of row.entries()) {
      const towards = (levels[i] ?? 0) > k ? score : -score;
      sum += Math.log1p(Math.exp(-Math.abs(towards))) + Math.max(0, -towards);
    }
  }
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

/** A loss of scores against the labels that it knows; convex in the scores. */
export type Loss = (scores: readonly Float64Array[]) => number;

/** The factor (1 / temperature) that makes the scores probabilities. */
export function fitSharpness(scores: readonly Float64Array[], loss: Loss): number {
  return bestFactor((factor) => loss(addScores(scores, scores, { a: factor, b: 0 })));
}

/** The mixture of two branches with the least loss, temperature included; by turns, the loss is convex. */
export function fitMixture(a: readonly Float64Array[], b: readonly Float64Array[], loss: Loss): Mixture {
  let mixture = { a: fitSharpness(a, loss) / 2, b: fitSharpness(b, loss) / 2 };
  for (let turn = 0; turn < 6; turn++) {
    const { b: keepB } = mixture;
    mixture = { a: bestFactor((f) => loss(addScores(a, b, { a: f, b: keepB }))), b: keepB };
    const { a: keepA } = mixture;
    mixture = { a: keepA, b: bestFactor((f) => loss(addScores(a, b, { a: keepA, b: f }))) };
  }
  return mixture;
}

/** One judged text: the probability of what was chosen, and whether it was right. */
export type Judged = { readonly probability: number; readonly right: boolean };

/** Expected calibration error over bins of equal mass, 0–1: bins of equal width would mostly be empty. */
export function calibrationError(judged: readonly Judged[], bins = 10): number {
  const sorted = judged.toSorted((x, y) => x.probability - y.probability);
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const part = sorted.slice((bin * sorted.length) / bins, ((bin + 1) * sorted.length) / bins);
    error += Math.abs(part.reduce((sum, j) => sum + j.probability - (j.right ? 1 : 0), 0));
  }
  return error / judged.length;
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

/**
 * The lowest threshold, in hundredths, at which a share of the worlds reaches the precision, each by itself: a new
 * desk is one world and not the mean of many. 1 where none does. `worlds` tells the world of each judged text.
 */
export function thresholdOfWorlds(
  judged: readonly Judged[],
  worlds: readonly string[],
  precision: number,
  share: number,
): number {
  const parts = [...Map.groupBy(judged, (_, i) => worlds[i]).values()];
  for (let hundredths = 0; hundredths < 100; hundredths++) {
    const reached = parts.filter((part) => operatingPoint(part, hundredths / 100).precision >= precision);
    if (reached.length >= share * parts.length) return hundredths / 100;
  }
  return 1;
}

/** Area under the ROC curve: how often a positive scores above a negative. */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  let wins = 0;
  for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
  return wins / (positives.length * negatives.length);
}
