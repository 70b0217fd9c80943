import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorFacts } from './call-context.ts';
import { errorOf, recorded, refusal, TestServer } from './test-server.ts';
import type { TicketCreate, TicketSearchQuery } from './types.ts';

let server: TestServer;
const written = { body: { TicketID: '7', TicketNumber: '2026112310000011', ArticleID: 1 } };

beforeEach(async () => {
  server = await new TestServer(() => written).start();
});
afterEach(() => server.stop());

describe('what Znuny would ignore or misread is refused before anything is sent', () => {
  const article = { Subject: 's', Body: 'b' };
  test.each<[string, object, string]>([
    ['an unknown part', { Tickets: {} }, 'Tickets is no parameter (did you mean Ticket?)'],
    ['an unknown key', { Ticket: { Queu: 'x' } }, 'Ticket.Queu is no parameter (did you mean Queue?)'],
    ['a number for a text', { Ticket: { Title: 5 } }, 'Ticket.Title must be a text'],
    ['a name for an id', { Ticket: { QueueID: 'Raw' } }, 'Ticket.QueueID must be an id'],
    ['a text for a part', { Ticket: 'x' }, 'Ticket must be an object'],
    [
      'half a time',
      { Ticket: { PendingTime: { Year: 2026 } } },
      'Ticket.PendingTime must be {"Diff": minutes}',
    ],
    ['both times', { Ticket: { PendingTime: { Diff: 1, Year: 2026 } } }, 'Ticket.PendingTime must be'],
    ['a body that is none', { Article: { ...article, Body: null } }, 'Article.Body must be a text'],
    [
      'the second article',
      { Article: [article, { Boddy: 'b' }] },
      'Article[1].Boddy is no parameter (did you mean Body?)',
    ],
    [
      'a sender of another kind',
      { Article: { ...article, SenderType: 'robot' } },
      'SenderType must be agent or customer',
    ],
    [
      'a value of a field',
      { DynamicField: [{ Name: 'A', Value: null }] },
      'DynamicField[0].Value must be a text, a number',
    ],
    [
      'no base64',
      { Article: article, Attachment: [{ Content: 'ü' }] },
      'Attachment[0].Content must be base64',
    ],
    ['an attachment of nothing', { Attachment: [{ Filename: 'a' }] }, 'Attachment needs an Article'],
  ])('%s', async (_, part, text) => {
    const client = server.client();
    const created = await errorOf(client.ticketCreate(part as TicketCreate));
    const updated = await errorOf(client.ticketUpdate({ TicketID: 7, ...part }));
    for (const error of [created, updated]) {
      expect(error).toMatchObject({ kind: 'permanent', code: 'E_ZNUNY_REQUEST' });
      expect(error.message).toContain(text);
    }
    expect(server.calls('TicketCreate')).toEqual([]);
    expect(server.calls('TicketUpdate')).toEqual([]);
  });

  test.each<[object, string]>([
    [{ Owner: 'bert' }, 'Owner is no parameter (did you mean OwnerIDs'],
    [{ Queue: 'Raw' }, 'Queue is no parameter (did you mean Queues?)'],
    [{ Fulltext: 'x' }, 'did you mean MIMEBase_Subject and MIMEBase_Body'],
    [{ Queues: '' }, 'Queues must be a text that is not empty'],
    [{ QueueIDs: [] }, 'QueueIDs must be an id'],
    [{ QueueIDs: null }, 'QueueIDs must be an id'],
    [{ TicketCreateTimeNewerDate: '2026-11-23T00:00:00Z' }, 'TicketCreateTimeNewerDate must be a time like'],
    [{ SortBy: 'Foo', OrderBy: 'Up' }, 'SortBy must be a sort key that Znuny knows'],
    [{ DynamicField_A: 'x' }, 'DynamicField_A must be an object'],
    [{ DynamicField_A: { Equal: 'x' } }, 'DynamicField_A.Equal is no parameter (did you mean Equals?)'],
    [{ 'DynamicField_A-B': { Equals: 'x' } }, 'DynamicField_A-B is no parameter'],
    [{ Limit: 0 }, 'Limit must be a whole number above 0'],
  ])('a search with %j', async (query, text) => {
    const error = await errorOf(server.client().ticketSearch(query));
    expect(error).toMatchObject({ kind: 'permanent', code: 'E_ZNUNY_REQUEST' });
    expect(error.message).toContain(text);
    expect(server.calls('TicketSearch')).toEqual([]);
  });

  test('every search parameter passes as it is', async () => {
    server.script = () => ({ body: {} });
    const query: TicketSearchQuery = {
      Title: ['*a*', 'b'],
      OwnerIDs: 3,
      SearchInArchive: 'AllTickets',
      ContentSearch: 'OR',
      MIMEBase_Subject: '*a*',
      TicketEscalationUpdateTimeNewerMinutes: -120,
      TicketCloseTimeOlderDate: '2026-11-23 00:00:00',
      DynamicField_A: { Like: ['a*'], GreaterThanEquals: 5, Empty: 0 },
      SortBy: ['DynamicField_A', 'Age'],
      OrderBy: ['Up', 'Down'],
    };
    await server.client().ticketSearch(query);
    const { SessionID, ...sent } = server.calls('TicketSearch')[0]?.data ?? {};
    expect(sent).toEqual(query);
  });

  test('one object stands for a list of one, and nothing of it is lost', async () => {
    const one = { DynamicField: { Name: 'A', Value: 'x' }, Article: { Subject: 's', Body: 'b' } };
    await server.client().ticketUpdate({ TicketID: 7, ...one } as never);
    expect(server.calls('TicketUpdate')[0]?.data.DynamicField).toEqual([{ Name: 'A', Value: 'x' }]);
  });
});

