import type { CategoryScore, Prediction } from '../ticket.ts';
import type { Match } from './match.ts';
import type { CompiledRule } from './rule.ts';

/** A rule that decides for these categories. */
export type Claim = { readonly rule: CompiledRule; readonly categories: readonly CategoryScore[] };

/** What would be done with the ticket; claims of several rules that do the same count together. */
export type RouteOutcome = {
  /** target queue; null = leave it to people */
  readonly queue: string | null;
  readonly claims: readonly Claim[];
  /** sum over all claims, 0–1 */
  readonly probability: number;
  /** most probable category of all claims, and its rule */
  readonly category: CategoryScore;
  readonly rule: CompiledRule;
};

/** Sums of many probabilities differ from what they mean by this little. */
export const ROUNDING = 1e-9;

/**
 * Gives each category to the first rule without `continue` that fits it and the ticket. Where the model
 * cannot judge, only rules without a category are asked, so that these get all.
 */
export function claimCategories(
  rules: readonly CompiledRule[],
  matches: readonly Match[],
  prediction: Prediction,
): readonly Claim[] {
  const claimed = new Map<CompiledRule, CategoryScore[]>();
  for (const category of prediction.categories) {
    const rule = rules.find((candidate, index) => {
      if (candidate.options.continue || matches[index]?.matched !== true) return false;
      return (
        candidate.categories === null || (!prediction.unknown && candidate.categories.has(category.name))
      );
    });
    if (!rule) continue;
    const categories = claimed.get(rule) ?? [];
    categories.push(category);
    claimed.set(rule, categories);
  }
  return rules.flatMap((rule) => {
    const categories = claimed.get(rule);
    return categories ? [{ rule, categories }] : [];
  });
}

/** Outcomes in rule order; a rule without queue keeps the ticket in `presentQueue`. */
export function sumOutcomes(claims: readonly Claim[], presentQueue: string): readonly RouteOutcome[] {
  const byQueue = Map.groupBy(claims, ({ rule }) => targetQueue(rule, presentQueue));
  return [...byQueue].flatMap(([queue, same]) => {
    const [best] = same
      .flatMap(({ rule, categories }) => categories.map((category) => ({ rule, category })))
      .toSorted((a, b) => b.category.probability - a.category.probability);
    if (!best) return [];
    const probability = Math.min(1, sumOf(same.flatMap(({ categories }) => categories)));
    return [{ queue, claims: same, probability, ...best }];
  });
}

/** The most probable outcome; of equal ones the one whose rule comes first. */
export function bestOutcome(outcomes: readonly RouteOutcome[]): RouteOutcome | null {
  let best: RouteOutcome | null = null;
  for (const outcome of outcomes) {
    if (best === null || outcome.probability > best.probability + ROUNDING) best = outcome;
  }
  return best;
}

export function sumOf(categories: readonly CategoryScore[]): number {
  return categories.reduce((sum, { probability }) => sum + probability, 0);
}

function targetQueue(rule: CompiledRule, presentQueue: string): string | null {
  return rule.options.leave ? null : (rule.options.fields.Queue ?? presentQueue);
}
