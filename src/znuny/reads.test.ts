import { afterEach, beforeEach, expect, test } from 'vitest';
import { Simulator } from '../simulator/simulator.ts';
import type { CallEvent } from './client.ts';
import { ZnunyClient } from './client.ts';
import { errorOf, type Reply, recorded, refusal, TestServer } from './test-server.ts';

const hits: Reply = { body: { TicketID: ['9', '4', '9'] } };

let server: TestServer;
beforeEach(async () => {
  server = await new TestServer(() => hits).start();
});
afterEach(() => server.stop());

/** Answers in turn; the last one stays. */
function inTurn(...replies: readonly [Reply, ...Reply[]]): () => Reply {
  let next = 0;
  return () => replies[Math.min(next++, replies.length - 1)] ?? replies[0];
}

const page = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: `<html><title>${status} page</title>ticket text</html>`,
});

test.each<[string, Reply]>([
  ['a connection closed without an answer', 'close'],
  ['half an answer', { half: '{"TicketID":["9","4' }],
  ['cut JSON', { body: '{"TicketID":["9","4' }],
  ['a proxy page 502', page(502)],
  ['too many requests', page(429)],
  ['an operation that died', recorded(157)],
])('a read is repeated after %s', async (_, reply) => {
  server.script = inTurn(reply, hits);
  expect(await server.client({ random: () => 0 }).ticketSearch({ States: 'new' })).toEqual([9, 4]);
  expect(server.calls('TicketSearch')).toHaveLength(2);
});

test('a read is given up after three tries', async () => {
  server.script = () => 'close';
  const error = await errorOf(server.client({ random: () => 0 }).ticketSearch({ States: 'new' }));
  expect(error).toMatchObject({ kind: 'transient', code: 'E_ZNUNY_UNREACHABLE' });
  expect(server.calls('TicketSearch')).toHaveLength(3);
});

test('the last request of a kept-alive socket is repeated at once on another', async () => {
  server.script = ({ ofSocket, operation }) =>
    operation === 'TicketSearch' && ofSocket > 2 ? 'close' : hits;
  // Pauses of a minute: only a repetition at once ends in time.
  const client = server.client({ random: () => 240, timeoutMs: 3000, maxConcurrency: 1 });
  for (let call = 0; call < 3; call++) expect(await client.ticketSearch({ States: 'new' })).toEqual([9, 4]);
  expect(server.calls('TicketSearch').map((seen) => seen.ofSocket)).toEqual([1, 2, 3, 1]);
});

test('250 searches pass over sockets that apache ends after 100 requests', async () => {
  const simulator = new Simulator({ keepAlive: true });
  await simulator.start();
  const events: CallEvent[] = [];
  const client = new ZnunyClient({
    url: simulator.url,
    userLogin: 'otai-bot',
    password: () => 'simulator-password',
    maxConcurrency: 1,
    onCall: (event) => events.push(event),
  });
  simulator.receiveMail({ subject: 'a', body: 'b' });
  for (let call = 0; call < 250; call++) expect(await client.ticketSearch({ States: 'new' })).toHaveLength(1);
  expect(events.filter((event) => event.attempt === 2)).toHaveLength(2);
  await client.close();
  await simulator.stop();
});

test('Retry-After is kept, and one beyond the deadline ends the call at once', async () => {
  server.script = inTurn(page(503, { 'retry-after': '1' }), hits);
  const client = server.client({ random: () => 0 });
  await client.login();
  const started = performance.now();
  expect(await client.ticketSearch({ States: 'new' })).toEqual([9, 4]);
  expect(performance.now() - started).toBeGreaterThan(990);

  server.script = inTurn(page(503, { 'retry-after': '3600' }), hits);
  const again = performance.now();
  expect(await errorOf(client.ticketSearch({ States: 'new' }))).toMatchObject({ kind: 'transient' });
  expect(performance.now() - again).toBeLessThan(500);
});

