import { minimize, type Objective } from './lbfgs.ts';
import { rowCount, type SparseRows } from './sparse.ts';

export type LogisticOptions = {
  readonly classes: number;
  /** weight of the squared weights, beside the mean loss per row */
  readonly l2: number;
  /** share of each label that is spread over all classes, 0–1 */
  readonly smoothing?: number;
  /** weight of each row in the mean loss; the mean of the weights is 1 (default: all 1) */
  readonly rowWeights?: Float64Array;
  readonly maxIterations?: number;
  readonly tolerance?: number;
};

/** `weights` is width x classes; scores of a row = row · weights + bias. */
export type LinearHead = {
  readonly classes: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
};

/** Adds log(Σ exp) safe: returns the log-probabilities of `scores`. */
export function logSoftmax(scores: ArrayLike<number>): Float64Array {
  const row = Float64Array.from(scores);
  const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = row.reduce((a, b) => a + Math.exp(b - top), 0);
  return row.map((v) => v - top - Math.log(sum));
}

/** Mean cross-entropy plus l2/2 · |weights|² (not of the bias), over [weights | bias] in one array. */
export function logisticObjective(
  rows: SparseRows,
  labels: ArrayLike<number>,
  options: LogisticOptions,
): Objective {
  const { classes, l2, smoothing = 0, rowWeights } = options;
  const n = rowCount(rows);
  const biasAt = rows.width * classes;
  const scores = new Float64Array(classes);
  return (x, gradient) => {
    let loss = 0;
    for (let i = 0; i < biasAt; i++) {
      const w = x[i] as number;
      gradient[i] = l2 * w;
      loss += (l2 / 2) * w * w;
    }
    gradient.fill(0, biasAt);
    for (let i = 0; i < n; i++) {
      const from = rows.starts[i] as number;
      const to = rows.starts[i + 1] as number;
      for (let c = 0; c < classes; c++) scores[c] = x[biasAt + c] as number;
      for (let k = from; k < to; k++) {
        const at = (rows.columns[k] as number) * classes;
        const value = rows.values[k] as number;
        for (let c = 0; c < classes; c++) scores[c] = (scores[c] as number) + value * (x[at + c] as number);
      }
      const logs = logSoftmax(scores);
      const share = (rowWeights?.[i] ?? 1) / n;
      for (let c = 0; c < classes; c++) {
        const target = smoothing / classes + (labels[i] === c ? 1 - smoothing : 0);
        loss -= target * (logs[c] as number) * share;
        scores[c] = (Math.exp(logs[c] as number) - target) * share;
        gradient[biasAt + c] = (gradient[biasAt + c] as number) + (scores[c] as number);
      }
      for (let k = from; k < to; k++) {
        const at = (rows.columns[k] as number) * classes;
        const value = rows.values[k] as number;
        for (let c = 0; c < classes; c++) {
          gradient[at + c] = (gradient[at + c] as number) + value * (scores[c] as number);
        }
      }
    }
    return loss;
  };
}

/** Renumbers the columns in use from 0: hashed rows are wide, and most columns are never met. */
function compact(rows: SparseRows): { rows: SparseRows; used: number[] } {
  const used: number[] = [];
  const numberOf = new Map<number, number>();
  const columns = rows.columns.map((column) => {
    const known = numberOf.get(column);
    if (known !== undefined) return known;
    numberOf.set(column, used.length);
    return used.push(column) - 1;
  });
  return { rows: { ...rows, columns, width: used.length }, used };
}

/** Multinomial logistic regression with L2, to convergence; the same input gives the same head. */
export function trainLogistic(
  rows: SparseRows,
  labels: ArrayLike<number>,
  options: LogisticOptions,
): LinearHead {
  const { classes } = options;
  const small = compact(rows);
  const objective = logisticObjective(small.rows, labels, options);
  const start = new Float64Array((small.rows.width + 1) * classes);
  const found = minimize(objective, start, {
    maxIterations: options.maxIterations ?? 60,
    tolerance: options.tolerance ?? 1e-4,
  });
  const weights = new Float32Array(rows.width * classes);
  for (const [i, column] of small.used.entries()) {
    weights.set(found.subarray(i * classes, (i + 1) * classes), column * classes);
  }
  return { classes, weights, bias: Float32Array.from(found.subarray(small.rows.width * classes)) };
}

export type BinaryOptions = Omit<LogisticOptions, 'classes' | 'rowWeights'> & {
  /** both outcomes weigh the same, however many rows they have */
  readonly balanced?: boolean;
};

/** Binary logistic regression: one score per row, whose sigmoid is the probability of label 1. */
export function trainBinary(rows: SparseRows, labels: readonly number[], options: BinaryOptions): LinearHead {
  const ones = labels.filter((label) => label === 1).length;
  const weightOf = (label: number) =>
    labels.length / (2 * Math.max(1, label === 1 ? ones : labels.length - ones));
  const { balanced, ...rest } = options;
  const head = trainLogistic(rows, labels, {
    ...rest,
    classes: 2,
    ...(balanced ? { rowWeights: Float64Array.from(labels, weightOf) } : {}),
  });
  // two classes as one weight per column
  return {
    classes: 1,
    weights: Float32Array.from(
      { length: head.weights.length / 2 },
      (_, i) => (head.weights[2 * i + 1] ?? 0) - (head.weights[2 * i] ?? 0),
    ),
    bias: Float32Array.of((head.bias[1] ?? 0) - (head.bias[0] ?? 0)),
  };
}

/** Each class' weights and bias times a factor of its own. */
export function scaledColumns(head: LinearHead, factors: readonly number[]): LinearHead {
  const { classes } = head;
  return {
    classes,
    weights: head.weights.map((w, i) => w * (factors[i % classes] ?? 1)),
    bias: head.bias.map((v, c) => v * (factors[c] ?? 1)),
  };
}

/** Scores of every row, before softmax. */
export function linearScores(rows: SparseRows, head: LinearHead): Float64Array[] {
  const { classes } = head;
  return Array.from({ length: rowCount(rows) }, (_, i) => {
    const scores = Float64Array.from(head.bias);
    for (let k = rows.starts[i] as number; k < (rows.starts[i + 1] as number); k++) {
      const at = (rows.columns[k] as number) * classes;
      const value = rows.values[k] as number;
      for (let c = 0; c < classes; c++)
        scores[c] = (scores[c] as number) + value * (head.weights[at + c] as number);
    }
    return scores;
  });
}
