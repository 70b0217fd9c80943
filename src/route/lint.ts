import { describeError, isKnownError } from '../errors.ts';
import type { CategoryNames } from './category-names.ts';
import {
  type CompiledRule,
  compileRule,
  compileRules,
  type RoutingOptions,
  type RuleOptions,
} from './rule.ts';

export type FindingCode =
  | 'invalid-rule' // unknown category, bad pattern or hours: the daemon would not start
  | 'invalid-routing'
  | 'duplicate-name'
  | 'duplicate-rule'
  | 'unreachable'
  | 'no-default-queue'
  | 'uncovered-category'
  | 'unknown-priority';

export type RuleFinding = {
  readonly severity: 'error' | 'warning';
  readonly code: FindingCode;
  /** null where it concerns the whole section */
  readonly rule: string | null;
  readonly message: string;
};

/** What is wrong with the rules, or probably not meant; never throws for a mistake of theirs. */
export function lintRules(
  options: RoutingOptions,
  model: { readonly categories: CategoryNames },
): readonly RuleFinding[] {
  const { compiled, findings } = compileEach(options, model);
  return [
    ...findings,
    ...duplicates(options.rules),
    ...unreachable(compiled, model.categories),
    ...uncovered(compiled, options, model.categories),
    ...priorities(options),
  ];
}

function compileEach(options: RoutingOptions, model: { readonly categories: CategoryNames }) {
  const findings: RuleFinding[] = [];
  const compiled: CompiledRule[] = [];
  const attempt = (rule: string | null, code: FindingCode, work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!isKnownError(error)) throw error;
      findings.push({ severity: 'error', code, rule, message: describeError(error) });
    }
  };
  attempt(null, 'invalid-routing', () => compileRules({ ...options, rules: [] }, model));
  for (const rule of options.rules) {
    attempt(rule.name, 'invalid-rule', () => compiled.push(compileRule(rule, model.categories)));
  }
  return { compiled, findings };
}

function duplicates(rules: readonly RuleOptions[]): RuleFinding[] {
  return rules.flatMap((rule, index): RuleFinding[] => {
    const earlier = rules.slice(0, index);
    if (earlier.some(({ name }) => name === rule.name)) {
      const message = `two rules have the name "${rule.name}": logs and metrics could not tell them apart`;
      return [{ severity: 'error', code: 'duplicate-name', rule: rule.name, message }];
    }
    const twin = earlier.find((other) => conditions(other) === conditions(rule));
    if (!twin) return [];
    const message = `rule "${rule.name}" has the conditions of rule "${twin.name}"; of two such rules the first one decides`;
    return [{ severity: 'warning', code: 'duplicate-rule', rule: rule.name, message }];
  });
}

function conditions(rule: RuleOptions): string {
  const when = Object.entries(rule.when)
    .filter(([, values]) => values !== undefined)
    .map(([key, values]) => [key, [...(values ?? [])].toSorted()] as const)
    .toSorted(([a], [b]) => a.localeCompare(b));
  const categories = rule.categories.map((category) => category.toLowerCase()).toSorted();
  return JSON.stringify([rule.continue, categories, when]);
}

/** Rules whose categories are all taken by earlier rules that ask nothing else of the ticket. */
function unreachable(rules: readonly CompiledRule[], model: CategoryNames): RuleFinding[] {
  const all = model.map(({ name }) => name);
  return rules.flatMap((rule, index): RuleFinding[] => {
    if (rule.options.continue) return [];
    const taking = rules
      .slice(0, index)
      .filter((other) => !other.options.continue && isUnconditional(other.options));
    // a rule without category also decides where the model cannot judge, so only its like shadows it
    const shadowing = rule.categories === null ? taking.filter((other) => other.categories === null) : taking;
    const wanted = [...(rule.categories ?? all)];
    const blockers = shadowing.filter((other) => wanted.some((name) => covers(other, name)));
    if (wanted.length === 0 || !wanted.every((name) => blockers.some((other) => covers(other, name))))
      return [];
    const names = blockers.map((other) => `"${other.options.name}"`).join(', ');
    const message = `rule "${rule.options.name}" can never act: ${names} above take${blockers.length === 1 ? 's' : ''} all its categories. Move it up`;
    return [{ severity: 'error', code: 'unreachable', rule: rule.options.name, message }];
  });
}

function covers(rule: CompiledRule, category: string): boolean {
  return rule.categories === null || rule.categories.has(category);
}

function isUnconditional(rule: RuleOptions): boolean {
  return Object.values(rule.when).every((values) => values === undefined);
}

function uncovered(
  rules: readonly CompiledRule[],
  options: RoutingOptions,
  model: CategoryNames,
): RuleFinding[] {
  const deciding = rules.filter((rule) => !rule.options.continue);
  const missing = model
    .map(({ name }) => name)
    .filter((name) => !deciding.some((rule) => covers(rule, name)));
  const { defaultQueue } = options;
  const destination = defaultQueue === null ? 'stay where they are' : `go to ${defaultQueue}`;
  const findings: RuleFinding[] = [];
  if (defaultQueue === null) {
    const message =
      'there is no default_queue: tickets below the threshold or without a rule stay where they are';
    findings.push({ severity: 'warning', code: 'no-default-queue', rule: null, message });
  }
  if (missing.length > 0) {
    const message = `no rule is for ${missing.join(', ')}: these tickets ${destination}`;
    findings.push({ severity: 'warning', code: 'uncovered-category', rule: null, message });
  }
  return findings;
}

/** A name that the model does not use would silently switch off what the model may do with priorities. */
function priorities(options: RoutingOptions): RuleFinding[] {
  if (options.priorities.length === 0) return [];
  return (['defaultPriority', 'maxPriority'] as const).flatMap((key): RuleFinding[] => {
    const name = options[key];
    if (name === null || options.priorities.includes(name)) return [];
    const yaml = key === 'defaultPriority' ? 'default_priority' : 'max_priority';
    const message = `${yaml} "${name}" is none of the model's priorities (${options.priorities.join(', ')}): the model alone will set no priority`;
    return [{ severity: 'warning', code: 'unknown-priority', rule: null, message }];
  });
}
