import type { PriorityCosts } from '../classify/priority-cost.ts';

/**
 * Priority as an ordinal: one score for each step, "above 1 very low" … "above 4 high" (cumulative logits).
 * Each step has weights of its own, since what tells thanks from a request does not tell an outage from
 * a nuisance; the probabilities are made monotone afterwards.
 */

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The least probability of a level, so that its logarithm exists. */
export const leastProbability = 1e-6;

/** Probabilities of the levels, low → high, from the scores of the steps between them. */
export function levelProbabilities(steps: ArrayLike<number>): Float64Array {
  const above = [1];
  // above a higher level is never more probable than above a lower one
  for (let k = 0; k < steps.length; k++) above.push(Math.min(above[k] ?? 1, sigmoid(steps[k] ?? 0)));
  const levels = above.map((p, k) => Math.max(p - (above[k + 1] ?? 0), leastProbability));
  const sum = levels.reduce((a, b) => a + b, 0);
  return Float64Array.from(levels, (p) => p / sum);
}

/** 1 where the level is above the step. */
export function stepLabels(level: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, k) => (level > k ? 1 : 0));
}

/**
 * What a wrong priority costs: the distance, and `missed` times that where the truth is the highest level
 * and a lower one is chosen (people wait while a process stands still).
 */
export function priorityCosts(levels: number, missed: number): PriorityCosts {
  return Array.from({ length: levels }, (_, chosen) =>
    Array.from({ length: levels }, (_, truth) => {
      const distance = Math.abs(chosen - truth);
      return truth === levels - 1 ? distance * missed : distance;
    }),
  );
}

/** Cohen's kappa with quadratic weights, -1–1. */
export function quadraticKappa(chosen: readonly number[], truth: readonly number[], levels: number): number {
  const share = (values: readonly number[], level: number) =>
    values.filter((v) => v === level).length / values.length;
  let expected = 0;
  for (let i = 0; i < levels; i++)
    for (let j = 0; j < levels; j++) expected += (i - j) ** 2 * share(chosen, i) * share(truth, j);
  const observed = chosen.reduce((sum, c, i) => sum + (c - (truth[i] ?? 0)) ** 2, 0) / chosen.length;
  return expected === 0 ? 1 : 1 - observed / expected;
}