test('the deadline is for the whole call, also where the answer drips', async () => {
  const simulator = new Simulator();
  await simulator.start();
  const client = new ZnunyClient({
    url: simulator.url,
    userLogin: 'otai-bot',
    password: () => 'simulator-password',
    timeoutMs: 500,
  });
  await client.login();
  simulator.faults.add({ kind: 'drip', operation: 'TicketSearch', times: 9 });
  const started = performance.now();
  const error = await errorOf(client.ticketSearch({ Queues: 'Raw' }));
  expect(error).toMatchObject({ kind: 'transient', code: 'E_ZNUNY_UNREACHABLE' });
  expect(performance.now() - started).toBeLessThan(900);
  await client.close();
  await simulator.stop();
});

test.each<[string, Reply, string, string]>([
  [
    'bytes that are no UTF-8',
    { body: Buffer.from('{"TicketID":["B\xfcro"]}', 'latin1') },
    'permanent',
    'E_ZNUNY_ANSWER',
  ],
  ['other keys', { body: { Tickets: [] } }, 'permanent', 'E_ZNUNY_ANSWER'],
  ['ids that are none', { body: { TicketID: ['x'] } }, 'permanent', 'E_ZNUNY_ANSWER'],
  ['a list', { body: [] }, 'permanent', 'E_ZNUNY_ANSWER'],
  [
    'more than the limit',
    { body: { TicketID: ['1'], filling: 'x'.repeat(9000) } },
    'permanent',
    'E_ZNUNY_ANSWER',
  ],
  ['a page 404', page(404), 'config', 'E_ZNUNY_URL'],
  ['a page 403', page(403), 'config', 'E_ZNUNY_URL'],
  ['a page 414', page(414), 'permanent', 'E_ZNUNY_REQUEST'],
  ['Success 0', { body: { Success: 0, ErrorMessage: 'no' } }, 'permanent', 'E_ZNUNY_REQUEST'],
  ['a refusal', refusal('TicketSearch.Other', 'TicketSearch: no'), 'permanent', 'E_ZNUNY_REQUEST'],
])('a search answered with %s is no empty search', async (_, reply, kind, code) => {
  server.script = () => reply;
  const error = await errorOf(server.client({ maxResponseBytes: 5000 }).ticketSearch({ States: 'new' }));
  expect(error).toMatchObject({ kind, code });
  expect(error.message).not.toContain('ticket text');
  expect(server.calls('TicketSearch')).toHaveLength(1);
});

test('a page with status 200 is an answer of something else than Znuny', async () => {
  server.script = () => page(200);
  expect(await errorOf(server.client({ random: () => 0 }).ticketSearch({ States: 'new' }))).toMatchObject({
    kind: 'transient',
    code: 'E_ZNUNY_ANSWER',
  });
});

test('a redirect is not followed', async () => {
  const other = await new TestServer(() => hits).start();
  server.script = () => ({ status: 302, headers: { location: `${other.url}/x?SessionID=leak` }, body: '' });
  const error = await errorOf(server.client().ticketSearch({ States: 'new' }));
  expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_URL' });
  expect(error.message).toContain(other.url);
  expect(error.message).not.toContain('leak');
  expect(other.seen).toEqual([]);
  await other.stop();
});

test('nothing is sent while the breaker is open; one call tries again, and success closes it', async () => {
  server.script = () => 'close';
  const client = server.client({ random: () => 0, breakerMs: 700 });
  await client.login();
  for (let call = 0; call < 2; call++) await errorOf(client.ticketSearch({ States: 'new' }));
  const sent = server.calls('TicketSearch').length;
  expect(sent).toBe(5);
  const error = await errorOf(client.ticketSearch({ States: 'new' }));
  expect(error).toMatchObject({ kind: 'transient', code: 'E_ZNUNY_UNREACHABLE' });
  expect(error.message).toContain('5 times in a row');
  expect(server.calls('TicketSearch')).toHaveLength(sent);
  server.script = () => hits;
  await new Promise((resolve) => setTimeout(resolve, 750));
  expect(await client.ticketSearch({ States: 'new' })).toEqual([9, 4]);
  expect(await client.ticketSearch({ States: 'new' })).toEqual([9, 4]);
});

