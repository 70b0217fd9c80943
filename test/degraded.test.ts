import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { botCalls, inJournal, notReady, ready } from './support/ask.ts';
import { botNotes, botRows, expectNeverTwice, expectTriaged, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

async function triaged(world: World, ids: readonly number[], why: () => string): Promise<void> {
  await until(`${ids} are triaged`, () => ids.every((id) => isTriaged(world, id)), { why });
  for (const id of ids) expectTriaged(world.ticket(id));
  expectNeverTwice(world);
}

const waitingIn = (world: World) => inJournal(world, (journal) => journal.counts());

test('Znuny goes down amid waiting tickets: the daemon is not ready, keeps trying, loses nothing and recovers by itself', {
  timeout: 40_000,
}, async () => {
  const world = await World.open({ simulator: { delays: { TicketUpdate: 30 } } });
  const ids = world.mails(40);
  const { daemon, log } = await world.start();
  await until('some are done', () => ids.filter((id) => isTriaged(world, id)).length >= 5);

  await world.simulator.stop();
  expect(await notReady(daemon.port, 'znuny')).toMatch(/unreachable|connection|ECONNREFUSED/);
  const done = ids.filter((id) => isTriaged(world, id)).length;
  await sleep(2_000);
  expect(await waitingIn(world)).toMatchObject({ quarantined: 0, left: 0 });
  // What is alive stays alive: an orchestrator must not restart it for Znuny's trouble.
  expect((await fetch(`http://127.0.0.1:${daemon.port}/healthz`)).status).toBe(200);
  expect(ids.filter((id) => isTriaged(world, id))).toHaveLength(done);
  // Not ready is told once, not at each try.
  expect(log.with('not ready', { condition: 'znuny' })).toHaveLength(1);

  await world.simulator.start();
  await triaged(world, ids, () => log.tail());
  await ready(daemon.port);
  await log.seen('recovered', { condition: 'znuny' });
});

test('Znuny away at the start: `run` keeps trying, says so, and begins when it is there', async () => {
  const world = await World.open();
  const id = world.mail();
  await world.simulator.stop();
  const daemon = world.spawn();
  const { port } = await daemon.log.seen('started');
  expect(await notReady(Number(port), 'znuny')).toContain('znuny');
  await daemon.log.seen('not ready', { condition: 'znuny' });
  await sleep(1_500);

  await world.simulator.start();
  await triaged(world, [id], () => daemon.log.tail());
  await ready(Number(port));
  expect((await daemon.terminate()).code).toBe(0);
});

test('tickets that came while the first start waited for Znuny are triaged, also without a lookback', async () => {
  const world = await World.open({ config: { intake: { lookback_hours: 0 } } });
  await world.simulator.stop();
  const { daemon, log } = await world.start();
  await notReady(daemon.port, 'znuny');
  const id = world.mail({ createdAt: Date.now() + 500 });
  await sleep(700);
  await world.simulator.start();
  await triaged(world, [id], () => log.tail());
});

test('a queue renamed in mid-run makes its tickets wait, and they land once the name is there again', async () => {
  const world = await World.open();
  const before = world.mails(2);
  const { daemon, log } = await world.start();
  await triaged(world, before, () => log.tail());

  world.simulator.renameQueue('IT-Infrastructure', 'IT');
  const waiting = world.mails(3);
  const others = world.mails(2, { subject: 'invoice', body: 'rechnung invoice' });
  expect(await notReady(daemon.port, 'rules')).toContain('network');
  await until('the others go on', () => others.every((id) => isTriaged(world, id)));
  await until('three wait', async () => (await waitingIn(world)).deferred === 3);
  expect(log.with('rule does not fit Znuny, its tickets wait')).toHaveLength(1);
  for (const id of waiting) expect(botRows(world.ticket(id), 'Move')).toEqual([]);

  // Mended in Znuny, and nobody tells the daemon: it tries again by itself.
  world.simulator.renameQueue('IT', 'IT-Infrastructure');
  await triaged(world, waiting, () => log.tail());
  await ready(daemon.port);
});

test('move_into lost on a target queue in mid-run blocks that rule alone, and costs no ticket', async () => {
  const world = await World.open();
  const before = world.mails(2);
  const { daemon, log } = await world.start();
  await triaged(world, before, () => log.tail());

  world.simulator.setRights('otai-bot', 'IT-Infrastructure', []);
  const waiting = world.mails(3);
  const others = world.mails(2, { subject: 'printer', body: 'drucker printer' });
  expect(await notReady(daemon.port, 'rules')).toContain('network');
  await until('the others go on', () => others.every((id) => isTriaged(world, id)));
  const blocked = await log.seen('rule does not fit Znuny, its tickets wait');
  expect(JSON.stringify(blocked)).toContain('move_into');
  expect(await waitingIn(world)).toMatchObject({ quarantined: 0, left: 0 });

  world.simulator.setRights('otai-bot', 'IT-Infrastructure', ['rw']);
  expect(await daemon.reload()).toBe(true);
  await triaged(world, waiting, () => log.tail());
  await ready(daemon.port);
});

test('rights lost on the source queue in mid-run are told, and no ticket is taken for a deleted one', async () => {
  const world = await World.open({ simulator: { delays: { TicketUpdate: 40 } } });
  const ids = world.mails(40);
  const { daemon, log } = await world.start();
  await until('some are done', () => ids.filter((id) => isTriaged(world, id)).length >= 4);

  world.simulator.setRights('otai-bot', undefined, []);
  await until('readiness says so', () => !daemon.ready, { why: () => log.tail() });
  await sleep(1_000);
  expect(await waitingIn(world)).toMatchObject({ quarantined: 0, left: 0 });

  world.simulator.setRights('otai-bot', undefined, ['rw']);
  await triaged(world, ids, () => log.tail());
  await ready(daemon.port);
  for (const id of ids) expect(botNotes(world.ticket(id))).toHaveLength(1);
});

test('a proxy that answers 503 for a while is an outage, not a failure of tickets', async () => {
  const world = await World.open();
  const { daemon, log } = await world.start();
  await ready(daemon.port);
  const ids = world.mails(5);
  world.simulator.faults.add({
    kind: 'status',
    status: 503,
    body: '<html>maintenance</html>',
    operation: ['TicketGet', 'TicketHistoryGet', 'TicketUpdate'],
    times: 4,
  });
  await triaged(world, ids, () => log.tail());
  await ready(daemon.port);
  expect(await waitingIn(world)).toMatchObject({ quarantined: 0, applied: 5 });
  expect(botCalls(world, 'SessionCreate')).toHaveLength(1);
});
