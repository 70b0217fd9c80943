import type { LeftOutRow } from './cross-validate.ts';
import { trainBinary } from './logistic.ts';
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

/** How far the scores stand out together: small where no category draws the text. */
export function energy(scores: ArrayLike<number>): number {
  const values = Float64Array.from(scores);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.log(values.reduce((sum, v) => sum + Math.exp(v - mean), 0));
}

/** What the judgement "unknown" rests on, beside the unknown heads of both branches. */
export type Familiarity = Omit<LeftOutRow, 'encoder' | 'lexical'> & { readonly energy: number };

/** Signals of about the same spread, since one L2 weight holds for all. */
export const signalScales = [5, 1, 5, 5] as const;

export function signalRow(signals: Familiarity): number[] {
  const { nearness: near, energy: force, characterCoverage, pieceCoverage } = signals;
  return [near, force, characterCoverage, pieceCoverage].map((v, i) => v * (signalScales[i] ?? 1));
}

/** Weights of the two unknown heads (a mixture) and of the signals; sigmoid of the sum is the score. */
export type UnknownWeights = {
  readonly encoder: number;
  readonly lexical: number;
  readonly signals: Float32Array;
  readonly bias: number;
};

export type UnknownEvidence = { readonly encoder: number; readonly lexical: number } & Familiarity;

const evidenceRow = (e: UnknownEvidence) => [e.encoder, e.lexical, ...signalRow(e)];

/** Logistic regression of unknown against known on texts left out; both sides with the same total weight. */
export function fitUnknown(
  known: readonly UnknownEvidence[],
  unknown: readonly UnknownEvidence[],
): UnknownWeights {
  const rows = fromDense([...known, ...unknown].map((e) => Float32Array.from(evidenceRow(e))));
  const labels = [...known.map(() => 0), ...unknown.map(() => 1)];
  const head = trainBinary(rows, labels, {
    l2: 1e-3,
    balanced: true,
    maxIterations: 200,
    tolerance: 1e-7,
  });
  const [encoder = 0, lexical = 0, ...signals] = head.weights;
  return { encoder, lexical, signals: Float32Array.from(signals), bias: head.bias[0] ?? 0 };
}

/** 0–1, higher = more unknown. */
export function judgeUnknown(weights: UnknownWeights, evidence: UnknownEvidence): number {
  const all = [weights.encoder, weights.lexical, ...weights.signals];
  const score = evidenceRow(evidence).reduce((sum, v, i) => sum + v * (all[i] ?? 0), weights.bias);
  return 1 / (1 + Math.exp(-score));
}
