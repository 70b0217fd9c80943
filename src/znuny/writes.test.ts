import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Simulator } from '../simulator/simulator.ts';
import { ZnunyClient } from './client.ts';
import { authFail, errorOf, type Reply, TestServer } from './test-server.ts';
import type { TicketCreate, TicketUpdate } from './types.ts';

const move: TicketUpdate = {
  TicketID: 7,
  Ticket: { Queue: 'Misc' },
  Article: { Subject: 's', Body: 'note' },
};
const written = { body: { TicketID: '7', TicketNumber: '2026000007', ArticleID: 3 } };

let server: TestServer;
beforeEach(async () => {
  server = await new TestServer(() => written).start();
});
afterEach(() => server.stop());

const html = '<html><head><title>502 Bad Gateway</title></head><body>secret body</body></html>';
test.each<[string, Reply]>([
  ['a connection closed without an answer', 'close'],
  ['no answer before the deadline', 'silence'],
  ['half an answer', { half: '{"TicketID":"7","TicketNum' }],
  ['an answer that is cut off but ends properly', { body: '{"TicketID":"7","Ticket' }],
  ['a proxy page 502', { status: 502, headers: { 'content-type': 'text/html' }, body: html }],
  ['a proxy page 503 with Retry-After', { status: 503, headers: { 'retry-after': '1' }, body: html }],
  ['a proxy page with status 200', { headers: { 'content-type': 'text/html' }, body: html }],
  ['an answer that is no UTF-8', { body: Buffer.from('{"TicketID":"7","x":"B\xfcro"}', 'latin1') }],
  ['an answer of another shape', { body: { Ok: 1 } }],
  ['a list', { body: [1] }],
  ['an unnamed error', { body: { Success: 0, ErrorMessage: 'something broke' } }],
  [
    'an error in the middle of the work',
    { body: { Error: { ErrorCode: 'TicketUpdate.Odd', ErrorMessage: 'no prefix' } } },
  ],
  ['an answer over the limit', { body: { TicketID: 7, filling: 'x'.repeat(5000) } }],
])('a TicketUpdate with %s is unclear and is sent once', async (_, reply) => {
  server.script = () => reply;
  const client = server.client({ timeoutMs: 400, maxResponseBytes: 4000 });
  await client.login();
  const error = await errorOf(client.ticketUpdate(move));
  expect(error).toMatchObject({ kind: 'ambiguous', code: 'E_ZNUNY_UNCLEAR' });
  expect(error.message).toContain('the change may have been made');
  expect(error.message).not.toContain('secret body');
  expect(error.where).toBe(
    `PUT ${server.url}/otrs/nph-genericinterface.pl/Webservice/TicketTriage/TicketUpdate`,
  );
  expect(server.calls('TicketUpdate')).toHaveLength(1);
});

test('a write that broke after it was done is unclear, and the simulated Znuny has it once', async () => {
  const simulator = new Simulator();
  await simulator.start();
  const client = new ZnunyClient({
    url: simulator.url,
    userLogin: 'otai-bot',
    password: () => 'simulator-password',
  });
  try {
    const { id } = simulator.receiveMail({ subject: 'VPN', body: 'does not work' });
    await client.login();
    simulator.faults.add({ kind: 'reset-after', operation: 'TicketUpdate' });
    const error = await errorOf(client.ticketUpdate({ ...move, TicketID: id }));
    expect(error.kind).toBe('ambiguous');
    expect(simulator.ticket(id)?.queue).toBe('Misc');
    expect(simulator.ticket(id)?.articles).toHaveLength(2);
  } finally {
    await client.close();
    await simulator.stop();
  }
});

test('a refused connection proves that nothing was written', async () => {
  const client = server.client();
  await client.login();
  await server.refuse();
  const error = await errorOf(client.ticketUpdate(move));
  expect(error).toMatchObject({ kind: 'transient', code: 'E_ZNUNY_UNREACHABLE' });
  expect(error.message).toContain('ECONNREFUSED');
});

test('too many requests prove that nothing was written', async () => {
  server.script = () => ({ status: 429, body: 'slow down' });
  expect(await errorOf(server.client().ticketUpdate(move))).toMatchObject({ kind: 'transient' });
  expect(server.calls('TicketUpdate')).toHaveLength(1);
});

