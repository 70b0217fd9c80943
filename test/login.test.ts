import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import { botCalls, notReady, ready } from './support/ask.ts';
import { botNotes, expectNeverTwice, expectTriaged, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { QUICK, World } from './support/world.ts';

const BOT = 'otai-bot';

const logins = (world: World) => botCalls(world, 'SessionCreate').length;

async function triaged(world: World, ids: readonly number[], why?: () => string): Promise<void> {
  const done = () => ids.every((id) => isTriaged(world, id));
  await until(`${ids} are triaged`, done, why ? { why } : {});
  for (const id of ids) expectTriaged(world.ticket(id));
}

test('a wrong password at the first start ends with 78 after one attempt; a restart waits, a corrected one is tried at once', async () => {
  const world = await World.open();
  const id = world.mail();
  const first = world.spawn({ env: { WORLD_PASSWORD: 'wrong-password' } });
  expect(await first.exit).toBe(78);
  expect(logins(world)).toBe(1);
  for (const reason of ['password', 'maintenance', 'PasswordMaxLoginFailed'])
    expect(first.errors).toContain(reason);
  expect(first.errors + first.output).not.toContain('wrong-password');

  const second = world.spawn({ env: { WORLD_PASSWORD: 'wrong-password' } });
  const line = await second.log.seen('login waits after earlier refusals');
  const wait = Date.parse(String(line.until)) - Date.now();
  expect(wait).toBeGreaterThan(4 * 60_000);
  expect(wait).toBeLessThanOrEqual(5 * 60_000);
  const { port } = await second.log.seen('started');
  expect(await notReady(Number(port), 'login')).toMatch(/refused|waits/);
  expect(logins(world)).toBe(1);
  // It can be stopped while it waits.
  expect((await second.terminate()).code).toBe(0);

  const third = world.spawn();
  await triaged(world, [id], () => third.log.tail());
  expect(logins(world)).toBe(2);
});

test('maintenance mode in mid-run breaks nothing: the old session goes on working', async () => {
  const world = await World.open();
  const before = world.mails(3);
  const { daemon, log } = await world.start();
  await triaged(world, before, () => log.tail());

  world.simulator.setMaintenance(true);
  const during = world.mails(3);
  await triaged(world, during, () => log.tail());
  await ready(daemon.port);
  expect(logins(world)).toBe(1);
});

test('a session that expires in mid-run is renewed, once, and no ticket is lost', async () => {
  const world = await World.open({ simulator: { delays: { TicketUpdate: 30 } } });
  const ids = world.mails(30);
  const { daemon, log } = await world.start();
  for (const share of [5, 15]) {
    await until(`${share} are done`, () => ids.filter((id) => isTriaged(world, id)).length >= share);
    world.simulator.expireSessions();
  }
  await triaged(world, ids, () => log.tail());
  await ready(daemon.port);
  expect(logins(world)).toBe(3);
  expect(log.with('login refused')).toEqual([]);
  expectNeverTwice(world);
});

test('a password changed in mid-run costs one refused attempt; the daemon waits and is not ready, and a restart with the new one goes on', async () => {
  const world = await World.open();
  const before = world.mails(2);
  const { daemon, log } = await world.start();
  await triaged(world, before, () => log.tail());

  world.simulator.setPassword(BOT, 'the-new-password');
  world.simulator.expireSessions();
  const waiting = world.mails(4);
  await log.seen('login refused');
  expect(await notReady(daemon.port, 'login')).toContain('login');
  await sleep(1_500);
  expect(logins(world)).toBe(2);
  expect(log.with('login refused')).toHaveLength(1);
  await log.seen('login waits after earlier refusals');
  expect(waiting.filter((id) => isTriaged(world, id))).toEqual([]);
  expect(await world.counts()).toMatchObject({ quarantined: 0, left: 0 });
  await daemon.stop();

  const { log: next } = await world.start({ env: { WORLD_PASSWORD: 'the-new-password' } });
  await triaged(world, waiting, () => next.tail());
  expect(logins(world)).toBe(3);
});

test('an agent made invalid in mid-run loses no ticket: readiness says so, and all are triaged when it is valid again', async () => {
  let ahead = 0;
  const world = await World.open({ config: { log: { level: 'debug' } } });
  const before = world.mails(2);
  const { daemon, log } = await world.start({ clock: () => Date.now() + ahead });
  await triaged(world, before, () => log.tail());
  await ready(daemon.port);
  ahead += 20_000;
  await until('both writes are verified', () => log.with('write verified').length === 2);

  world.simulator.setUserValid(BOT, false);
  const waiting = world.mails(5);
  ahead += 120_000;
  expect(await notReady(daemon.port, 'rights')).toContain('is the agent still valid?');
  expect((await world.counts()).left).toBe(0);

  world.simulator.setUserValid(BOT, true);
  await triaged(world, waiting, () => log.tail());
  await ready(daemon.port);
  expect(log.with('ticket triaged', { reason: 'gone' })).toEqual([]);
});

test('tickets that are in hand when the agent is made invalid are not taken for deleted ones', async () => {
  const world = await World.open({ simulator: { delays: { TicketUpdate: 40 } } });
  const ids = world.mails(40);
  // Waits as long as in earnest: it is the right that comes back that ends them.
  const { daemon, log } = await world.start({ tempo: { ...QUICK, configDelayMs: 600_000 } });
  await until('some are done', () => ids.filter((id) => isTriaged(world, id)).length >= 4);
  world.simulator.setUserValid(BOT, false);
  await notReady(daemon.port, 'rights');
  expect(log.with('ticket triaged', { reason: 'gone' })).toEqual([]);
  expect(await world.counts()).toMatchObject({ quarantined: 0, left: 0 });

  world.simulator.setUserValid(BOT, true);
  await triaged(world, ids, () => log.tail());
  await ready(daemon.port);
  for (const id of ids) expect(botNotes(world.ticket(id))).toHaveLength(1);
});

test('a lock-out after three wrong logins is never caused by the daemon', async () => {
  const world = await World.open();
  world.simulator.setMaxLoginFailed(3);
  const id = world.mail();
  for (let start = 0; start < 3; start += 1) {
    const { daemon } = await world.start({ env: { WORLD_PASSWORD: 'wrong-password' } });
    await Promise.race([daemon.running.catch(() => {}), sleep(300)]);
    await daemon.stop();
  }
  expect(logins(world)).toBe(1);
  const { log } = await world.start({ env: { WORLD_PASSWORD: FIXTURE_PASSWORD } });
  await triaged(world, [id], () => log.tail());
});

test('with the password in each call, a changed one costs the calls under way and no more', async () => {
  const world = await World.open({ config: { connector: { auth: 'password' } } });
  const before = world.mails(2);
  const { daemon, log } = await world.start();
  await triaged(world, before, () => log.tail());

  world.simulator.setPassword(BOT, 'the-new-password');
  world.mails(4);
  await log.seen('login refused');
  await notReady(daemon.port, 'login');
  const refusals = () => world.simulator.calls.filter(({ errorCode }) => errorCode?.endsWith('AuthFail'));
  const refused = refusals().length;
  await sleep(1_500);
  expect(refusals().length).toBe(refused);
  expect(refusals().filter(({ data }) => data.UserLogin === BOT).length).toBeLessThanOrEqual(2);
  expect(await world.counts()).toMatchObject({ quarantined: 0, left: 0 });
});
