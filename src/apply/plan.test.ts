import { describe, expect, it } from 'vitest';
import { recordedTickets } from '../../test/shape-tickets.ts';
import type { Decision, DecisionReason, Fields, Plan, Ticket } from '../ticket.ts';
import { changesNothing, currentFields, dynamicFieldText, makePlan } from './plan.ts';

/** Mail in Raw, `3 normal`, new, unlocked, owned by root. */
const ticket = recordedTicket();

function recordedTicket(): Ticket {
  const found = recordedTickets().get(204);
  if (!found) throw new Error('no recorded pair 204 in test/shapes');
  return { ...found.ticket, dynamicFields: { Building: 'North', Tags: ['a', 'b'] } };
}

function decide(changes: Partial<Decision>): Decision {
  return {
    reason: 'rule',
    rule: 'network',
    category: 'VPN',
    group: 'Network',
    probability: 0.9,
    threshold: 0.8,
    fields: {},
    dynamicFields: {},
    note: null,
    withNote: true,
    mode: 'apply',
    trace: [],
    ...changes,
  };
}

describe('the plan', () => {
  const moved: Fields = { Queue: 'Support' };
  const table: readonly (readonly [string, Fields, Fields, Fields])[] = [
    ['nothing wanted', {}, {}, {}],
    ['another queue', moved, moved, { Queue: 'Raw' }],
    ['the queue where it is', { Queue: 'Raw' }, {}, {}],
    ['the priority that it has', { ...moved, Priority: '3 normal' }, moved, { Queue: 'Raw' }],
    [
      'only another priority',
      { Queue: 'Raw', Priority: '4 high' },
      { Priority: '4 high' },
      { Priority: '3 normal' },
    ],
    [
      'every field',
      {
        Queue: 'Support',
        Priority: '4 high',
        State: 'open',
        Type: 'Incident',
        Service: 'VPN',
        Owner: 'anna.agent',
        Responsible: 'bert.agent',
        Lock: 'lock',
      },
      {
        Queue: 'Support',
        Priority: '4 high',
        State: 'open',
        Type: 'Incident',
        Service: 'VPN',
        Owner: 'anna.agent',
        Responsible: 'bert.agent',
        Lock: 'lock',
      },
      {
        Queue: 'Raw',
        Priority: '3 normal',
        State: 'new',
        Type: 'Unclassified',
        Service: '',
        Owner: 'root@localhost',
        Responsible: 'root@localhost',
        Lock: 'unlock',
      },
    ],
    ['names that differ in case only', { Queue: 'raw' }, { Queue: 'raw' }, { Queue: 'Raw' }],
  ];

  it.each(table)('of %s holds the difference and the values before it', (_, wanted, fields, before) => {
    const plan = makePlan(ticket, decide({ fields: wanted }));
    expect(plan).toEqual({
      ticketId: ticket.id,
      fields,
      dynamicFields: {},
      before: { fields: before, dynamicFields: {} },
      note: null,
    } satisfies Plan);
    expect(currentFields(ticket, plan)).toEqual(before);
  });

  it('treats an unset dynamic field as empty and a list as its values', () => {
    const dynamicFields = { Building: 'North', Tags: 'a, b', Floor: '2', Room: '' };
    const plan = makePlan(ticket, decide({ dynamicFields }));
    expect(plan.dynamicFields).toEqual({ Floor: '2' });
    expect(plan.before.dynamicFields).toEqual({ Floor: '' });
    expect(dynamicFieldText(ticket, 'Tags')).toBe('a, b');
  });

  it('is empty for a ticket on which it was carried out', () => {
    const decision = decide({ fields: { Queue: 'Support', Priority: '4 high' } });
    const done = { ...ticket, queue: 'Support', priority: '4 high' };
    expect(makePlan(done, decision).fields).toEqual({});
  });
});

describe('nothing would change', () => {
  type Row = readonly [
    string,
    DecisionReason,
    Fields,
    Record<string, string>,
    Record<string, string>,
    boolean,
  ];
  const bookkeeping = { TriageCategory: 'VPN' };
  const table: readonly Row[] = [
    ['a move', 'rule', { Queue: 'Support' }, {}, {}, false],
    ['a move with bookkeeping', 'rule', { Queue: 'Support' }, {}, bookkeeping, false],
    ['the queue where it is', 'rule', { Queue: 'Raw' }, {}, {}, true],
    ['the queue where it is, with bookkeeping', 'rule', { Queue: 'Raw' }, {}, bookkeeping, true],
    ["a rule's own dynamic field", 'rule', {}, { Building: 'South' }, bookkeeping, false],
    ["a rule's own dynamic field as it is", 'rule', {}, { Building: 'North' }, bookkeeping, true],
    ['a rule that leaves, with bookkeeping', 'rule-leaves', {}, {}, bookkeeping, true],
    ['the default queue', 'below-threshold', { Queue: 'Unclassified' }, {}, bookkeeping, false],
    ['no default queue, with bookkeeping', 'below-threshold', {}, {}, bookkeeping, true],
  ];

  it.each(table)('for %s', (_, reason, fields, own, books, expected) => {
    const rule = reason === 'rule' || reason === 'rule-leaves' ? 'network' : null;
    const decision = decide({ reason, rule, fields, dynamicFields: own });
    const plan = makePlan(ticket, { ...decision, dynamicFields: { ...books, ...own } });
    expect(changesNothing(plan, decision)).toBe(expected);
  });
});