test('one bad ticket in a batch is named, and the others are read', async () => {
  const bad = new Set([7, 12]);
  server.script = ({ data }) => {
    const ids = String(data.TicketID).split(',').map(Number);
    if (ids.some((id) => bad.has(id))) return recorded(127);
    return { body: { Ticket: ids.map((TicketID) => ({ TicketID, TicketNumber: `N${TicketID}` })) } };
  };
  const ids = Array.from({ length: 16 }, (_, index) => index + 1);
  const { tickets, failed } = await server.client().ticketGet([...ids, 3]);
  expect(tickets.map((ticket) => ticket.TicketID)).toEqual(ids.filter((id) => !bad.has(id)));
  expect(failed.map(({ ticketId, error }) => [ticketId, error.code])).toEqual([
    [7, 'E_ZNUNY_ACCESS'],
    [12, 'E_ZNUNY_ACCESS'],
  ]);
  expect(server.calls('TicketGet').length).toBeLessThan(16);
});

test('a ticket that the answer leaves out has failed, too', async () => {
  server.script = () => ({ body: { Ticket: [{ TicketID: '1' }] } });
  const { tickets, failed } = await server.client().ticketGet([1, 2]);
  expect(tickets).toHaveLength(1);
  expect(failed).toMatchObject([{ ticketId: 2, error: { code: 'E_ZNUNY_ANSWER' } }]);
});

test('a connection that breaks in a batch is no ticket that failed', async () => {
  server.script = () => 'close';
  expect(await errorOf(server.client({ random: () => 0 }).ticketGet([1, 2]))).toMatchObject({
    kind: 'transient',
  });
});

test('many ids go in calls of 50; none make no call', async () => {
  server.script = ({ data }) => ({
    body: {
      Ticket: String(data.TicketID)
        .split(',')
        .map((TicketID) => ({ TicketID })),
    },
  });
  const client = server.client();
  expect(await client.ticketGet([])).toEqual({ tickets: [], failed: [] });
  const { tickets } = await client.ticketGet(Array.from({ length: 120 }, (_, index) => index + 1));
  expect(tickets.at(-1)?.TicketID).toBe(120);
  expect(server.calls('TicketGet')).toHaveLength(3);
});

test('no more requests run at once than allowed', async () => {
  let running = 0;
  let most = 0;
  server.script = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 10));
    running--;
    return hits;
  };
  const client = server.client({ maxConcurrency: 2 });
  await Promise.all(Array.from({ length: 10 }, () => client.ticketSearch({ States: 'new' })));
  expect(most).toBe(2);
});

test('a search that Znuny would misread without a word is refused', async () => {
  const client = server.client();
  expect((await errorOf(client.ticketSearch({ Queues: [] }))).message).toContain(
    'Queues must be a text that is not empty, or a list',
  );
  const unequal = client.ticketSearch({ SortBy: ['Age', 'TicketNumber'], OrderBy: ['Up'] });
  expect((await errorOf(unequal)).message).toContain('2 SortBy and 1 OrderBy');
  expect(server.calls('TicketSearch')).toEqual([]);
});

test('a ticket number gives its id, or null', async () => {
  const client = server.client();
  server.script = () => recorded(34);
  expect(await client.ticketIdByNumber('2026112310000084')).toBe(9);
  server.script = () => recorded(35);
  expect(await client.ticketIdByNumber('2026112310000085')).toBeNull();
  expect(await client.ticketIdByNumber('*')).toBeNull();
  expect(server.calls('TicketSearch')).toHaveLength(2);
});

test('each try is reported for metrics, and a listener that throws harms nothing', async () => {
  const events: CallEvent[] = [];
  server.script = inTurn('close', hits);
  const client = server.client({
    random: () => 0,
    onCall: (event) => {
      events.push(event);
      throw new Error('listener');
    },
  });
  await client.ticketSearch({ States: 'new' });
  expect(events.map(({ operation, outcome, code, attempt }) => [operation, outcome, code, attempt])).toEqual([
    ['SessionCreate', 'ok', undefined, 1],
    ['TicketSearch', 'error', 'E_ZNUNY_UNREACHABLE', 1],
    ['TicketSearch', 'ok', undefined, 2],
  ]);
});

test('closing ends reads under way', async () => {
  server.script = () => 'silence';
  const client = server.client();
  await client.login();
  const read = errorOf(client.ticketSearch({ States: 'new' }));
  while (server.calls('TicketSearch').length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.close();
  await client.close();
  expect((await read).message).toContain('the client was closed');
});
