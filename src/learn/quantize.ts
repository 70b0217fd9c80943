import type { LinearHead } from './logistic.ts';
import type { SparseRows } from './sparse.ts';

/** int8 weights with one scale per class: weight = values · scale. */
export type QuantizedHead = {
  readonly classes: number;
  readonly values: Int8Array;
  readonly scales: Float32Array;
  readonly bias: Float32Array;
};

export function quantizeHead(head: LinearHead): QuantizedHead {
  const { classes, weights, bias } = head;
  const top = new Float32Array(classes);
  for (let i = 0; i < weights.length; i++) {
    top[i % classes] = Math.max(top[i % classes] ?? 0, Math.abs(weights[i] ?? 0));
  }
  const scales = top.map((v) => Math.max(v, 1e-9) / 127);
  const values = Int8Array.from(weights, (w, i) => Math.round(w / (scales[i % classes] ?? 1)));
  return { classes, values, scales, bias };
}

/** The head that the graph will compute with. */
export function dequantizeHead(head: QuantizedHead): LinearHead {
  const { classes, values, scales, bias } = head;
  return { classes, bias, weights: Float32Array.from(values, (v, i) => v * (scales[i % classes] ?? 0)) };
}

/** Scores of the first row; the stored weights are not spread out for it. */
export function quantizedScores(rows: SparseRows, head: QuantizedHead): Float64Array {
  const { classes, values, scales, bias } = head;
  const sums = new Float64Array(classes);
  for (let k = rows.starts[0] ?? 0; k < (rows.starts[1] ?? 0); k++) {
    const at = (rows.columns[k] ?? 0) * classes;
    const value = rows.values[k] ?? 0;
    for (let c = 0; c < classes; c++) sums[c] = (sums[c] ?? 0) + value * (values[at + c] ?? 0);
  }
  return sums.map((sum, c) => sum * (scales[c] ?? 0) + (bias[c] ?? 0));
}

/** Two heads over the same rows, side by side. */
export function joinHeads(left: LinearHead, right: LinearHead): LinearHead {
  const classes = left.classes + right.classes;
  const width = left.weights.length / left.classes;
  const weights = new Float32Array(width * classes);
  for (let row = 0; row < width; row++) {
    weights.set(left.weights.subarray(row * left.classes, (row + 1) * left.classes), row * classes);
    const at = row * classes + left.classes;
    weights.set(right.weights.subarray(row * right.classes, (row + 1) * right.classes), at);
  }
  return { classes, weights, bias: Float32Array.of(...left.bias, ...right.bias) };
}
