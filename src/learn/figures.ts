import type { Judged } from './calibrate.ts';
import { logSoftmax } from './logistic.ts';

/** The most probable outcome of each text when the probabilities of one outcome's classes are added. */
export function judge(
  scores: readonly Float64Array[],
  labels: readonly number[],
  outcomeOf: readonly number[],
): Judged[] {
  return scores.map((row, i) => {
    const sums = new Map<number, number>();
    for (const [c, log] of logSoftmax(row).entries()) {
      const outcome = outcomeOf[c] ?? c;
      sums.set(outcome, (sums.get(outcome) ?? 0) + Math.exp(log));
    }
    const [best = [0, 0]] = [...sums].sort((x, y) => y[1] - x[1]);
    return { probability: Math.min(1, best[1]), right: best[0] === outcomeOf[labels[i] ?? 0] };
  });
}

export function accuracy(judged: readonly Judged[]): number {
  return judged.filter((j) => j.right).length / judged.length;
}

/** The class with the highest score. */
export function argmax(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if ((row[i] ?? 0) > (row[best] ?? 0)) best = i;
  return best;
}

export type ClassFigures = { readonly precision: number; readonly recall: number; readonly support: number };

export function perClass(
  scores: readonly Float64Array[],
  labels: readonly number[],
  classes: number,
): ClassFigures[] {
  const chosen = scores.map(argmax);
  return Array.from({ length: classes }, (_, c) => {
    const hits = chosen.filter((choice, i) => choice === c && labels[i] === c).length;
    const said = chosen.filter((choice) => choice === c).length;
    const support = labels.filter((label) => label === c).length;
    return { precision: hits / Math.max(said, 1), recall: hits / Math.max(support, 1), support };
  });
}

export function macroF1(classes: readonly ClassFigures[]): number {
  const f1 = (c: ClassFigures) => (2 * c.precision * c.recall) / Math.max(c.precision + c.recall, 1e-9);
  return classes.reduce((sum, c) => sum + f1(c), 0) / classes.length;
}
