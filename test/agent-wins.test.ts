import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Simulator } from '../src/simulator/simulator.ts';
import { botRows, expectTriaged, expectUntouched, isUpdate, updatesOf } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

type Act = { readonly what: string; readonly act: (znuny: Simulator, id: number) => unknown };

const ACTS: readonly Act[] = [
  { what: 'moves it', act: (znuny, id) => znuny.agentMoves(id, 'Support') },
  { what: 'moves it to another source queue', act: (znuny, id) => znuny.agentMoves(id, 'Unclassified') },
  { what: 'locks it', act: (znuny, id) => znuny.agentLocks(id) },
  { what: 'gives it to a colleague', act: (znuny, id) => znuny.agentSetsOwner(id, 'bert') },
  { what: 'notes', act: (znuny, id) => znuny.agentNotes(id) },
  { what: 'answers', act: (znuny, id) => znuny.agentAnswers(id) },
  { what: 'sets the priority', act: (znuny, id) => znuny.agentSetsPriority(id, '2 low') },
  { what: 'closes it', act: (znuny, id) => znuny.agentCloses(id) },
];
const EIGHT = ACTS.length;

test('what an agent did before the ticket was read is left as it is', async () => {
  const world = await World.open();
  const touched = world.mails(EIGHT);
  for (const [index, { act }] of ACTS.entries()) act(world.simulator, touched[index] ?? 0);
  const free = world.mail();

  const { log } = await world.start();
  await log.seen('ticket triaged', { ticketId: free, outcome: 'applied' });

  for (const id of touched) expectUntouched(world.ticket(id));
  expectTriaged(world.ticket(free));
});

test('what an agent does while a ticket waits for its write is never overwritten', {
  timeout: 30_000,
}, async () => {
  // Slow writes: the last ones of a batch were read more than a second before their turn.
  const world = await World.open({
    simulator: { delays: { TicketUpdate: 1_500 } },
    config: { connector: { max_concurrency: EIGHT } },
  });
  const { simulator } = world;
  // The first batch holds twice as many as are written at once: eight go first, the others have been read and wait.
  const first = world.mails(EIGHT);
  const waiting = world.mails(EIGHT);
  const end = simulator.onCall((call) => {
    if (!isUpdate(call)) return;
    end();
    for (const [index, { act }] of ACTS.entries()) act(simulator, waiting[index] ?? 0);
  });

  const { log } = await world.start();
  await until('all have ended', () => log.with('ticket triaged').length === first.length + EIGHT, {
    timeoutMs: 25_000,
    why: () => log.tail(),
  });

  for (const [index, { what }] of ACTS.entries()) {
    const id = waiting[index] ?? 0;
    const [line] = log.with('ticket triaged', { ticketId: id });
    expect({ what, outcome: line?.outcome, reason: line?.reason }).toEqual({
      what,
      outcome: 'left',
      reason: 'conflict',
    });
    expect(updatesOf(world, id)).toEqual([]);
    expectUntouched(world.ticket(id));
  }
  for (const id of first) expectTriaged(world.ticket(id));
});

test('an act between the two calls of one read is seen in the second', async () => {
  const world = await World.open();
  const id = world.mail();
  const end = world.simulator.onCall(({ operation, ticketIds }) => {
    if (operation !== 'TicketHistoryGet' || !ticketIds.includes(id)) return;
    end();
    world.simulator.agentMoves(id, 'Support');
  });

  const { log } = await world.start();
  await log.seen('ticket triaged', { ticketId: id, outcome: 'left' });
  expectUntouched(world.ticket(id));
  expect(world.ticket(id).queue).toBe('Support');
});

test('an agent who acts while an unclear write settles keeps the ticket', async () => {
  const world = await World.open({ config: { connector: { settle_seconds: 1 } } });
  const id = world.mail();
  world.simulator.faults.add({ kind: 'reset-before', operation: 'TicketUpdate', ticketId: id });
  const end = world.simulator.onCall((call) => {
    if (!isUpdate(call)) return;
    end();
    setTimeout(() => world.simulator.agentMoves(id, 'Support'), 300);
  });

  const { log } = await world.start();
  await log.seen('ticket triaged', { ticketId: id, outcome: 'left', reason: 'conflict' });
  await sleep(1_500);
  expect(updatesOf(world, id)).toHaveLength(1);
  expectUntouched(world.ticket(id));
  expect(world.ticket(id).queue).toBe('Support');
});

test('an agent who acts at the moment of the write is counted as a race, and nothing is repaired', {
  timeout: 30_000,
}, async () => {
  const world = await World.open();
  const raced = world.mail();
  const calm = world.mails(3);
  const portal = world.simulator.portalTicket({
    subject: 'vpn wlan',
    body: 'wlan vpn wlan',
    queue: 'Raw',
    createdAt: Date.now() - 60_000,
  }).id;
  const end = world.simulator.onCall((call) => {
    if (!isUpdate(call) || !call.ticketIds.includes(raced)) return;
    end();
    world.simulator.agentMoves(raced, 'Support');
  });
  let later = 0;
  const { daemon, log } = await world.start({ clock: () => Date.now() + later });
  const all = [raced, portal, ...calm];
  await until('all are written', () => log.with('ticket triaged', { outcome: 'applied' }).length === 5, {
    why: () => log.tail(),
  });
  // What is looked at 10 s after a write is looked at now.
  later = 11_000;
  await log.seen('a person acted at the moment of the write', { ticketId: raced });
  await sleep(300);

  const metrics = await (await fetch(`http://127.0.0.1:${daemon.port}/metrics`)).text();
  expect(metrics).toMatch(/^triaged_conflicts_total 1$/m);
  for (const id of all) expect(updatesOf(world, id)).toHaveLength(1);
  expect(botRows(world.ticket(raced), 'Move')).toHaveLength(1);
});
