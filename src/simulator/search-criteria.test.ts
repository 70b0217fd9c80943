import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Simulator } from './simulator.ts';
import { call, ids } from './test-client.ts';

const START = Date.UTC(2026, 10, 24, 8);
const MINUTE = 60_000;

describe('TicketSearch by every criterion', () => {
  let now = START;
  let sim: Simulator;
  beforeEach(async () => {
    now = START;
    sim = new Simulator({
      now: () => now,
      fields: [
        { name: 'Rank', type: 'text' },
        { name: 'Done', type: 'checkbox' },
        { name: 'Tag', type: 'text', object: 'Article' },
      ],
    });
    await sim.start();
  });
  afterEach(() => sim.stop());

  const search = async (data: Record<string, unknown>) =>
    ids(await call(sim, 'TicketSearch', { SortBy: 'TicketNumber', OrderBy: 'Up', ...data })).map(Number);
  const mail = (subject: string, more: Partial<Parameters<Simulator['receiveMail']>[0]> = {}) =>
    sim.receiveMail({ subject, ...more }).id;

  it('by the time of closing, also of a ticket that is open again, and of one that was born closed', async () => {
    const [reopened, born] = [mail('a'), mail('b', { state: 'closed successful' })];
    mail('c');
    now += 10 * MINUTE;
    sim.agentCloses(reopened);
    now += 10 * MINUTE;
    sim.agentSetsState(reopened, 'open');
    expect(await search({ TicketCloseTimeNewerMinutes: 15 })).toEqual([reopened]);
    expect(await search({ TicketCloseTimeOlderDate: '2026-11-24 08:05:00' })).toEqual([born]);
    expect(await search({ TicketCloseTimeNewerMinutes: 60 })).toEqual([reopened, born]);
    expect(await search({ TicketCloseTimeNewerDate: '2026-11-24T08:00:00Z' })).toEqual([]);
  });

  it('by pending time, which alone may begin in the future', async () => {
    const id = mail('wait');
    mail('now');
    const Ticket = { State: 'pending reminder', PendingTime: { Diff: 60 } };
    await call(sim, 'TicketUpdate', { TicketID: id, Ticket });
    expect(await search({ TicketPendingTimeNewerDate: '2026-11-24 08:30:00' })).toEqual([id]);
    expect(await search({ TicketPendingTimeOlderDate: '2026-11-24 08:30:00' })).toEqual([]);
    expect(await search({ TicketCreateTimeNewerDate: '2026-11-24 08:30:00' })).toEqual([]);
  });

  it('by escalation: a ticket that never escalates is never found', async () => {
    sim.setQueueOptions('Support', { firstResponseMinutes: 10, solutionMinutes: 30 });
    const id = mail('late', { queue: 'Support' });
    mail('never');
    now += 20 * MINUTE;
    expect(await search({ TicketEscalationTimeOlderMinutes: 0 })).toEqual([id]);
    expect(await search({ TicketEscalationResponseTimeOlderMinutes: 10 })).toEqual([id]);
    expect(await search({ TicketEscalationSolutionTimeOlderMinutes: 0 })).toEqual([]);
    expect(await search({ TicketEscalationUpdateTimeNewerMinutes: 9999 })).toEqual([]);
    expect(await search({ SortBy: 'EscalationTime', OrderBy: 'Down', Limit: 1 })).toEqual([id]);
    sim.agentCloses(id);
    expect(await search({ TicketEscalationTimeOlderMinutes: 0 })).toEqual([]);
  });

  it('by both ends of ONE change of history', async () => {
    const id = mail('quiet');
    now += 60 * MINUTE;
    sim.agentMoves(id, 'Support');
    const between = {
      TicketChangeTimeNewerDate: '2026-11-24 08:20:00',
      TicketChangeTimeOlderDate: '2026-11-24 08:40:00',
    };
    expect(await search(between)).toEqual([]);
    expect(await search({ TicketChangeTimeNewerMinutes: 5 })).toEqual([id]);
  });

  it('by customer, with wildcards and conditions; CustomerIDRaw without', async () => {
    const erika = mail('a');
    const john = mail('b', { from: 'John Doe <john.doe@kunde.example>' });
    const other = mail('c', { from: 'x@else.example' });
    expect(await search({ CustomerUserLogin: 'JOHN.DOE' })).toEqual([john]);
    expect(await search({ CustomerUserLogin: ['john.doe', 'x@*'] })).toEqual([john, other]);
    expect(await search({ CustomerID: 'lab-firma' })).toEqual([erika, john]);
    expect(await search({ CustomerID: '!lab*' })).toEqual([other]);
    expect(await search({ CustomerIDRaw: 'lab-*' })).toEqual([]);
    expect(await search({ CustomerIDRaw: 'Lab-Firma', CustomerID: 'x*' })).toEqual([erika, john]);
  });

  it('by title with AND, OR, NOT, quotes and brackets; a mix on one level finds nothing', async () => {
    const [printer, both, plus] = [mail('printer'), mail('printer AND scanner'), mail('a && b (c)')];
    expect(await search({ Title: 'printer' })).toEqual([printer]);
    expect(await search({ Title: '*printer* AND *scanner*' })).toEqual([both]);
    expect(await search({ Title: 'printer || *(*' })).toEqual([]);
    expect(await search({ Title: '(*scanner* OR printer) && !*and*' })).toEqual([printer]);
    expect(await search({ Title: '*a* && *b* || *c*' })).toEqual([]);
    expect(await search({ Title: '"a && b (c)"' })).toEqual([plus]);
  });

  it('by what stands in ONE article; ContentSearch OR takes any of it', async () => {
    const id = mail('Invoice', {
      body: 'please pay',
      to: 'Sales <sales@lab.example>',
      cc: 'boss@kunde.example',
      attachments: [{ filename: 'Bill-7.pdf', contentType: 'application/pdf', content: 'eA==' }],
    });
    const bare = mail('Other', { noArticle: true });
    sim.agentNotes(id, { body: 'second text' });
    expect(await search({ MIMEBase_To: 'sales@lab', MIMEBase_Body: 'PAY' })).toEqual([id]);
    expect(await search({ MIMEBase_Cc: 'boss', MIMEBase_Body: 'second' })).toEqual([]);
    const either = { MIMEBase_Cc: 'boss', MIMEBase_Body: 'nothing of it' };
    expect(await search({ ...either, ContentSearch: 'OR' })).toEqual([id]);
    expect(await search({ ...either, ContentSearch: 'XOR' })).toEqual([]);
    expect(await search({ MIMEBase_AttachmentName: 'bill-' })).toEqual([id]);
    expect(await search({ Fulltext: 'second' })).toEqual([id]);
    expect(await search({ MIMEBase_Subject: '*' })).toEqual([id]);
    // Documented, never read: all is found.
    expect(await search({ AttachmentName: 'nope' })).toEqual([id, bare]);
  });

  it('by what it was created with, whatever became of it', async () => {
    const id = mail('a', { queue: 'Support', priority: '4 high' });
    mail('b', { queue: 'Support' });
    sim.agentMoves(id, 'Sales');
    sim.agentSetsState(id, 'open');
    const created = { CreatedQueues: ['Support'], CreatedPriorities: '4 high', CreatedStates: 'new' };
    expect(await search(created)).toEqual([id]);
    expect(
      await search({ CreatedQueueIDs: [7], CreatedPriorityIDs: [4], CreatedTypes: 'Unclassified' }),
    ).toEqual([id]);
    expect(await search({ CreatedQueues: 'Sales' })).toEqual([]);
    for (const key of ['CreatedQueues', 'CreatedStates', 'CreatedPriorities', 'CreatedTypes']) {
      expect(await search({ [key]: ['new', 'Support', 'Nope'] })).toEqual([]);
    }
  });

  it('by who watches: nobody', async () => {
    mail('a');
    expect(await search({ WatchUserIDs: [1, 2] })).toEqual([]);
  });

  it('by names and ids together, which widen each other; one unknown state type is passed over', async () => {
    const fresh = mail('a');
    const { id } = sim.phoneTicket({ subject: 'b' });
    expect(await search({ States: 'new', StateIDs: [4] })).toEqual([fresh, id]);
    expect(await search({ StateIDs: ['4; drop'] })).toEqual([]);
    expect(await search({ StateType: ['open', 'nope'] })).toEqual([id]);
    expect(await search({ StateType: 'nope' })).toEqual([]);
  });

  it('sorts by dynamic field, unset first; an unknown field or key finds nothing', async () => {
    const [b, none, a] = [
      mail('x', { fields: { Rank: 'b' } }),
      mail('y'),
      mail('z', { fields: { Rank: 'A' } }),
    ];
    expect(await search({ SortBy: 'DynamicField_Rank' })).toEqual([none, a, b]);
    expect(await search({ SortBy: 'DynamicField_Rank', OrderBy: 'Down' })).toEqual([b, a, none]);
    for (const SortBy of ['DynamicField_Nope', 'Subject', 'StateType', ['Owner', 'Responsible']]) {
      expect(await search({ SortBy, OrderBy: ['Up', 'Up'] })).toEqual([]);
    }
    for (const SortBy of ['Service', 'SLA', 'TicketEscalation', 'Responsible', 'PendingTime', 'CustomerID']) {
      expect(await search({ SortBy })).toHaveLength(3);
    }
    expect(await search({ OrderBy: 'up' })).toEqual([]);
  });

  it('ignores a dynamic field that there is not: ALL is found; a wrong value or operator finds nothing', async () => {
    const [id, other] = [mail('x', { fields: { Rank: 'b', Done: 1 } }), mail('y')];
    expect(await search({ DynamicField_Rnak: { Equals: 'b' } })).toEqual([id, other]);
    expect(await search({ DynamicField_Tag: { Equals: 'b' } })).toEqual([id, other]);
    expect(await search({ DynamicField: [{ Name: 'Rank', Like: 'B*' }] })).toEqual([id]);
    expect(await search({ DynamicField_Rank: { Contains: 'b' } })).toEqual([]);
    expect(await search({ DynamicField_Done: { Equals: 1 } })).toEqual([id]);
    expect(await search({ DynamicField_Done: { Equals: 'yes' } })).toEqual([]);
  });
});
