import { describe, expect, test } from 'vitest';
import { MODEL, routing, rule } from './example.ts';
import { lintRules } from './lint.ts';
import type { RoutingOptions, RuleOptions } from './rule.ts';

const IT = rule('it', { categories: ['IT'], fields: { Queue: 'IT' } });
const NETWORK = rule('network', { categories: ['Network'], fields: { Queue: 'Net' } });
const REST = rule('rest', { fields: { Queue: 'Rest' } });

function codes(rules: readonly RuleOptions[], options: Partial<RoutingOptions> = {}) {
  return lintRules(routing(rules, options), MODEL).map(
    (finding) => `${finding.severity} ${finding.code} ${finding.rule ?? '-'}`,
  );
}

describe('lint', () => {
  test('finds nothing in good rules', () => expect(codes([NETWORK, IT, REST])).toEqual([]));

  test.each([
    ['a specific rule below its group', [IT, NETWORK, REST], ['error unreachable network']],
    ['a rule below a catch-all', [REST, IT], ['error unreachable it']],
    [
      'a group below all of its categories',
      [NETWORK, rule('hw', { categories: ['Hardware'], fields: { Queue: 'H' } }), IT, REST],
      ['error unreachable it'],
    ],
    [
      'a second catch-all',
      [REST, rule('again', { fields: { Queue: 'Again' } })],
      ['warning duplicate-rule again', 'error unreachable again'],
    ],
    ['two of one name', [NETWORK, { ...IT, name: 'network' }, REST], ['error duplicate-name network']],
    ['an unknown category', [rule('x', { categories: ['Garden'] }), REST], ['error invalid-rule x']],
    ['a bad pattern', [rule('x', { when: { body: ['('] } }), REST], ['error invalid-rule x']],
  ] satisfies [string, RuleOptions[], string[]][])('%s', (_, rules, expected) =>
    expect(codes(rules)).toEqual(expected),
  );

  test('a condition above leaves a rule reachable', () => {
    expect(
      codes([rule('night', { when: { hours: ['22:00-06:00'] }, fields: { Queue: 'N' } }), NETWORK, IT, REST]),
    ).toEqual([]);
  });

  test('a catch-all below rules for every category still takes what the model cannot judge', () => {
    const all = rule('all', { categories: ['IT', 'Finance', 'Service'], fields: { Queue: 'All' } });
    expect(codes([all, REST])).toEqual([]);
  });

  test('tells where tickets without a rule go', () => {
    const findings = lintRules(routing([IT], { defaultQueue: null }), MODEL);
    expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringMatching(/^no-default-queue: .*stay where they are$/),
      'uncovered-category: no rule is for Billing, Complaint: these tickets stay where they are',
    ]);
  });

  test("names a priority that is none of the model's", () => {
    expect(codes([REST], { maxPriority: '4 hoch' })).toEqual(['warning unknown-priority -']);
    expect(codes([REST], { maxPriority: '4 hoch', priorities: [] })).toEqual([]);
  });

  test('finds an unknown time zone', () =>
    expect(codes([REST], { timeZone: 'Nowhere' })).toEqual(['error invalid-routing -']));
});
