import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { JournalRequest } from '../src/journal/journal.ts';
import { botCalls, inJournal, ready } from './support/ask.ts';
import { botNotes, botRows, expectTriaged, expectUntouched, isTriaged, isUpdate } from './support/judge.ts';
import type { LogLines } from './support/log-lines.ts';
import { until } from './support/until.ts';
import { RULES, World } from './support/world.ts';

const ended = (log: LogLines, outcome: string) => log.with('ticket triaged', { outcome });

async function allEnd(log: LogLines, outcome: string, count: number): Promise<void> {
  await until(`${count} ended as ${outcome}`, () => ended(log, outcome).length >= count, {
    why: () => log.tail(),
  });
}

describe('mode observe', () => {
  test('writes nothing at all, and every ticket has a decision in the journal', async () => {
    const world = await World.open({ config: { mode: 'observe', fields: 'triage' } });
    const ids = [...world.mails(5), ...world.mails(5, { subject: 'hello', body: 'nothing to tell' })];
    const { log } = await world.start();
    await allEnd(log, 'observed', 10);

    expect(world.simulator.calls.filter(isUpdate)).toEqual([]);
    for (const id of ids) expectUntouched(world.ticket(id));
    for (const [index, id] of ids.entries()) {
      const [decision, ...more] = await inJournal(world, (journal) => journal.decisionsOf(id));
      expect(more).toEqual([]);
      expect(decision).toMatchObject({ outcome: 'observed', sends: 0, applyingAt: null });
      expect(decision?.plan.note).toBeNull();
      // What it would have done is there to be read.
      expect(decision?.plan.fields.Queue).toBe(index < 5 ? 'IT-Infrastructure' : 'Unclassified');
    }
  });

  test('takes tickets of the last day, as it writes nothing, where apply takes new ones only', async () => {
    const world = await World.open({ config: { mode: 'observe', intake: { lookback_hours: undefined } } });
    world.mail({ createdAt: Date.now() - 3 * 3_600_000 });
    const { log } = await world.start();
    await allEnd(log, 'observed', 1);
  });
});

describe('mode suggest', () => {
  test('writes one internal note, changes nothing, and never writes it twice, restarts included', async () => {
    const world = await World.open({ config: { mode: 'suggest', fields: 'triage' } });
    const ids = world.mails(4);
    const first = await world.start();
    await allEnd(first.log, 'suggested', 4);
    await first.daemon.stop();
    const { log } = await world.start();
    await log.seen('logged in');
    await sleep(1_500);

    for (const id of ids) {
      const ticket = world.ticket(id);
      const [note, ...more] = botNotes(ticket);
      expect(more).toEqual([]);
      expect(note).toMatchObject({ visibleForCustomer: false, channel: 'Internal' });
      expect(note?.subject).toContain('Triage suggestion');
      expect(note?.body).toContain('Raw → IT-Infrastructure');
      expect(ticket).toMatchObject({ queue: 'Raw', priority: '3 normal', fields: {} });
      expect(botRows(ticket, 'Move')).toEqual([]);
    }
    const updates = world.simulator.calls.filter(isUpdate);
    expect(updates).toHaveLength(4);
    for (const { data } of updates) {
      expect(data).not.toHaveProperty('Ticket');
      expect(data).not.toHaveProperty('DynamicField');
      expect(data.Article).toMatchObject({ IsVisibleForCustomer: 0 });
    }
  });

  test('without a note has nothing to write', async () => {
    const world = await World.open({ config: { mode: 'suggest', note: 'off' } });
    const [id = 0] = world.mails(1);
    const { log } = await world.start();
    await allEnd(log, 'observed', 1);
    expectUntouched(world.ticket(id));
  });
});

test("a rule's stricter mode holds for its tickets, and a laxer one does not", async () => {
  const rules = RULES.map((rule) => (rule.name === 'network' ? { ...rule, mode: 'observe' } : rule));
  const strict = await World.open({ config: { routing: { rules } } });
  const network = strict.mail();
  const billing = strict.mail({ subject: 'invoice', body: 'rechnung invoice' });
  const { log } = await strict.start();
  await allEnd(log, 'observed', 1);
  await allEnd(log, 'applied', 1);
  expectUntouched(strict.ticket(network));
  expectTriaged(strict.ticket(billing), 'Accounting', '3 normal');

  const lax = await World.open({
    config: { mode: 'observe', routing: { rules: RULES.map((rule) => ({ ...rule, mode: 'apply' })) } },
  });
  const watched = lax.mail();
  const { log: quiet } = await lax.start();
  await allEnd(quiet, 'observed', 1);
  expectUntouched(lax.ticket(watched));
});

