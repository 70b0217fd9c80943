import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { botCalls, inJournal, notReady, ready } from './support/ask.ts';
import { expectTriaged, expectUntouched, isTriaged, isUpdate } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

test('3,000 waiting tickets of one and the same second are all found and judged, in bounded time and memory', {
  timeout: 120_000,
}, async () => {
  const world = await World.open({ config: { mode: 'observe', log: { level: 'warn' } } });
  const createdAt = Date.now() - 60_000;
  const ids = world.mails(3_000, { createdAt });
  const began = Date.now();
  const before = process.memoryUsage.rss();
  const { daemon, log } = await world.start();
  const ended = async () => {
    await sleep(250);
    return (await world.counts()).observed === 3_000;
  };
  await until('all ended', ended, { timeoutMs: 90_000, why: () => log.tail() });
  expect(Date.now() - began).toBeLessThan(90_000);
  // Znuny's simulator and its 3,000 tickets live in this process too: a bound, not a measurement.
  expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
  await ready(daemon.port);
  expect(world.simulator.calls.filter(isUpdate)).toEqual([]);

  const read = botCalls(world, 'TicketHistoryGet').flatMap(({ ticketIds }) => ticketIds);
  expect(read.toSorted((a, b) => a - b)).toEqual(ids);
  // In batches: a call a ticket would be far more.
  expect(botCalls(world, 'TicketHistoryGet').length).toBeLessThan(600);
});

test('a queue that holds more tickets than one answer is asked for with larger limits until all are there', async () => {
  const world = await World.open({ config: { mode: 'observe' } });
  world.mails(50);
  // The limit is Znuny's: an answer that is full is never taken for all.
  world.simulator.faults.add({ kind: 'search', answer: 'huge', size: 12_000, times: 1 });
  const { log } = await world.start();
  await until(
    'the real ones ended',
    () => log.with('ticket triaged', { outcome: 'observed' }).length === 50,
    {
      why: () => log.tail(),
    },
  );
});

test('only source queues are searched, and tickets elsewhere are counted, not touched', async () => {
  const world = await World.open();
  const elsewhere = ['HR', 'Sales', 'Support', 'Support::Level 2', 'Büro & Gebäude'].flatMap((queue) =>
    world.mails(3, { queue }),
  );
  const ours = [...world.mails(2), ...world.mails(2, { queue: 'Postmaster' })];
  const { daemon, log } = await world.start();
  await until('ours are triaged', () => ours.every((id) => isTriaged(world, id)), { why: () => log.tail() });
  const line = await log.seen('other queues hold new tickets, they are not searched');
  expect(line.queues).toMatchObject({ HR: 3, Sales: 3, 'Support::Level 2': 3, 'Büro & Gebäude': 3 });
  await ready(daemon.port);
  world.simulator.clearCalls();
  await until('two more polls', () => botCalls(world, 'TicketSearch').length >= 6);

  for (const id of elsewhere) {
    expectUntouched(world.ticket(id));
    expect(await inJournal(world, (journal) => journal.ticket(id))).toBeNull();
  }
  const queues = new Set(botCalls(world, 'TicketSearch').map(({ data }) => [data.Queues].flat().join()));
  expect([...queues].toSorted()).toEqual(['Postmaster', 'Raw', 'Unclassified']);
  const got = new Set(botCalls(world, 'TicketGet').flatMap(({ ticketIds }) => ticketIds));
  for (const id of elsewhere) expect(got).not.toContain(id);
});

test('sub-queues are taken where that is wanted, and a source queue that does not exist hides no other', async () => {
  const world = await World.open({
    config: { intake: { queues: ['No Such Queue', 'Support', 'Büro & Gebäude'], sub_queues: true } },
  });
  const ours = [world.mail({ queue: 'Support::Level 2' }), world.mail({ queue: 'Büro & Gebäude' })];
  const raw = world.mail();
  const { log } = await world.start();
  await until('ours are triaged', () => ours.every((id) => isTriaged(world, id)), { why: () => log.tail() });
  for (const id of ours) expectTriaged(world.ticket(id));
  expectUntouched(world.ticket(raw));
});

test.each(['duplicates', 'unsorted', 'huge', 'empty'] as const)(
  'a search that answers %s leads to no ticket lost and none triaged twice',
  async (answer) => {
    const world = await World.open();
    const ids = world.mails(8);
    world.simulator.faults.add({
      kind: 'search',
      answer,
      times: 9,
      ...(answer === 'huge' ? { size: 200 } : {}),
    });
    const { daemon, log } = await world.start();
    await until('all are triaged', () => ids.every((id) => isTriaged(world, id)), { why: () => log.tail() });
    for (const id of ids) expectTriaged(world.ticket(id));
    await ready(daemon.port);
    await sleep(300);
    for (const id of ids) expectTriaged(world.ticket(id));
    expect((await world.counts()).quarantined).toBe(0);
  },
);

test('a ticket that is merged, deleted or moved between search and read ends with its reason and stops no other', async () => {
  const world = await World.open();
  const [merged = 0, deleted = 0, moved = 0, ...others] = world.mails(8);
  const end = world.simulator.onCall(({ operation, user }) => {
    if (operation !== 'TicketGet' || user !== 'otai-bot') return;
    end();
    world.simulator.mergeTickets(merged, others[0] ?? 0);
    world.simulator.deleteTicket(deleted);
    world.simulator.agentMoves(moved, 'HR');
  });
  const { log } = await world.start();
  const rest = others.slice(1);
  await until('the others are triaged', () => rest.every((id) => isTriaged(world, id)), {
    why: () => log.tail(),
  });
  await until('all ended', () => log.with('ticket triaged').length === 8, { why: () => log.tail() });
  const reason = (id: number) => log.with('ticket triaged', { ticketId: id })[0]?.reason;
  expect([merged, deleted, moved].map(reason)).toEqual(['merged', 'gone', 'not a source queue']);
  expect(reason(others[0] ?? 0)).toBe('someone decided');
  for (const id of [merged, moved]) expectUntouched(world.ticket(id));
});

test('a search that Znuny refuses for a reason of its own is told and repeated', async () => {
  const world = await World.open();
  const { daemon, log } = await world.start();
  await ready(daemon.port);
  world.simulator.faults.add({
    kind: 'error',
    code: 'Odd',
    message: 'odd',
    operation: 'TicketSearch',
    times: 2,
  });
  expect(await notReady(daemon.port, 'poll')).toContain('poll');
  const id = world.mail();
  await until('it is triaged', () => isTriaged(world, id), { why: () => log.tail() });
  await ready(daemon.port);
});

test('a source queue that a reload or a restart brings is searched back to the start, not for the last hour', async () => {
  const world = await World.open({ config: { intake: { lookback_hours: 48, queues: ['Raw'] } } });
  const old = (queue: string) => world.mail({ queue, createdAt: Date.now() - 30 * 3_600_000 });
  const hr = old('HR');
  const sales = old('Sales');
  const first = await world.start();
  await ready(first.daemon.port);
  world.configure({ intake: { queues: ['Raw', 'HR'] } });
  expect(await first.daemon.reload()).toBe(true);
  await until('the one in HR is triaged', () => isTriaged(world, hr), { why: () => first.log.tail() });
  await first.daemon.stop();

  world.configure({ intake: { queues: ['Raw', 'HR', 'Sales'] } });
  const { log } = await world.start();
  await until('the one in Sales is triaged', () => isTriaged(world, sales), { why: () => log.tail() });
});
