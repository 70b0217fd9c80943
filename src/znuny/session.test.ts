import { afterEach, beforeEach, expect, test } from 'vitest';
import { Simulator, type SimulatorOptions } from '../simulator/simulator.ts';
import { ZnunyClient, type ZnunyClientOptions } from './client.ts';
import { authFail, errorOf, type Reply, TestServer } from './test-server.ts';

let simulator: Simulator;
let clients: ZnunyClient[];
beforeEach(async () => {
  clients = [];
  await restart({});
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await simulator.stop();
});

async function restart(options: SimulatorOptions): Promise<void> {
  await simulator?.stop();
  simulator = new Simulator(options);
  await simulator.start();
}

function make(options: Partial<ZnunyClientOptions> = {}): ZnunyClient {
  const client = new ZnunyClient({
    url: simulator.url,
    userLogin: 'otai-bot',
    password: () => 'simulator-password',
    random: () => 0,
    ...options,
  });
  clients.push(client);
  return client;
}

/** Logins that were tried, probes left out. */
function logins(): number {
  return simulator.calls.filter(({ operation, user }) => operation === 'SessionCreate' && user !== undefined)
    .length;
}

const search = { States: 'new' } as const;

test('one session serves all calls, also those that begin at once', async () => {
  const client = make();
  await Promise.all(Array.from({ length: 8 }, () => client.ticketSearch(search)));
  expect(logins()).toBe(1);
  expect(client.sessionValid()).toBe(true);
});

test('an expired session is renewed once for all calls that find out', async () => {
  const client = make({ maxConcurrency: 4 });
  await client.ticketSearch(search);
  simulator.expireSessions();
  await Promise.all(Array.from({ length: 8 }, () => client.ticketSearch(search)));
  expect(logins()).toBe(2);
});

test('a session is renewed before Znuny ends it', async () => {
  let now = 0;
  const client = make({ now: () => now, sessionRenewAfterMs: 6_600_000 });
  await client.ticketSearch(search);
  now = 6_599_000;
  await client.ticketSearch(search);
  expect(logins()).toBe(1);
  now = 6_600_000;
  await client.ticketSearch(search);
  await client.ticketSearch(search);
  expect(logins()).toBe(2);
});

test('in maintenance mode the old session is kept as long as it works, and the login is tried once', async () => {
  let now = 0;
  const client = make({ now: () => now });
  await client.ticketSearch(search);
  simulator.setMaintenance(true);
  now = 7_000_000;
  for (let call = 0; call < 3; call++) await client.ticketSearch(search);
  expect(logins()).toBe(2);
  expect(client.sessionValid()).toBe(true);

  simulator.expireSessions();
  expect(await errorOf(client.ticketSearch(search))).toMatchObject({ kind: 'config', code: 'E_ZNUNY_AUTH' });
  expect(logins()).toBe(2);
  expect(client.sessionValid()).toBe(false);

  simulator.setMaintenance(false);
  await client.login();
  await client.ticketSearch(search);
  expect(logins()).toBe(3);
});

test('a refused login is one attempt, names the three causes, and is not repeated by itself', async () => {
  let password = 'wrong-password';
  const client = make({ password: () => password });
  simulator.setMaxLoginFailed(3);
  const error = await errorOf(client.login());
  expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_AUTH' });
  expect(error.hint).toMatch(/password.*maintenance mode.*PasswordMaxLoginFailed/);
  for (let call = 0; call < 5; call++) {
    expect(await errorOf(client.ticketSearch(search))).toMatchObject({ code: 'E_ZNUNY_AUTH' });
  }
  expect(logins()).toBe(1);
  password = 'simulator-password';
  await client.login();
  expect(await client.ticketSearch(search)).toEqual([]);
  expect(logins()).toBe(2);
});

test('a password changed in mid-run costs one refused login, however many calls run', async () => {
  const client = make();
  await client.ticketSearch(search);
  simulator.setPassword('otai-bot', 'another');
  simulator.expireSessions();
  const errors = await Promise.all(Array.from({ length: 6 }, () => errorOf(client.ticketSearch(search))));
  expect(errors.map((error) => error.code)).toEqual(Array(6).fill('E_ZNUNY_AUTH'));
  expect(logins()).toBe(2);
});

test('a login that breaks on the way is not taken for a refused one', async () => {
  const client = make();
  await client.resolveEndpoint();
  simulator.faults.add({ kind: 'reset-before', operation: 'SessionCreate' });
  expect(await errorOf(client.login())).toMatchObject({ kind: 'transient', code: 'E_ZNUNY_UNREACHABLE' });
  expect(await client.ticketSearch(search)).toEqual([]);
});

test('a refused login stays refused while a further one breaks on the way', async () => {
  let password = 'wrong-password';
  const client = make({ password: () => password });
  await errorOf(client.login());
  simulator.faults.add({ kind: 'reset-before', operation: 'SessionCreate' });
  await errorOf(client.login());
  const tried = logins();
  expect(await errorOf(client.ticketSearch(search))).toMatchObject({ code: 'E_ZNUNY_AUTH' });
  expect(logins()).toBe(tried);
  password = 'simulator-password';
  await client.login();
});

test('an empty password is refused without asking Znuny', async () => {
  expect(await errorOf(make({ password: () => '' }).login())).toMatchObject({
    kind: 'config',
    code: 'E_CONFIG',
  });
  expect(logins()).toBe(0);
});

test('a session refused as soon as it was made ends in an error, not in a loop', async () => {
  const server = await new TestServer(({ operation }): Reply => authFail(operation)).start();
  const client = server.client();
  for (let call = 0; call < 4; call++) {
    expect(await errorOf(client.ticketSearch(search))).toMatchObject({ code: 'E_ZNUNY_AUTH' });
  }
  expect(server.calls('SessionCreate')).toHaveLength(2);
  expect(server.calls('TicketSearch')).toHaveLength(2);
  await server.stop();
});

test('with auth password each call carries the login, and a refused one stops the calls', async () => {
  let password = 'simulator-password';
  const client = make({ auth: 'password', password: () => password });
  await client.login();
  expect(await client.ticketSearch(search)).toEqual([]);
  expect(logins()).toBe(0);
  expect((await client.sessionGet()).userId).toBe(2);
  password = 'wrong-password';
  simulator.clearCalls();
  for (let call = 0; call < 3; call++) {
    expect(await errorOf(client.ticketSearch(search))).toMatchObject({ code: 'E_ZNUNY_AUTH' });
  }
  expect(simulator.calls).toHaveLength(1);
  expect(client.sessionValid()).toBe(false);
  password = 'simulator-password';
  await client.login();
  expect(client.sessionValid()).toBe(true);
});

test('a removed session is gone in Znuny, and the next call makes another', async () => {
  const client = make();
  const { sessionId } = await client.sessionCreate();
  expect(sessionId).not.toBe('');
  await client.sessionRemove();
  expect(client.sessionValid()).toBe(false);
  await client.ticketSearch(search);
  expect(logins()).toBe(2);
  const removals = simulator.calls.filter(
    ({ operation, user }) => operation === 'SessionRemove' && user !== undefined,
  );
  expect(removals.map(({ errorCode }) => errorCode)).toEqual([undefined]);
});
