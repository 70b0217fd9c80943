import { describe, expect, test } from 'vitest';
import { type DecideInput, decide } from './decide.ts';
import { input, MODEL, prediction, routing, rule } from './example.ts';
import { compileRules, type RoutingOptions, type RuleOptions } from './rule.ts';

const NETWORK = rule('network', {
  categories: ['Network'],
  fields: { Queue: 'IT-Infra', Priority: '4 high' },
});
const HARDWARE = rule('hardware', { categories: ['Hardware'], fields: { Queue: 'IT-Service' } });
const BILLING = rule('billing', { categories: ['Billing'], fields: { Queue: 'Accounting' } });

function decided(rules: readonly RuleOptions[], given: DecideInput, options: Partial<RoutingOptions> = {}) {
  return decide(given, compileRules(routing(rules, options), MODEL));
}

describe('the outcome', () => {
  test('of a sure category is what its rule says', () => {
    expect(decided([NETWORK, BILLING], input(prediction([0.9, 0, 0.1])))).toMatchObject({
      reason: 'rule',
      rule: 'network',
      category: 'Network',
      group: 'IT',
      probability: 0.9,
      threshold: 0.8,
      fields: { Queue: 'IT-Infra', Priority: '4 high' },
      mode: 'apply',
      note: null,
      withNote: true,
    });
  });

  test('adds the probabilities of a rule for a group', () => {
    const it = rule('it', { categories: ['it'], fields: { Queue: 'IT' } });
    expect(decided([it, BILLING], input(prediction([0.5, 0.4, 0.1])))).toMatchObject({
      reason: 'rule',
      rule: 'it',
      category: 'Network',
    });
  });

  test('adds two rules that lead to one queue, and names that of the most probable category', () => {
    const other = { ...HARDWARE, fields: { Queue: 'IT-Infra' } };
    const decision = decided([other, BILLING, NETWORK], input(prediction([0.5, 0.4, 0.1])));
    expect(decision).toMatchObject({
      reason: 'rule',
      rule: 'network',
      category: 'Network',
      probability: 0.9,
    });
  });

  test('two rules to different queues stay apart', () => {
    expect(decided([NETWORK, HARDWARE], input(prediction([0.5, 0.4, 0.1])))).toMatchObject({
      reason: 'below-threshold',
      rule: null,
      category: 'Network',
      probability: 0.5,
      fields: { Queue: 'Unclassified' },
    });
  });

  test('is the sum of many, even where one other category is more probable', () => {
    const it = rule('it', { categories: ['IT'], fields: { Queue: 'IT' } });
    const given = input(prediction([0.3, 0.3, 0.4]));
    expect(decided([BILLING, it], given, { minConfidence: 0.5 })).toMatchObject({
      rule: 'it',
      probability: 0.6,
    });
  });

  test('of two equal ones is that of the first rule', () => {
    const given = input(prediction([0.5, 0, 0.5]));
    expect(decided([BILLING, NETWORK], given, { minConfidence: 0.5 }).rule).toBe('billing');
    expect(decided([NETWORK, BILLING], given, { minConfidence: 0.5 }).rule).toBe('network');
  });

  test('exactly at the threshold is applied', () => {
    const it = rule('it', { categories: ['IT'], fields: { Queue: 'IT' } });
    expect(decided([it], input(prediction([0.7, 0.1, 0.2])), { minConfidence: 0.8 }).reason).toBe('rule');
    expect(decided([it], input(prediction([0.7, 0.0999, 0.2001])), { minConfidence: 0.8 }).reason).toBe(
      'below-threshold',
    );
  });

  test("a rule's own threshold counts instead of the general one", () => {
    const given = input(prediction([0.85, 0, 0.15]));
    expect(decided([{ ...NETWORK, minConfidence: 0.9 }], given)).toMatchObject({
      reason: 'below-threshold',
      threshold: 0.9,
    });
    expect(decided([{ ...NETWORK, minConfidence: 0.5 }], given, { minConfidence: 0.99 })).toMatchObject({
      reason: 'rule',
      threshold: 0.5,
    });
  });

  test('the first rule that fits category and ticket decides', () => {
    const vip = rule('vip', {
      categories: ['Network'],
      when: { customer: ['^kd-4711$'] },
      fields: { Queue: 'VIP' },
    });
    const given = prediction([0.9]);
    expect(decided([vip, NETWORK], input(given)).rule).toBe('vip');
    expect(decided([vip, NETWORK], input(given, { customerId: 'KD-1' })).rule).toBe('network');
  });

  test('a rule without queue keeps the ticket where it is and does the rest', () => {
    const stay = rule('stay', { categories: ['Network'], fields: { Priority: '5 very high' } });
    expect(decided([stay], input(prediction([0.9])))).toMatchObject({
      reason: 'rule',
      fields: { Priority: '5 very high' },
    });
    expect(decided([stay], input(prediction([0.9]))).fields.Queue).toBeUndefined();
  });
});

