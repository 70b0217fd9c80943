import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { describeError, type KnownError } from '../errors.ts';
import { type CallEvent, ZnunyClient, type ZnunyClientOptions } from './client.ts';
import { errorOf, type Reply, type Seen, TestServer } from './test-server.ts';

const PASSWORD = 'canary-pass/wörd 1';
const TOKEN = 'canary-token-2';
const SESSION = 'canary-session-3';
const TEXT = 'canary ticket text 4';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** Everything that a logger or a terminal could show of a value. */
function shown(value: unknown): string {
  return `${inspect(value, { depth: 12, showHidden: true })}${JSON.stringify(value)}${describeError(value)}`;
}

const canary = /canary/;
/** A server that throws every secret that it was sent back into our face. */
const echo = ({ url, headers, text }: Seen) => `${url} ${text} ${JSON.stringify(headers)}`;

test.each<[string, (seen: Seen) => Reply]>([
  [
    'an operation error',
    (seen) => ({ body: { Error: { ErrorCode: `${seen.operation}.Odd`, ErrorMessage: secretsOf(seen) } } }),
  ],
  [
    'a refused login',
    (seen) => ({
      body: {
        Error: {
          ErrorCode: `${seen.operation}.AuthFail`,
          ErrorMessage: `${seen.operation}: ${secretsOf(seen)}`,
        },
      },
    }),
  ],
  [
    'a plain-text error',
    (seen) => ({ status: 500, headers: { 'content-type': 'text/plain' }, body: secretsOf(seen) }),
  ],
  [
    'an unknown route',
    (seen) => ({
      status: 500,
      headers: { 'content-type': 'text/plain' },
      body: `HTTP::REST Error while determine Operation for request URI '${secretsOf(seen)}'.`,
    }),
  ],
  ['a fault', (seen) => ({ status: 500, body: { faultcode: 'Server', faultstring: secretsOf(seen) } })],
  [
    'a page',
    (seen) => ({
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: `<html><title>${secretsOf(seen)}</title>${TEXT}</html>`,
    }),
  ],
  ['no JSON', (seen) => ({ body: `${echo(seen)} ${TEXT}` })],
  ['a broken connection', () => 'close'],
  ['half an answer', () => ({ half: `{"Ticket":[{"Title":"${TEXT}"` })],
  ['silence', () => 'silence'],
])('%s shows no secret and no ticket text', async (_, script) => {
  const server = await new TestServer(script).start();
  servers.push(server);
  const events: CallEvent[] = [];
  const options: Partial<ZnunyClientOptions> = {
    password: () => PASSWORD,
    headers: { authorization: TOKEN, 'x-key': () => TOKEN },
    timeoutMs: 250,
    random: () => 0,
    breakerMs: 0,
    onCall: (event) => events.push(event),
  };
  const errors: KnownError[] = [];
  for (const auth of ['session', 'password'] as const) {
    const client = server.client({ ...options, auth });
    server.scriptsLogin = false;
    const login = errorOf(client.login());
    if (auth === 'session') await login.catch(() => undefined);
    else errors.push(await login);
    errors.push(await errorOf(client.ticketSearch({ Title: TEXT })));
    errors.push(await errorOf(client.ticketGet([1]).then(({ failed }) => Promise.reject(failed[0]?.error))));
    errors.push(
      await errorOf(
        client.ticketUpdate({ TicketID: 1, Ticket: { Title: TEXT }, Article: { Subject: TEXT, Body: TEXT } }),
      ),
    );
    server.scriptsLogin = true;
    if (auth === 'session') errors.push(await errorOf(client.login()));
    expect(inspect(client, { depth: 12, showHidden: true })).not.toMatch(canary);
  }
  for (const error of errors) expect(shown(error)).not.toMatch(canary);
  expect(JSON.stringify(events)).not.toMatch(canary);
  expect(errors.length).toBeGreaterThan(7);
});

/** The credentials of a request, as a careless server might print them. */
function secretsOf({ data, headers }: Seen): string {
  const values = [data.Password, data.SessionID, headers.authorization, headers['x-key']];
  return values.map((value) => `${value} ${encodeURIComponent(String(value))}`).join(' ');
}

test('a session in a path is not in an error', async () => {
  const server = await new TestServer(({ url }) => ({
    status: 500,
    headers: { 'content-type': 'text/plain' },
    body: `no ${url}`,
  })).start();
  servers.push(server);
  server.scriptsLogin = true;
  const script = server.script;
  server.script = (seen) =>
    seen.operation === 'SessionCreate' ? { body: { SessionID: SESSION } } : script(seen);
  const client = server.client({
    routes: { SessionGet: { method: 'POST', path: '/SessionGet/:SessionID' } },
    random: () => 0,
  });
  await client.login();
  expect(shown(await errorOf(client.sessionGet()))).not.toMatch(canary);
});

test('a secret that a header cannot carry is not in the error', async () => {
  const client = new ZnunyClient({
    url: 'http://127.0.0.1:1',
    userLogin: 'bot',
    password: () => PASSWORD,
    headers: { 'x-key': `${TOKEN}\n` },
  });
  expect(shown(await errorOf(client.resolveEndpoint()))).not.toMatch(canary);
  await client.close();
});
