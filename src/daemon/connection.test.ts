import { beforeEach, expect, test } from 'vitest';
import { BOT, START, Workbench } from '../../test/support/workbench.ts';
import { FIXTURE_PASSWORD } from '../simulator/fixture.ts';
import { Login } from '../wiring/login.ts';
import { ZnunyClient } from '../znuny/client.ts';
import { Connection } from './connection.ts';
import { Health } from './health.ts';

const NEVER = new AbortController().signal;

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.open();
});

function start(
  options: { readonly password?: string; readonly instance?: string; readonly webService?: string } = {},
) {
  const { journal, recorder, clock, simulator } = bench;
  const { password = FIXTURE_PASSWORD, instance = 'here', webService = 'TicketTriage' } = options;
  const client = new ZnunyClient({
    url: simulator.url,
    webService,
    userLogin: BOT,
    password: () => password,
  });
  const identity = { url: simulator.url, userLogin: BOT, password };
  const login = new Login({ client, journal, recorder, clock, identity });
  const health = new Health();
  const connection = new Connection({ client, login, journal, health, recorder, clock, instance });
  return { client, health, connection };
}

test('a connection tells who we are, since when, and fulfils its conditions', async () => {
  const { connection, health } = start();

  expect(await connection.connect(NEVER)).toEqual({ ownUserId: 2, firstStart: START });

  expect(health.reasons.filter((reason) => /^(znuny|login)/.test(reason))).toEqual([]);
});

test('the first start stays the first', async () => {
  await start().connection.connect(NEVER);
  bench.now += 86_400_000;

  expect(await start().connection.connect(NEVER)).toMatchObject({ firstStart: START });
});

test('while Znuny is away it keeps trying and says so', async () => {
  await bench.simulator.stop();
  const { connection, health } = start();
  const connected = connection.connect(NEVER);
  await expect.poll(() => health.reasons.join()).toContain('ECONNREFUSED');
  await bench.simulator.start();

  expect(await connected).toMatchObject({ ownUserId: 2 });
  expect(bench.log.with('recovered', { condition: 'znuny' })).toHaveLength(1);
});

test('an abort ends the trying', async () => {
  await bench.simulator.stop();

  expect(await start().connection.connect(AbortSignal.timeout(50))).toBeNull();
  await bench.simulator.start();
});

test.each([
  ['a login that never worked', { password: 'wrong' }, 'E_ZNUNY_AUTH'],
  ['a web service that is not there', { webService: 'Triage' }, 'E_ZNUNY_URL'],
])('%s ends the start: waiting does not help', async (_, options, code) => {
  await expect(start(options).connection.connect(NEVER)).rejects.toMatchObject({ kind: 'config', code });
});

test('a login that worked before waits instead, and readiness says so', async () => {
  await start().connection.connect(NEVER);
  bench.simulator.setMaintenance(true);
  const { connection, health } = start();

  expect(await connection.connect(AbortSignal.timeout(100))).toBeNull();
  expect(health.reasons.join()).toContain('login: refused');
});

test('a session that ended is renewed, and readiness recovers', async () => {
  const { client, connection, health } = start();
  await connection.connect(NEVER);
  bench.simulator.setMaintenance(true);
  bench.simulator.expireSessions();
  await client.ticketSearch({ Limit: 1 }).catch(() => {});

  await connection.keepLoggedIn(AbortSignal.timeout(50));
  expect(health.failing('login')).toBe(true);

  bench.simulator.setMaintenance(false);
  bench.now += 5 * 60_000;
  await connection.keepLoggedIn(AbortSignal.timeout(1_000));
  expect(health.failing('login')).toBe(false);
});

test('Znuny going away amid a renewal leaves nothing behind once it is back', async () => {
  const { client, connection, health } = start();
  await connection.connect(NEVER);
  bench.simulator.expireSessions();
  const times = Number.POSITIVE_INFINITY;
  bench.simulator.faults.add({ kind: 'reset-before', operation: 'SessionCreate', times });
  await client.ticketSearch({ Limit: 1 }).catch(() => {});
  await connection.keepLoggedIn(NEVER);
  expect(health.failing('login')).toBe(true);

  bench.simulator.faults.clear();
  await client.ticketSearch({ Limit: 1 });
  await connection.keepLoggedIn(NEVER);

  expect(health.failing('login')).toBe(false);
});

async function known(id: number, number: string): Promise<void> {
  await bench.journal.see([id], 'poll', bench.now);
  await bench.journal.setNumber(id, number);
}

test('a new address of the same Znuny is fine', async () => {
  await start().connection.connect(NEVER);
  const id = bench.mail();
  await known(id, bench.ticket(id).number);
  await known(999, '2026010110000019');

  await start({ instance: 'there' }).connection.connect(NEVER);

  expect(await bench.journal.fact('instance')).toBe('there');
});

test.each([
  ['whose tickets have other numbers', (id: number) => known(id, '2026010110000019')],
  ['that has none of the tickets', () => known(999, '2026010110000019')],
])('the journal of another Znuny, %s, is refused', async (_, remember) => {
  await start().connection.connect(NEVER);
  await remember(bench.mail());

  const connected = start({ instance: 'there' }).connection.connect(NEVER);

  await expect(connected).rejects.toMatchObject({ code: 'E_JOURNAL', where: 'journal.path' });
  expect(await bench.journal.fact('instance')).toBe('here');
});
