import { trainLogistic } from './logistic.ts';
import { fromDense } from './sparse.ts';

/** Texts of the training, as unit vectors in int8: value / 127. */
export type References = { readonly width: number; readonly count: number; readonly values: Int8Array };

/** How many neighbours are asked how near they are. */
export const neighbours = 10;

export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((a, v) => a + v * v, 0));
  return vector.map((v) => v / Math.max(length, 1e-9));
}

/** `features`: centred embeddings; the part [0, width) of each is kept. */
export function makeReferences(features: readonly Float32Array[], width: number): References {
  const values = new Int8Array(features.length * width);
  for (const [i, feature] of features.entries()) {
    values.set(
      unit(feature.subarray(0, width)).map((v) => Math.round(v * 127)),
      i * width,
    );
  }
  return { width, count: features.length, values };
}

/** Mean cosine to the nearest references. */
export function nearness(feature: Float32Array, references: References): number {
  const { width, count, values } = references;
  const vector = unit(feature.subarray(0, width));
  const cosines: number[] = [];
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += (vector[j] as number) * (values[i * width + j] as number);
    cosines.push(sum / 127);
  }
  const nearest = cosines.toSorted((a, b) => b - a).slice(0, neighbours);
  return nearest.reduce((a, b) => a + b, 0) / neighbours;
}

/** What the judgement "unknown" rests on. */
export type UnknownSignals = {
  /** mean cosine to the nearest references */
  readonly nearness: number;
  /** see `energy` */
  readonly energy: number;
  /** share of familiar n-grams, 0–1 */
  readonly characterCoverage: number;
  readonly pieceCoverage: number;
  /** the full text's part of the centred features */
  readonly embedding: Float32Array;
};

export type UnknownJudge = {
  readonly references: References;
  /** of nearness, energy, both coverages, then of the embedding */
  readonly weights: Float32Array;
  readonly bias: number;
};

/** How far the scores stand out together: small where no category draws the text. */
export function energy(scores: ArrayLike<number>): number {
  const values = Float64Array.from(scores);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.log(values.reduce((sum, v) => sum + Math.exp(v - mean), 0));
}

/** Signals of about the same spread, since one L2 weight holds for all. */
export const signalScales = [5, 1, 5, 5] as const;

function signalRow(signals: UnknownSignals): Float32Array {
  const { nearness: near, energy: force, characterCoverage, pieceCoverage, embedding } = signals;
  const values = [near, force, characterCoverage, pieceCoverage];
  return Float32Array.of(...values.map((v, i) => v * (signalScales[i] ?? 1)), ...embedding);
}

/** Stronger than elsewhere: a few score unknown texts must not teach topics by heart. */
const l2 = 1e-2;

/** Logistic regression of unknown against known, both sides with about the same total weight. */
export function fitUnknown(
  known: readonly UnknownSignals[],
  unknown: readonly UnknownSignals[],
  references: References,
): UnknownJudge {
  const repeat = Math.max(1, Math.round(known.length / Math.max(unknown.length, 1)));
  const rows = [...known, ...Array.from({ length: repeat }, () => unknown).flat()].map(signalRow);
  const labels = rows.map((_, i) => (i < known.length ? 0 : 1));
  const head = trainLogistic(fromDense(rows), labels, {
    classes: 2,
    l2,
    maxIterations: 200,
    tolerance: 1e-7,
  });
  // two classes as one weight per signal: sigmoid(signals · weights + bias)
  const weights = Float32Array.from(
    { length: head.weights.length / 2 },
    (_, i) => (head.weights[2 * i + 1] ?? 0) - (head.weights[2 * i] ?? 0),
  );
  return { references, weights, bias: Math.fround((head.bias[1] ?? 0) - (head.bias[0] ?? 0)) };
}

/** 0–1, higher = more unknown. */
export function judgeUnknown(judge: UnknownJudge, signals: UnknownSignals): number {
  const score = signalRow(signals).reduce((sum, v, i) => sum + v * (judge.weights[i] ?? 0), judge.bias);
  return 1 / (1 + Math.exp(-score));
}
