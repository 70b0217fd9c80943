import type { Decision, DecisionReason, Fields, Mode, Prediction, TraceStep } from '../ticket.ts';
import { type Match, matchWhen, type RoutedTicket } from './match.ts';
import {
  bestOutcome,
  type Claim,
  claimCategories,
  ROUNDING,
  type RouteOutcome,
  sumOf,
  sumOutcomes,
} from './outcome.ts';
import { modelPriority } from './priority.ts';
import type { CompiledRule, Routing } from './rule.ts';

export type DecideInput = RoutedTicket & { readonly prediction: Prediction };

const STRICTNESS: readonly Mode[] = ['observe', 'suggest', 'apply'];

/**
 * What the rules make of a ticket and its prediction. Pure: the same input gives the same decision.
 * Probabilities of all categories with the same outcome are added, since what counts is whether that which is
 * done is right. A rule without category needs no model: it takes what earlier rules left, and where the model
 * cannot judge it takes all.
 */
export function decide(input: DecideInput, routing: Routing): Decision {
  const { ticket, prediction } = input;
  const { options, rules } = routing;
  const matches = rules.map((rule) => matchWhen(rule, input, routing.wallClock));
  const claims = claimCategories(rules, matches, prediction);
  const best = bestOutcome(sumOutcomes(claims, ticket.queue));
  const threshold = best?.rule.options.minConfidence ?? options.minConfidence;
  const reason = reasonFor(best, threshold, claims, prediction);
  const [top] = prediction.categories;
  const shown = reason === 'no-rule' ? null : best;
  const facts = {
    category: (shown?.category ?? top)?.name ?? '',
    group: (shown?.category ?? top)?.group ?? '',
    probability: shown?.probability ?? top?.probability ?? 0,
    threshold: shown ? threshold : options.minConfidence,
    reason,
  };
  if (best === null || (reason !== 'rule' && reason !== 'rule-leaves')) {
    const fields: Fields = options.defaultQueue === null ? {} : { Queue: options.defaultQueue };
    const trace = traceOf(rules, matches, claims, null, [], prediction.unknown);
    return { ...facts, ...UNDECIDED, fields, mode: options.mode, trace };
  }
  const mode = stricter(options.mode, best.rule.options.mode);
  const added = reason === 'rule' ? additions(input, routing, matches, best, mode) : [];
  const trace = traceOf(rules, matches, claims, best.rule, added, prediction.unknown);
  const rule = best.rule.options.name;
  if (reason === 'rule-leaves') return { ...facts, ...UNDECIDED, rule, fields: {}, mode, trace };

  // the deciding rule's own values last, so that nothing overrides them; then the first rule that adds
  const sources = [best.rule, ...added].map((source) => source.options).toReversed();
  const fields: Fields = Object.assign({}, ...sources.map((source) => source.fields));
  const priority = fields.Priority === undefined ? modelPriority(ticket.priority, prediction, options) : null;
  const note = sources.findLast((source) => source.note !== undefined)?.note;
  return {
    ...facts,
    rule,
    fields: priority === null ? fields : { ...fields, Priority: priority },
    dynamicFields: Object.assign({}, ...sources.map((source) => source.dynamicFields)),
    note: typeof note === 'string' ? note : null,
    withNote: note !== false,
    mode,
    trace,
  };
}

const UNDECIDED = { rule: null, dynamicFields: {}, note: null, withNote: true } as const;

function reasonFor(
  best: RouteOutcome | null,
  threshold: number,
  claims: readonly Claim[],
  prediction: Prediction,
): DecisionReason {
  if (best === null) return prediction.unknown ? 'unknown' : 'no-rule';
  const covered = new Set(claims.flatMap(({ categories }) => categories));
  const uncovered = prediction.categories.filter((category) => !covered.has(category));
  // more probable than all that a rule would do, and no rule is for it
  const [first] = uncovered;
  if (first && first.probability > best.probability + ROUNDING) return 'no-rule';
  if (best.probability + ROUNDING < threshold) return 'below-threshold';
  return best.queue === null ? 'rule-leaves' : 'rule';
}

/** Rules with `continue` that add to this outcome; each is as sure of its categories as a deciding rule must be. */
function additions(
  { prediction }: DecideInput,
  { rules, options }: Routing,
  matches: readonly Match[],
  best: RouteOutcome,
  mode: Mode,
): readonly CompiledRule[] {
  return rules.filter((rule, index) => {
    if (!rule.options.continue || matches[index]?.matched !== true) return false;
    if (stricter(mode, rule.options.mode) !== mode) return false;
    const { categories } = rule;
    if (categories === null) return true;
    if (prediction.unknown || !categories.has(best.category.name)) return false;
    const sure = sumOf(prediction.categories.filter(({ name }) => categories.has(name)));
    return sure + ROUNDING >= (rule.options.minConfidence ?? options.minConfidence);
  });
}

function traceOf(
  rules: readonly CompiledRule[],
  matches: readonly Match[],
  claims: readonly Claim[],
  decides: CompiledRule | null,
  added: readonly CompiledRule[],
  unknown: boolean,
): readonly TraceStep[] {
  return rules.map((rule, index) => {
    const { matched, why } = matches[index] ?? { matched: false, why: '' };
    const claim = claims.find((candidate) => candidate.rule === rule);
    const step = {
      rule: rule.options.name,
      category: claim?.categories[0]?.name ?? null,
      matched: claim !== undefined || added.includes(rule),
      probability: claim ? Math.min(1, sumOf(claim.categories)) : null,
    };
    const verdict = matched ? verdictOf(rule, claim, decides, added, unknown) : '';
    return { ...step, why: [why, verdict].filter((part) => part !== '').join('; ') };
  });
}

function verdictOf(
  rule: CompiledRule,
  claim: Claim | undefined,
  decides: CompiledRule | null,
  added: readonly CompiledRule[],
  unknown: boolean,
): string {
  if (rule.options.continue)
    return added.includes(rule) ? 'adds its actions' : 'adds nothing to this outcome';
  if (rule === decides) return 'decides';
  if (claim) return rule.categories === null ? 'fits every category that is left' : 'fits its categories';
  return unknown ? 'the model cannot judge' : 'earlier rules take its categories';
}

function stricter(a: Mode, b: Mode | undefined): Mode {
  return b !== undefined && STRICTNESS.indexOf(b) < STRICTNESS.indexOf(a) ? b : a;
}
