import { beforeEach, expect, test } from 'vitest';
import { APPLY_SETTINGS, BOT, Workbench } from '../../test/support/workbench.ts';

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.open();
});

const state = async (id: number) => (await bench.journal.ticket(id))?.state;

test('a ticket read a moment ago is written without another look', async () => {
  const id = bench.mail();
  const { record, ticket } = await bench.decide(id);
  bench.simulator.clearCalls();
  bench.now += 1_000;

  expect(await bench.applier.apply(record, ticket, APPLY_SETTINGS)).toEqual({ kind: 'written' });

  expect(bench.simulator.calls.map((call) => call.operation)).toEqual(['TicketUpdate']);
  expect(bench.ticket(id)).toMatchObject({ queue: 'IT-Infrastructure', priority: '4 high', state: 'new' });
  expect(bench.notes(id)).toMatchObject([{ visibleForCustomer: false, channel: 'Internal' }]);
});

test('the write is announced in the journal before it is sent', async () => {
  const { record, ticket } = await bench.decide(bench.mail());
  const seen: unknown[] = [];
  bench.simulator.onCall(async ({ operation }) => {
    if (operation === 'TicketUpdate') seen.push(await state(ticket.id));
  });

  await bench.applier.apply(record, ticket, APPLY_SETTINGS);

  expect(seen).toEqual(['applying']);
});

test.each([
  ['more than a second ago', 1_001],
  ['by a clock that was set back since', -60_000],
])('a ticket read %s is read again, fields only', async (_, milliseconds) => {
  const { record, ticket } = await bench.decide(bench.mail());
  bench.simulator.clearCalls();
  bench.now += milliseconds;

  expect(await bench.applier.apply(record, ticket, APPLY_SETTINGS)).toEqual({ kind: 'written' });

  expect(bench.simulator.calls.map((call) => call.operation)).toEqual(['TicketGet', 'TicketUpdate']);
  expect(bench.calls('TicketGet')[0]?.data).not.toHaveProperty('AllArticles');
});

test.each<[string, (id: number) => void, string]>([
  ['moves', (id) => bench.simulator.agentMoves(id, 'Sales'), 'not a source queue'],
  ['locks', (id) => bench.simulator.agentLocks(id), 'locked'],
  ['closes', (id) => bench.simulator.agentCloses(id), 'state'],
  ['notes on', (id) => bench.simulator.agentNotes(id), 'someone decided'],
])('what a person who %s it wants stays: a conflict, and nothing is written', async (_, act) => {
  const id = bench.mail();
  const { record, ticket } = await bench.decide(id);
  bench.now += 5_000;
  act(id);
  const before = bench.ticket(id);

  const result = await bench.applier.apply(record, ticket, APPLY_SETTINGS);

  expect(result).toMatchObject({ kind: 'left', reason: 'conflict' });
  expect(bench.calls('TicketUpdate')).toEqual([]);
  expect(bench.ticket(id)).toEqual(before);
  expect(await state(id)).toBe('decided');
});

test("a customer's follow-up in between does not stop the decision", async () => {
  const id = bench.mail();
  const { record, ticket } = await bench.decide(id);
  bench.now += 5_000;
  bench.simulator.followUpMail(id);

  expect(await bench.applier.apply(record, ticket, APPLY_SETTINGS)).toEqual({ kind: 'written' });

  expect(bench.calls('TicketHistoryGet')).toHaveLength(2);
  expect(bench.ticket(id).queue).toBe('IT-Infrastructure');
});

test('a ticket deleted in between is gone', async () => {
  const id = bench.mail();
  await bench.read(bench.mail());
  const { record, ticket } = await bench.decide(id);
  bench.now += 5_000;
  bench.simulator.deleteTicket(id);

  expect(await bench.applier.apply(record, ticket, APPLY_SETTINGS)).toEqual({ kind: 'left', reason: 'gone' });
});