describe('requests in the journal', () => {
  async function ask(world: World, log: LogLines, request: JournalRequest): Promise<void> {
    const before = log.with('request carried out').length;
    await inJournal(world, (journal) => journal.request(request, Date.now()));
    await until('carried out', () => log.with('request carried out').length > before, {
      why: () => log.tail(),
    });
  }

  test('pause lets nothing be written while intake goes on, a restart keeps it, and resume triages all', async () => {
    const world = await World.open();
    const first = await world.start();
    await ready(first.daemon.port);
    await ask(world, first.log, { kind: 'pause' });
    const ids = world.mails(5);
    await until('all are seen', async () => (await world.counts()).seen === 5);
    await first.daemon.stop();

    const { log } = await world.start();
    await log.seen('logged in');
    await sleep(1_200);
    expect(world.simulator.calls.filter(isUpdate)).toEqual([]);
    await ask(world, log, { kind: 'resume' });
    await allEnd(log, 'applied', 5);
    for (const id of ids) expectTriaged(world.ticket(id));
  });

  test('a held ticket stays untouched while others go on, and is triaged when it is released', async () => {
    const world = await World.open();
    const { daemon, log } = await world.start();
    await ready(daemon.port);
    await ask(world, log, { kind: 'pause' });
    const [held = 0, ...others] = world.mails(4);
    await until('all are seen', async () => (await world.counts()).seen === 4);
    await ask(world, log, { kind: 'hold', ticketId: held });
    await ask(world, log, { kind: 'resume' });
    await allEnd(log, 'applied', 3);
    for (const id of others) expectTriaged(world.ticket(id));
    expectUntouched(world.ticket(held));
    expect((await world.counts()).held).toBe(1);

    await ask(world, log, { kind: 'release', ticketId: held });
    await allEnd(log, 'applied', 4);
    expectTriaged(world.ticket(held));
  });
});

test('the brake lets five changes an hour through, the rest waits unread with one warning and lands later', async () => {
  let ahead = 0;
  const world = await World.open({ config: { routing: { max_changes_per_hour: 5 } } });
  const ids = world.mails(40);
  const done = () => ids.filter((id) => isTriaged(world, id)).length;
  const { daemon, log } = await world.start({ clock: () => Date.now() + ahead });
  const waiting = async () => {
    const { seen, deferred } = await world.counts();
    return seen + deferred;
  };
  await allEnd(log, 'applied', 5);
  await until('the rest waits', async () => (await waiting()) === 35);
  const deferred = await inJournal(world, (journal) => journal.tickets({ states: ['deferred'], limit: 40 }));
  expect(new Set(deferred.map(({ reason, attempts }) => `${reason} ${attempts}`))).toEqual(
    new Set(['brake 0']),
  );
  await ready(daemon.port);

  // Ten minutes of it cost Znuny nothing but the polls.
  world.simulator.clearCalls();
  for (let minute = 0; minute < 10; minute += 1) {
    ahead += 60_000;
    await sleep(120);
  }
  await until('a poll went by', () => botCalls(world, 'TicketSearch').length > 0);
  expect(botCalls(world, 'TicketHistoryGet')).toEqual([]);
  expect(done()).toBe(5);
  expect(log.with('limit of changes per hour reached, tickets wait')).toHaveLength(1);

  ahead += 3_600_000 - 10 * 60_000 + 61_000;
  await allEnd(log, 'applied', 10);
  await sleep(500);
  expect(done()).toBe(10);
  expect(await waiting()).toBe(30);
});

test('tickets from before the start are left untouched, unread and counted in the log', async () => {
  const world = await World.open();
  const hours = (count: number) => ({ createdAt: Date.now() - count * 3_600_000 });
  const old = [
    ...world.mails(3, hours(2)),
    ...world.mails(2, { ...hours(30), queue: 'Postmaster' }),
    ...world.mails(1, hours(24 * 20)),
  ];
  const fresh = world.mail();
  const { daemon, log } = await world.start();
  await allEnd(log, 'applied', 1);
  expectTriaged(world.ticket(fresh));
  const line = await log.seen('tickets from before the start are left alone');
  expect(line.queues).toMatchObject({ Raw: 4, Postmaster: 2 });
  await ready(daemon.port);
  for (const id of old) expectUntouched(world.ticket(id));
  const read = new Set(botCalls(world, 'TicketHistoryGet').flatMap(({ ticketIds }) => ticketIds));
  expect([...read]).toEqual([fresh]);
});