describe('without a decision', () => {
  test('an unknown text goes to the default queue', () => {
    const decision = decided([NETWORK], input(prediction([0.99], { unknown: true })));
    expect(decision).toMatchObject({
      reason: 'unknown',
      rule: null,
      category: 'Network',
      fields: { Queue: 'Unclassified' },
    });
  });

  test('a category that no rule is for goes to the default queue', () => {
    expect(decided([NETWORK], input(prediction([0, 0, 1])))).toMatchObject({
      reason: 'no-rule',
      category: 'Billing',
      probability: 1,
      fields: { Queue: 'Unclassified' },
    });
    expect(decided([], input(prediction([0, 0, 1])))).toMatchObject({
      reason: 'no-rule',
      category: 'Billing',
      fields: { Queue: 'Unclassified' },
    });
  });

  test('a less probable rule never wins over a category without a rule', () => {
    const given = input(prediction([0.3, 0, 0.7]));
    expect(decided([NETWORK], given, { minConfidence: 0.2 })).toMatchObject({
      reason: 'no-rule',
      rule: null,
    });
  });

  test('the ticket stays where there is no default queue', () => {
    expect(decided([NETWORK], input(prediction([0.5, 0.5])), { defaultQueue: null }).fields).toEqual({});
  });

  test('the priority is not touched', () => {
    const given = prediction([0.5, 0.5], { priorities: [{ name: '4 high', probability: 1 }] });
    expect(decided([NETWORK], input(given)).fields).toEqual({ Queue: 'Unclassified' });
  });
});

describe('a rule that leaves', () => {
  const leave = rule('complaints', { categories: ['Complaint'], leave: true });

  test('leaves the ticket untouched, by the sum of all such rules', () => {
    const other = rule('bills', { categories: ['Billing'], leave: true });
    const decision = decided([NETWORK, leave, other], input(prediction([0, 0.1, 0.3, 0.6])));
    expect(decision).toMatchObject({
      reason: 'rule-leaves',
      rule: 'complaints',
      probability: expect.closeTo(0.9),
      fields: {},
    });
  });

  test('has a threshold too', () => {
    expect(decided([leave], input(prediction([0.4, 0, 0, 0.6])))).toMatchObject({
      reason: 'below-threshold',
      fields: { Queue: 'Unclassified' },
    });
  });

  test('is not changed by rules that go on', () => {
    const vip = rule('vip', {
      continue: true,
      fields: { Priority: '5 very high' },
      dynamicFields: { Vip: 'yes' },
    });
    expect(decided([vip, leave], input(prediction([0, 0, 0, 1])))).toMatchObject({
      fields: {},
      dynamicFields: {},
    });
  });
});

describe('a rule without a category', () => {
  const vip = rule('vip', { when: { customer: ['erika'] }, fields: { Queue: 'VIP' } });

  test('needs no model where it is first', () => {
    expect(decided([vip, NETWORK], input(prediction([0.3, 0.3, 0.4])))).toMatchObject({
      reason: 'rule',
      rule: 'vip',
      probability: 1,
    });
  });

  test('acts where the model cannot judge, also behind rules with a category', () => {
    const given = prediction([0.9, 0.1], { unknown: true, priorities: [{ name: '4 high', probability: 1 }] });
    expect(decided([NETWORK, vip], input(given))).toMatchObject({
      reason: 'rule',
      rule: 'vip',
      fields: { Queue: 'VIP' },
    });
    expect(decided([NETWORK, vip], input(given)).fields.Priority).toBeUndefined();
  });

  test('takes what earlier rules leave', () => {
    expect(decided([NETWORK, vip], input(prediction([0.1, 0.5, 0.4])))).toMatchObject({
      rule: 'vip',
      probability: 0.9,
    });
    expect(decided([NETWORK, vip], input(prediction([0.9, 0.1])))).toMatchObject({ rule: 'network' });
  });
});

test('the trace tells of every rule why, and nothing of the ticket text', () => {
  const rules = [
    rule('vip', { when: { customer: ['other'], queue: ['Raw'] }, fields: { Queue: 'VIP' } }),
    rule('english', { categories: ['Network'], when: { language: ['en'] }, fields: { Queue: 'EN' } }),
    NETWORK,
    { ...NETWORK, name: 'late' },
    BILLING,
    rule('tag', { continue: true, dynamicFields: { A: 'b' } }),
  ];
  const { trace } = decided(rules, input(prediction([0.9, 0, 0.1])));
  expect(
    trace.map(({ rule: name, category, matched, probability, why }) => [
      name,
      category,
      matched,
      probability,
      why,
    ]),
  ).toEqual([
    ['vip', null, false, null, 'customer does not match'],
    ['english', null, false, null, 'language is de'],
    ['network', 'Network', true, 0.9, 'decides'],
    ['late', null, false, null, 'earlier rules take its categories'],
    ['billing', 'Billing', true, 0.1, 'fits its categories'],
    ['tag', null, true, null, 'adds its actions'],
  ]);
  expect(JSON.stringify(trace)).not.toMatch(/erika|drucker/i);
});
