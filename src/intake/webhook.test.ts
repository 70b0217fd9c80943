import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { HttpServer } from '../server/http-server.ts';
import { Webhook, type WebhookAuth, type WebhookOptions } from './webhook.ts';

const HEADER: WebhookAuth = {
  type: 'header',
  header: 'X-Triage-Token',
  secrets: ['hook-secret-1', 'hook-secret-2'],
};
const CREDENTIALS = { 'x-triage-token': 'hook-secret-1' };
const ACCEPTED = '{"Success":1}';

const running: HttpServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function start(options: Partial<WebhookOptions> = {}) {
  const tickets: number[] = [];
  const failures: unknown[] = [];
  const drops: number[] = [];
  const handler = new Webhook({
    auth: HEADER,
    onTicket: (ticketId) => {
      tickets.push(ticketId);
    },
    onFailure: (error) => failures.push(error),
    onDropped: (dropped) => drops.push(dropped),
    clock: () => 0,
    ...options,
  });
  const server = new HttpServer({
    host: '127.0.0.1',
    port: 0,
    health: { reasons: [] },
    metrics: { contentType: 'text/plain', render: async () => '' },
    webhook: { path: '/hook', handler },
  });
  running.push(server);
  const { port } = await server.start();
  const call = async (body: string, headers: Record<string, string> = CREDENTIALS, path = '/hook') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  return { port, call, tickets, failures, drops };
}

/** The body that a real Znuny sent (test/recordings). */
function recordedBody(name: string): string {
  const file = new URL(`../../test/recordings/${name}`, import.meta.url);
  const recording: { request: { body: unknown } } = JSON.parse(readFileSync(file, 'utf8'));
  return JSON.stringify(recording.request.body);
}

test.each([
  ['Generic::Tunnel', '198-webhook-tunnel-ticketcreate.json', 44],
  ['Generic::Tunnel with the id as text', '200-webhook-tunnel-ticketqueueupdate.json', 44],
  ['Ticket::Generic', '197-webhook-generic-ticketcreate.json', 44],
])('the id is taken from the call of %s', async (_, recording, ticketId) => {
  const { call, tickets } = await start();

  const answer = await call(recordedBody(recording));

  expect(answer).toMatchObject({ status: 202, text: ACCEPTED });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(tickets).toEqual([ticketId]);
});

test('the id may stand in the path, where Znuny takes it out of the body', async () => {
  const { call, tickets } = await start();

  expect(await call('{"Event":"TicketCreate"}', CREDENTIALS, '/hook/45')).toMatchObject({ status: 202 });

  expect(tickets).toEqual([45]);
});

test.each([
  ['no body', ''],
  ['no JSON', '{"TicketID":44'],
  ['a list', '[44]'],
  ['null', 'null'],
  ['no id', '{"Event":"TicketCreate"}'],
  ['an id that is none', '{"TicketID":"44; DROP TABLE"}'],
  ['a negative id', '{"TicketID":-1}'],
  ['a broken id', '{"TicketID":4.5}'],
  ['an endless id', '{"TicketID":99999999999999999999}'],
  ['a nested id', '{"TicketID":{"TicketID":44}}'],
  ['a prototype', '{"__proto__":{"TicketID":44}}'],
  ['an unknown id', '{"TicketID":987654321}'],
])('the answer to %s is the same as to a good call', async (_, body) => {
  const { call } = await start();

  expect(await call(body)).toMatchObject({ status: 202, text: ACCEPTED });
});

test('what is no id reaches nobody, and nothing of the call is echoed', async () => {
  const { call, tickets } = await start();

  const answer = await call('{"TicketID":"<b>44","OTRS_TicketQueueSet":"Junk"}');

  expect(answer.text).toBe(ACCEPTED);
  expect(tickets).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['no credentials', {}],
  ['a wrong value', { 'x-triage-token': 'hook-secret-3' }],
  ['a part of the value', { 'x-triage-token': 'hook-secret' }],
  ['more than the value', { 'x-triage-token': 'hook-secret-11' }],
  ['an empty value', { 'x-triage-token': '' }],
  ['another header', { authorization: 'hook-secret-1' }],
])('a call with %s is refused and names no ticket', async (_, headers) => {
  const { call, tickets } = await start();

  expect((await call('{"TicketID":44}', headers)).status).toBe(401);
  expect((await call('', headers, '/hook/44')).status).toBe(401);
  expect(tickets).toEqual([]);
});