describe('TicketDelete', () => {
  test('stock Znuny has none: the error says so and what to do instead', async () => {
    const error = await errorOf(server.client().ticketDelete(7));
    expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_URL' });
    expect(error.message).toContain("Znuny's Generic Interface cannot delete tickets");
    expect(error.hint).toMatch(/Close the ticket .*archive/);
    expect(server.seen.filter(({ operation }) => operation === 'TicketDelete')).toEqual([]);
  });

  test('an add-on is asked where its route is configured, once', async () => {
    const routes = { TicketDelete: { method: 'DELETE', path: '/Ticket/:TicketID' } } as const;
    server.script = ({ url }) => (url.endsWith('/Ticket/7') ? { body: { Success: 1 } } : 'close');
    const client = server.client({ routes });
    await client.ticketDelete(7);
    expect(await errorOf(client.ticketDelete(8))).toMatchObject({ kind: 'ambiguous' });
    const deletes = server.seen.filter(
      ({ method, url }) => method === 'DELETE' && /\/Ticket\/[78]$/.test(url),
    );
    expect(deletes.map(({ url }) => url.split('/').at(-1))).toEqual(['7', '8']);
  });
});

describe('who asks', () => {
  const session = 'a-session-of-somebody-else';

  test('a session made elsewhere is used and never made anew', async () => {
    const client = server.client({ sessionId: () => session });
    await client.ticketUpdate({ TicketID: 7, Ticket: { Title: 'x' } });
    expect(server.calls('TicketUpdate')[0]?.data.SessionID).toBe(session);
    server.script = ({ operation }) =>
      refusal(`${operation}.AuthFail`, `${operation}: User could not be authenticated!`);
    const error = await errorOf(client.ticketUpdate({ TicketID: 7 }));
    expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_AUTH' });
    expect(error.hint).toContain('SessionCheckRemoteIP');
    expect(server.calls('SessionCreate')).toEqual([]);
    expect(server.calls('TicketUpdate')).toHaveLength(2);
  });

  test('a session that was replaced meanwhile is taken', async () => {
    const sessions = ['the-old-session', 'the-new-session'];
    server.script = ({ operation, data }) =>
      data.SessionID === 'the-new-session' ? written : refusal(`${operation}.AuthFail`, `${operation}: no!`);
    const client = server.client({ sessionId: () => sessions.shift() ?? 'the-new-session' });
    expect(await client.ticketUpdate({ TicketID: 7 })).toMatchObject({ ticketId: 7 });
  });

  test('headers alone speak for the caller where a gateway knows its token', async () => {
    const gateway = await new TestServer(() => written).start();
    gateway.open = ({ operation, headers }) => {
      if (headers.authorization !== 'Bearer key') return { status: 401, body: 'who?' };
      return operation === 'TicketSearch' ? { body: { TicketID: ['7'] } } : written;
    };
    const client = gateway.client({ auth: 'headers', headers: { Authorization: () => 'Bearer key' } });
    expect(await client.ticketSearch({ Queues: 'Raw' })).toEqual([7]);
    expect(await client.ticketUpdate({ TicketID: 7 })).toMatchObject({ ticketId: 7 });
    expect(gateway.seen.some(({ text }) => /SessionID|UserLogin|Password/.test(text))).toBe(false);
    expect(await errorOf(gateway.client({ auth: 'headers' }).ticketSearch({}))).toMatchObject({
      kind: 'config',
    });
    await gateway.stop();
  });

  test('the login travels by header where that is asked for', async () => {
    const client = server.client({ credentials: 'header' });
    await client.ticketUpdate({ TicketID: 7 });
    const [call] = server.seen.filter(
      ({ operation, headers }) => operation === 'TicketUpdate' && 'x-otrs-header-sessionid' in headers,
    );
    expect(call?.method).toBe('PUT');
    expect(call?.data).toEqual({ TicketID: 7 });
    expect(server.seen.some(({ text }) => /SessionID|Password/.test(text))).toBe(false);
  });

  test('a login that is missing is told', async () => {
    const client = server.client({ userLogin: '' });
    expect((await errorOf(client.ticketSearch({}))).message).toContain(
      'the login of the Znuny agent is missing',
    );
  });
});

test.each<[number, object]>([
  [99, { operation: 'TicketUpdate', znunyCode: 'TicketUpdate.InvalidParameter', mayBeWritten: false }],
  [105, { operation: 'TicketUpdate', znunyCode: 'TicketUpdate.MissingParameter', mayBeWritten: true }],
  [111, { operation: 'TicketUpdate', znunyCode: 'TicketUpdate.AccessDenied', mayBeWritten: false }],
  [157, { operation: 'TicketUpdate', znunyCode: '', mayBeWritten: true, code: 'E_ZNUNY_ACCESS' }],
])(
  'an error like recording %i says as data who, what, whether written, what to do',
  async (number, facts) => {
    server.script = () => recorded(number);
    const error = await errorOf(server.client().ticketUpdate({ TicketID: 7, Ticket: { Queue: 'x' } }));
    const told = errorFacts(error);
    expect(told).toMatchObject(facts);
    expect(told.znunyText.length).toBeGreaterThan(10);
    expect(told.whatToDo?.length).toBeGreaterThan(10);
  },
);

test('Extended gives what has happened to the ticket, and nothing otherwise', async () => {
  const client = server.client();
  server.script = () => recorded(56);
  const { tickets } = await client.ticketGet([9], { Extended: 1 });
  expect(tickets[0]?.FirstResponse).toMatch(/^\d{4}-\d\d-\d\d /);
  expect(tickets[0]).not.toHaveProperty('Closed');
});
