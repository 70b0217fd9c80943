import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { input, MODEL, prediction, routing, rule } from './example.ts';
import { matchWhen } from './match.ts';
import { claimCategories, sumOutcomes } from './outcome.ts';
import { compileRules } from './rule.ts';

const PRIORITIES = ['2 low', '3 normal', '4 high', '5 very high'];

const rules = fc
  .array(
    fc.record({
      categories: fc.subarray(['Network', 'Hardware', 'IT', 'Billing', 'Complaint']),
      queue: fc.constantFrom('A', 'B', null),
      language: fc.constantFrom('de', 'en', null),
      minConfidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      leave: fc.boolean(),
      continue: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map((entry, index) =>
      rule(`rule ${index}`, {
        categories: entry.categories,
        when: entry.language === null ? {} : { language: [entry.language] },
        fields: entry.queue === null || entry.leave ? {} : { Queue: entry.queue },
        leave: entry.leave && !entry.continue,
        continue: entry.continue,
        ...(entry.minConfidence === null ? {} : { minConfidence: entry.minConfidence }),
      }),
    ),
  );

const judged = fc
  .record({
    weights: fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
    unknown: fc.boolean(),
    priority: fc.constantFrom(...PRIORITIES),
    sure: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ weights, unknown, priority, sure }) => {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return prediction(
      weights.map((weight) => weight / sum),
      { unknown, priorities: [{ name: priority, probability: sure }] },
    );
  });

const threshold = fc.double({ min: 0, max: 1, noNaN: true });
const applied = (reason: string) => reason === 'rule' || reason === 'rule-leaves';

test('the same input gives the same decision', () => {
  fc.assert(
    fc.property(rules, judged, threshold, (list, given, minConfidence) => {
      const options = routing(list, { minConfidence });
      const first = decide(input(given), compileRules(options, MODEL));
      expect(decide(structuredClone(input(given)), compileRules(structuredClone(options), MODEL))).toEqual(
        first,
      );
    }),
  );
});

test('the probabilities of all outcomes sum to 1 at most, and that of the decision is one', () => {
  fc.assert(
    fc.property(rules, judged, (list, given) => {
      const compiled = compileRules(routing(list), MODEL);
      const matches = compiled.rules.map((one) => matchWhen(one, input(given), compiled.wallClock));
      const outcomes = sumOutcomes(claimCategories(compiled.rules, matches, given), 'Raw');
      expect(outcomes.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1 + 1e-9);
      const { probability } = decide(input(given), compiled);
      expect(probability >= 0 && probability <= 1).toBe(true);
    }),
  );
});

test('a higher min_confidence never applies what a lower one did not', () => {
  fc.assert(
    fc.property(rules, judged, threshold, threshold, (list, given, a, b) => {
      const at = (minConfidence: number) =>
        decide(input(given), compileRules(routing(list, { minConfidence }), MODEL));
      const low = at(Math.min(a, b));
      const high = at(Math.max(a, b));
      if (applied(high.reason))
        expect(high).toMatchObject({ reason: low.reason, rule: low.rule, category: low.category });
    }),
  );
});

test('the model alone never lowers a priority and never passes the maximum', () => {
  fc.assert(
    fc.property(
      rules,
      judged,
      fc.constantFrom(...PRIORITIES),
      fc.constantFrom(...PRIORITIES),
      (list, given, priority, maxPriority) => {
        const decision = decide(
          input(given, { priority }),
          compileRules(routing(list, { maxPriority }), MODEL),
        );
        const set = decision.fields.Priority;
        if (set === undefined) return;
        expect(priority).toBe('3 normal');
        expect(PRIORITIES.indexOf(set)).toBeGreaterThan(PRIORITIES.indexOf(priority));
        expect(PRIORITIES.indexOf(set)).toBeLessThanOrEqual(PRIORITIES.indexOf(maxPriority));
        expect(decision.reason).toBe('rule');
      },
    ),
  );
});

test('the trace has one step for each rule, in order', () => {
  fc.assert(
    fc.property(rules, judged, (list, given) => {
      const { trace, rule: winner } = decide(input(given), compileRules(routing(list), MODEL));
      expect(trace.map((step) => step.rule)).toEqual(list.map(({ name }) => name));
      expect(trace.filter(({ why }) => why === '')).toEqual([]);
      if (winner !== null) expect(trace.find((step) => step.rule === winner)?.matched).toBe(true);
    }),
  );
});