test('both secrets are good while one replaces the other', async () => {
  const { call, tickets } = await start();

  await call('{"TicketID":1}', { 'x-triage-token': 'hook-secret-1' });
  await call('{"TicketID":2}', { 'x-triage-token': 'hook-secret-2' });

  expect(tickets).toEqual([1, 2]);
});

test('Basic credentials are compared as a whole', async () => {
  const { call, tickets } = await start({ auth: { type: 'basic', username: 'znuny', secrets: ['p:w'] } });
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  const refused = await call('{"TicketID":1}', basic('znuny:p'));
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toMatch(/^Basic/);
  expect((await call('{"TicketID":2}', basic('other:p:w'))).status).toBe(401);
  expect((await call('{"TicketID":3}', basic('znuny:p:w'))).status).toBe(202);
  expect(tickets).toEqual([3]);
});

test('a body of 64 kB is read, a longer one is refused', async () => {
  const { call, tickets } = await start();
  const padded = (bytes: number) => `{"TicketID":44,"Pad":"${'x'.repeat(bytes - 24)}"}`;

  expect((await call(padded(64 * 1024))).status).toBe(202);
  expect((await call(padded(64 * 1024 + 1))).status).toBe(413);
  expect(tickets).toEqual([44]);
});

test('a body without end is not read to its end', async () => {
  const { port, tickets } = await start();
  let sent = 0;

  const status = await new Promise<number>((resolve, reject) => {
    const caller = request({ port, host: '127.0.0.1', path: '/hook', method: 'POST', headers: CREDENTIALS });
    let answered = false;
    caller.on('response', (response) => {
      answered = true;
      response.resume();
      resolve(response.statusCode ?? 0);
      caller.destroy();
    });
    caller.on('error', (error) => answered || reject(error));
    const chunk = Buffer.alloc(16 * 1024, 'x');
    const send = () => {
      if (answered || sent > 100 * 1024 * 1024) return;
      sent += chunk.length;
      caller.write(chunk, () => setImmediate(send));
    };
    send();
  });

  expect(status).toBe(413);
  expect(sent).toBeLessThan(20 * 1024 * 1024);
  expect(tickets).toEqual([]);
});

test('the answer does not wait for what is done with the ticket', async () => {
  let finished = false;
  const { call } = await start({
    onTicket: async () => {
      await sleep(300);
      finished = true;
    },
  });
  await call('{"TicketID":1}');

  const started = performance.now();
  await call('{"TicketID":2}');

  expect(performance.now() - started).toBeLessThan(200);
  expect(finished).toBe(false);
  await sleep(350);
  expect(finished).toBe(true);
});

test('a failure behind the answer is handed over and harms no later call', async () => {
  const { call, failures } = await start({
    onTicket: () => {
      throw new Error('journal is busy');
    },
  });

  expect(await call('{"TicketID":1}')).toMatchObject({ status: 202, text: ACCEPTED });
  expect(await call('{"TicketID":2}')).toMatchObject({ status: 202, text: ACCEPTED });
  await sleep(20);

  expect(failures).toHaveLength(2);
});

test('in a flood the answer stays the same, the rest is dropped and counted', async () => {
  let now = 0;
  const { call, tickets, drops } = await start({ clock: () => now });
  for (let id = 1; id <= 510; id += 1) {
    expect(await call(`{"TicketID":${id}}`)).toMatchObject({ status: 202, text: ACCEPTED });
  }
  expect(tickets).toHaveLength(500);
  expect(drops).toEqual([1]);

  now = 1_000;
  for (let id = 600; id < 660; id += 1) await call(`{"TicketID":${id}}`);
  expect(tickets).toHaveLength(550);

  now = 1_000 - 60_000; // the clock jumps back
  expect((await call('{"TicketID":700}')).status).toBe(202);
  now = 60_000;
  await call('{"TicketID":701}');
  expect(tickets.at(-1)).toBe(701);
});
