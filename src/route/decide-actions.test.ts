import { describe, expect, test } from 'vitest';
import type { Ticket } from '../ticket.ts';
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

describe('a rule that goes on', () => {
  const tag = rule('tag', {
    categories: ['IT'],
    continue: true,
    dynamicFields: { Area: 'it', Team: 'a' },
    fields: { Priority: '2 low', State: 'open' },
    note: 'own words',
  });

  test('adds what the deciding rule does not set itself, wherever it stands', () => {
    const network = { ...NETWORK, dynamicFields: { Team: 'b' } };
    for (const rules of [
      [tag, network],
      [network, tag],
    ]) {
      expect(decided(rules, input(prediction([0.9])))).toMatchObject({
        rule: 'network',
        fields: { Queue: 'IT-Infra', Priority: '4 high', State: 'open' },
        dynamicFields: { Area: 'it', Team: 'b' },
        note: 'own words',
      });
    }
  });

  test('of several the first one counts', () => {
    const second = { ...tag, name: 'second', dynamicFields: { Area: 'other' } };
    expect(decided([tag, second, NETWORK], input(prediction([0.9]))).dynamicFields).toEqual({
      Area: 'it',
      Team: 'a',
    });
  });

  test('adds nothing to another category, another ticket, or where it is not sure', () => {
    expect(decided([tag, BILLING], input(prediction([0, 0, 0.9]))).dynamicFields).toEqual({});
    const night = { ...tag, when: { hours: ['22:00-06:00'] } };
    expect(decided([night, NETWORK], input(prediction([0.9]))).dynamicFields).toEqual({});
    const only = { ...tag, categories: ['Network'] };
    const shared = { ...HARDWARE, fields: { Queue: 'IT-Infra' } };
    expect(decided([only, NETWORK, shared], input(prediction([0.5, 0.45])))).toMatchObject({
      reason: 'rule',
      dynamicFields: {},
    });
  });

  test('never decides', () => {
    expect(decided([tag], input(prediction([1])))).toMatchObject({
      reason: 'no-rule',
      fields: { Queue: 'Unclassified' },
      dynamicFields: {},
    });
  });

  test('a stricter mode of its own keeps its actions out', () => {
    expect(decided([{ ...tag, mode: 'observe' }, NETWORK], input(prediction([0.9])))).toMatchObject({
      mode: 'apply',
      dynamicFields: {},
    });
  });
});

describe('mode and note', () => {
  test.each([
    ['apply', undefined, 'apply'],
    ['apply', 'suggest', 'suggest'],
    ['suggest', 'apply', 'suggest'],
    ['observe', 'apply', 'observe'],
    ['suggest', 'observe', 'observe'],
  ] as const)('of global %s and rule %s the stricter holds: %s', (mode, own, expected) => {
    const network = own === undefined ? NETWORK : { ...NETWORK, mode: own };
    expect(decided([network], input(prediction([0.9])), { mode }).mode).toBe(expected);
  });

  test('a rule may want no note, or its own', () => {
    expect(decided([{ ...NETWORK, note: false }], input(prediction([0.9])))).toMatchObject({
      note: null,
      withNote: false,
    });
    expect(decided([{ ...NETWORK, note: 'Hallo' }], input(prediction([0.9])))).toMatchObject({
      note: 'Hallo',
      withNote: true,
    });
  });
});

describe('the priority of the model alone', () => {
  const hardware = (
    name: string,
    probability: number,
    ticket: Partial<Ticket> = {},
    options: Partial<RoutingOptions> = {},
  ) => {
    const judged = prediction([0, 0.9], { priorities: [{ name, probability }] });
    return decided([HARDWARE], input(judged, ticket), options).fields.Priority;
  };

  test.each([
    ['raises', hardware('4 high', 0.7), '4 high'],
    ['only when sure', hardware('4 high', 0.69), undefined],
    ['at most to max_priority', hardware('5 very high', 0.9), '4 high'],
    ['never lowers', hardware('2 low', 1), undefined],
    ['keeps what somebody chose', hardware('4 high', 1, { priority: '2 low' }), undefined],
    ['knows only its own names', hardware('4 high', 1, {}, { maxPriority: '4 hoch' }), undefined],
    ['is off without a max_priority', hardware('4 high', 1, {}, { maxPriority: null }), undefined],
  ])('%s', (_, priority, expected) => expect(priority).toBe(expected));

  test('does not count where the rule sets one, which may also lower', () => {
    const low = { ...HARDWARE, fields: { Queue: 'IT', Priority: '2 low' } };
    const judged = prediction([0, 0.9], { priorities: [{ name: '4 high', probability: 1 }] });
    expect(decided([low], input(judged)).fields.Priority).toBe('2 low');
  });
});
