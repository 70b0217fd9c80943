import { beforeEach, expect, test } from 'vitest';
import { BOT, Workbench } from '../../test/support/workbench.ts';
import { FIXTURE_PASSWORD } from '../simulator/fixture.ts';
import { ZnunyClient } from '../znuny/client.ts';
import { Login } from './login.ts';

const MINUTE = 60_000;
const NEVER = new AbortController().signal;

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.open();
});

/** What a start makes: a client and a login of their own, on the journal that is there. */
function start(password = FIXTURE_PASSWORD) {
  const { journal, recorder, clock, simulator } = bench;
  const client = new ZnunyClient({ url: simulator.url, userLogin: BOT, password: () => password });
  const identity = { url: simulator.url, userLogin: BOT, password };
  return { client, login: new Login({ client, journal, recorder, clock, identity }) };
}
/** Without the probes for routes, which carry no login. */
const attempts = () => bench.calls('SessionCreate').filter((call) => call.data.UserLogin === BOT).length;
/** Stops waiting at once: what remains of the time is seen in `notBefore`. */
const impatient = () => AbortSignal.timeout(20);

test('a login that works answers the UserID and costs one attempt', async () => {
  const { login } = start();

  expect(await login.attempt(NEVER)).toBe(2);

  expect(attempts()).toBe(1);
  expect(await login.notBefore()).toBe(0);
});

test('a login that never worked ends the start, and the next start waits 5, 30 and then 60 minutes', async () => {
  for (const minutes of [5, 30, 60, 60]) {
    const { login } = start('wrong');
    await expect(login.attempt(NEVER)).rejects.toMatchObject({ kind: 'config', code: 'E_ZNUNY_AUTH' });
    expect(await start('wrong').login.notBefore()).toBe(bench.now + minutes * MINUTE);
    bench.now += minutes * MINUTE;
  }
  expect(attempts()).toBe(4);
});

test('a start before its time waits and sends nothing', async () => {
  await start('wrong')
    .login.attempt(NEVER)
    .catch(() => {});
  bench.now += 4 * MINUTE;

  expect(await start('wrong').login.attempt(impatient())).toBeNull();

  expect(attempts()).toBe(1);
  expect(bench.log.with('login waits after earlier refusals')).toHaveLength(1);
});

test('a corrected password may be tried at once', async () => {
  await start('wrong')
    .login.attempt(NEVER)
    .catch(() => {});

  expect(await start().login.attempt(NEVER)).toBe(2);
});

test('a login that worked before is tried again, and the program does not end', async () => {
  await start().login.attempt(NEVER);
  bench.simulator.setMaintenance(true);

  const { login } = start();
  expect(await login.attempt(NEVER)).toBeNull();
  expect(await login.notBefore()).toBe(bench.now + 5 * MINUTE);
  expect(bench.log.with('login refused')).toMatchObject([{ failures: 1 }]);

  bench.simulator.setMaintenance(false);
  bench.now += 5 * MINUTE;
  expect(await login.attempt(NEVER)).toBe(2);
  expect(await login.notBefore()).toBe(0);
});

test('three starts with a wrong password within minutes do not lock the agent', async () => {
  bench.simulator.setMaxLoginFailed(3);
  for (let restart = 0; restart < 5; restart += 1) {
    await start('wrong')
      .login.attempt(impatient())
      .catch(() => {});
    bench.now += 30_000;
  }

  expect(await start().login.attempt(NEVER)).toBe(2);
});

test('a lost session that Znuny does not renew counts as the attempt that it was', async () => {
  const { client, login } = start();
  await login.attempt(NEVER);
  bench.simulator.setMaintenance(true);
  bench.simulator.expireSessions();
  bench.simulator.clearCalls();
  await expect(client.ticketSearch({ Limit: 1 })).rejects.toMatchObject({ code: 'E_ZNUNY_AUTH' });

  expect(await login.resume()).toBeNull();

  expect(await login.resume()).toBeNull();
  expect(attempts()).toBe(1);
  expect(await login.notBefore()).toBe(bench.now + 5 * MINUTE);
});

test('a lost session that Znuny renews needs no waiting', async () => {
  const { login } = start();
  await login.attempt(NEVER);
  bench.simulator.expireSessions();

  expect(await login.resume()).toBe(2);
  expect(await login.notBefore()).toBe(0);
});

test('a password that is sent with each call and refused in mid-run counts, and is tried again after its time', async () => {
  const { journal, recorder, clock, simulator } = bench;
  const client = new ZnunyClient({
    url: simulator.url,
    userLogin: BOT,
    password: () => FIXTURE_PASSWORD,
    auth: 'password',
  });
  const identity = { url: simulator.url, userLogin: BOT, password: FIXTURE_PASSWORD };
  const login = new Login({ client, journal, recorder, clock, identity });
  expect(await login.attempt(NEVER)).toBe(2);
  simulator.setMaintenance(true);
  await expect(client.ticketSearch({ Limit: 1 })).rejects.toMatchObject({ code: 'E_ZNUNY_AUTH' });

  expect(await login.resume()).toBeNull();
  expect(await login.notBefore()).toBe(bench.now + 5 * MINUTE);

  simulator.setMaintenance(false);
  bench.now += 5 * MINUTE;
  expect(await login.attempt(NEVER)).toBe(2);
  expect(await client.ticketSearch({ Limit: 1 })).toEqual([]);
});

test('an unreachable Znuny is no refusal', async () => {
  await bench.simulator.stop();
  const { login } = start();

  await expect(login.attempt(NEVER)).rejects.toMatchObject({ kind: 'transient' });

  expect(await login.notBefore()).toBe(0);
  await bench.simulator.start();
});

test('a time that a wrong clock wrote down does not keep the daemon out for longer than an hour', async () => {
  bench.now += 365 * 24 * 60 * MINUTE;
  await start('wrong')
    .login.attempt(NEVER)
    .catch(() => {});
  bench.now -= 365 * 24 * 60 * MINUTE;

  await start('wrong').login.attempt(impatient());

  const [line] = bench.log.with('login waits after earlier refusals');
  expect(Date.parse(String(line?.until)) - bench.now).toBe(60 * MINUTE);
});

test('the journal keeps nothing by which a password could be guessed', async () => {
  await start().login.attempt(NEVER);

  expect(await bench.journal.fact('login_fingerprint')).toMatch(/^[0-9a-f]{4}$/);
});