test.each([
  ['before the look', 5_000],
  ['before the write', 0],
])('a bot that is made invalid %s leaves no ticket: that is for the administrator', async (_, wait) => {
  await bench.read(bench.mail());
  const { record, ticket } = await bench.decide(bench.mail());
  bench.now += wait;
  bench.simulator.setUserValid(BOT, false);

  const result = await bench.applier.apply(record, ticket, APPLY_SETTINGS);

  expect(result).toMatchObject({ kind: 'refused', error: { kind: 'config', code: 'E_ZNUNY_ACCESS' } });
  if (result.kind === 'refused') expect(result.error.hint).toContain('still valid');
});

test('a queue that the bot may read but not write to is named', async () => {
  const { record, ticket } = await bench.decide(bench.mail());
  bench.simulator.setRights(BOT, 'Raw', ['ro', 'note', 'priority', 'move_into']);

  const result = await bench.applier.apply(record, ticket, APPLY_SETTINGS);

  expect(result).toMatchObject({ kind: 'refused', error: { kind: 'config' } });
  if (result.kind === 'refused') expect(result.error.message).toContain('queue Raw');
});

test('a queue that Znuny does not know is the fault of the configuration, and nothing is written', async () => {
  const id = bench.mail();
  const { record, ticket } = await bench.decide(id, { fields: { Queue: 'Netz', Priority: '4 high' } });

  const result = await bench.applier.apply(record, ticket, APPLY_SETTINGS);

  expect(result).toMatchObject({ kind: 'refused', error: { kind: 'config', code: 'E_ZNUNY_NAME' } });
  expect(bench.ticket(id)).toMatchObject({ queue: 'Raw', priority: '3 normal' });
});

test('a write without an answer is unclear and stays announced', async () => {
  const { record, ticket } = await bench.decide(bench.mail());
  bench.simulator.faults.add({ kind: 'reset-after', operation: 'TicketUpdate' });

  const result = await bench.applier.apply(record, ticket, APPLY_SETTINGS);

  expect(result).toMatchObject({ kind: 'unclear', error: { kind: 'ambiguous' } });
  expect(await state(ticket.id)).toBe('applying');
  expect(bench.calls('TicketUpdate')).toHaveLength(1);
});

test('of two writes at once only one gets the last change of the hour', async () => {
  const settings = { ...APPLY_SETTINGS, maxChangesPerHour: 3 };
  const decided: Awaited<ReturnType<typeof bench.decide>>[] = [];
  for (let index = 0; index < 5; index += 1) decided.push(await bench.decide(bench.mail()));
  const apply = (at: number) => {
    const { record, ticket } = decided[at] ?? decided[0] ?? expect.fail();
    return bench.applier.apply(record, ticket, settings);
  };

  const kinds = (await Promise.all([apply(0), apply(1)])).map((result) => result.kind);
  const last = await Promise.all([apply(2), apply(3)]);

  expect(kinds).toEqual(['written', 'written']);
  expect(last.map((result) => result.kind).sort()).toEqual(['waits', 'written']);
  expect(last.find((result) => result.kind === 'waits')).toMatchObject({ reason: 'brake' });
  expect(await apply(4)).toMatchObject({ kind: 'waits', reason: 'brake', until: bench.now + 60_000 });
  expect(bench.calls('TicketUpdate')).toHaveLength(3);
});

test('an hour later the brake lets changes through again', async () => {
  const settings = { ...APPLY_SETTINGS, maxChangesPerHour: 1 };
  const first = await bench.decide(bench.mail());
  await bench.applier.apply(first.record, first.ticket, settings);
  bench.now += 3_600_001;
  const second = await bench.decide(bench.mail());

  expect(await bench.applier.apply(second.record, second.ticket, settings)).toEqual({ kind: 'written' });
});

test('while triage is paused nothing is written', async () => {
  const { record, ticket } = await bench.decide(bench.mail());
  await bench.journal.setFact('paused', '1');

  expect(await bench.applier.apply(record, ticket, APPLY_SETTINGS)).toMatchObject({
    kind: 'waits',
    reason: 'paused',
  });

  expect(bench.calls('TicketUpdate')).toEqual([]);
  expect(await state(ticket.id)).toBe('decided');
});