test('a write uses a connection of its own, also where reads keep theirs', async () => {
  server.script = ({ operation }) => (operation === 'TicketUpdate' ? written : { body: { TicketID: ['7'] } });
  const client = server.client();
  for (let round = 0; round < 3; round++) {
    await client.ticketSearch({ States: 'new' });
    await client.ticketUpdate(move);
  }
  expect(server.calls('TicketSearch').map((seen) => seen.ofSocket)).toEqual([1, 2, 3]);
  expect(server.calls('TicketUpdate').map((seen) => seen.ofSocket)).toEqual([1, 1, 1]);
});

test('a body goes with its length, since Znuny ignores a chunked one', async () => {
  await server.client().ticketUpdate({ TicketID: 7, Ticket: { Title: 'Büro 🚑' } });
  const [seen] = server.calls('TicketUpdate');
  expect(seen?.headers['content-length']).toBe(String(Buffer.byteLength(seen?.text ?? '')));
  expect(seen?.headers['transfer-encoding']).toBeUndefined();
  expect(seen?.data.Ticket).toEqual({ Title: 'Büro 🚑' });
});

test('a lost session is renewed for a write, which is then sent once more', async () => {
  server.script = ({ data }) =>
    String(data.SessionID).startsWith('session-1') ? authFail('TicketUpdate') : written;
  expect(await server.client().ticketUpdate(move)).toMatchObject({ ticketId: 7 });
  expect(server.calls('SessionCreate')).toHaveLength(2);
  expect(server.calls('TicketUpdate')).toHaveLength(2);
});

test('an article is internal and plain unless told otherwise', async () => {
  const client = server.client();
  await client.ticketUpdate(move);
  await client.ticketUpdate({
    ...move,
    Article: { Subject: 's', Body: 'b', IsVisibleForCustomer: 1, MimeType: 'text/html', Charset: 'utf-8' },
  });
  const [internal, told] = server.calls('TicketUpdate').map((seen) => seen.data.Article);
  expect(internal).toEqual({
    ContentType: 'text/plain; charset=utf8',
    IsVisibleForCustomer: 0,
    Subject: 's',
    Body: 'note',
  });
  expect(told).toEqual({
    Subject: 's',
    Body: 'b',
    IsVisibleForCustomer: 1,
    MimeType: 'text/html',
    Charset: 'utf-8',
  });
});

test('empty parts are left out, since Znuny refuses an empty Ticket', async () => {
  await server.client().ticketUpdate({ TicketID: 7, Ticket: {}, DynamicField: [], Attachment: [] });
  expect(Object.keys(server.calls('TicketUpdate')[0]?.data ?? {}).sort()).toEqual(['SessionID', 'TicketID']);
});

test('an unclear TicketCreate says to search before creating again', async () => {
  server.script = () => 'close';
  const create: TicketCreate = {
    Ticket: { Title: 't', CustomerUser: 'a' },
    Article: { Subject: 's', Body: 'b' },
  };
  const error = await errorOf(server.client().ticketCreate(create));
  expect(error).toMatchObject({
    kind: 'ambiguous',
    hint: 'Search for the ticket before it is created again.',
  });
});

test('an id that is none is refused before anything is sent', async () => {
  const client = server.client();
  for (const TicketID of [0, -1, 1.5, Number.NaN]) {
    expect(await errorOf(client.ticketUpdate({ TicketID }))).toMatchObject({
      kind: 'permanent',
      code: 'E_ZNUNY_REQUEST',
    });
  }
  expect(server.calls('TicketUpdate')).toEqual([]);
});

test('closing waits for a write under way', async () => {
  server.script = async () => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    return written;
  };
  const client = server.client();
  await client.login();
  const write = client.ticketUpdate(move);
  while (server.calls('TicketUpdate').length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.close();
  expect(await write).toMatchObject({ ticketId: 7 });
  expect(await errorOf(client.ticketUpdate(move))).toMatchObject({ kind: 'transient' });
});

test('a server that answers nothing at all never gets the write, so that nothing is unclear', async () => {
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const deaf = new ZnunyClient({
    url: `http://127.0.0.1:${port}`,
    userLogin: 'bot',
    password: () => 'pass-word',
    timeoutMs: 300,
  });
  expect(await errorOf(deaf.ticketUpdate(move))).toMatchObject({ kind: 'transient' });
  await deaf.close();
  mute.close();
});
