import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ZnunyClient } from './client.ts';
import { errorOf, recorded, TestServer } from './test-server.ts';

let server: TestServer;
let client: ZnunyClient;
beforeEach(async () => {
  server = await new TestServer(() => ({ body: {} })).start();
  client = server.client({ timeoutMs: 2000 });
});
afterEach(() => server.stop());

const update = {
  TicketID: 15,
  Ticket: { Queue: 'No Such Queue', Priority: '9 nuclear', State: 'nope', Owner: 'nobody' },
  DynamicField: [{ Name: 'Nope', Value: 'secret value' }],
} as const;

test.each([
  [99, 'config', 'E_ZNUNY_NAME', 'Queue "No Such Queue"'],
  [100, 'config', 'E_ZNUNY_NAME', 'Priority "9 nuclear"'],
  [101, 'config', 'E_ZNUNY_NAME', 'State "nope"'],
  [102, 'config', 'E_ZNUNY_NAME', 'Owner "nobody"'],
  [103, 'config', 'E_ZNUNY_NAME', 'Priority "9 nuclear"'],
  [81, 'config', 'E_ZNUNY_NAME', 'a dynamic field of Nope'],
  [82, 'config', 'E_ZNUNY_NAME', 'a value of Nope'],
  [83, 'permanent', 'E_ZNUNY_REQUEST', 'DynamicField->Value parameter is missing'],
  [104, 'permanent', 'E_ZNUNY_REQUEST', 'Article->Body parameter is missing'],
  [109, 'permanent', 'E_ZNUNY_REQUEST', 'Article->ContentType is invalid'],
  [111, 'permanent', 'E_ZNUNY_ACCESS', 'no access'],
  [114, 'permanent', 'E_ZNUNY_ACCESS', 'no access'],
  [117, 'permanent', 'E_ZNUNY_REQUEST', 'Ticket parameter is not valid'],
  [119, 'config', 'E_ZNUNY_URL', 'credentials did not reach'],
  [137, 'permanent', 'E_ZNUNY_REQUEST', 'Error while decoding'],
  [139, 'permanent', 'E_ZNUNY_REQUEST', 'request data is invalid'],
  [141, 'config', 'E_ZNUNY_URL', 'no such route'],
  [150, 'permanent', 'E_ZNUNY_REQUEST', 'Could not read input data'],
  [155, 'permanent', 'E_ZNUNY_REQUEST', 'too long'],
])(
  'a TicketUpdate answered like recording %i is a %s error %s, and nothing was written',
  async (number, kind, code, text) => {
    server.script = () => recorded(number);
    const error = await errorOf(client.ticketUpdate(update));
    expect(error).toMatchObject({ kind, code });
    expect(error.message).toContain(text);
    expect(error.message).toContain('TicketUpdate');
    expect(error.message).not.toContain('secret value');
    expect(server.calls('TicketUpdate')).toHaveLength(1);
  },
);

test.each([
  [105, 'pending state without pendig time', 'E_ZNUNY_UNCLEAR'],
  [157, 'Ticket queue could not be updated', 'E_ZNUNY_ACCESS'],
  [191, 'Ticket queue could not be updated', 'E_ZNUNY_ACCESS'],
])('a TicketUpdate answered like recording %i may have written something', async (number, text, code) => {
  server.script = () => recorded(number);
  const error = await errorOf(client.ticketUpdate(update));
  expect(error).toMatchObject({ kind: 'ambiguous', code });
  expect(error.message).toContain(text);
  expect(error.hint).toContain('Read the ticket back');
  expect(server.calls('TicketUpdate')).toHaveLength(1);
});

test.each([
  [131, 'config', 'E_ZNUNY_NAME', 'Queue "Nope"'],
  [132, 'config', 'E_ZNUNY_ACCESS', 'no right on the queue'],
  [133, 'permanent', 'E_ZNUNY_NAME', 'CustomerUser'],
  [135, 'permanent', 'E_ZNUNY_REQUEST', 'Article parameter is missing'],
  [136, 'permanent', 'E_ZNUNY_REQUEST', 'State parameter is required'],
])('a TicketCreate answered like recording %i is a %s error %s', async (number, kind, code, text) => {
  server.script = () => recorded(number);
  const Ticket = {
    Title: 'x',
    Queue: 'Nope',
    State: 'new',
    Priority: '3 normal',
    CustomerUser: 'a@b.example',
  };
  const error = await errorOf(client.ticketCreate({ Ticket, Article: { Subject: 'x', Body: 'x' } }));
  expect(error).toMatchObject({ kind, code });
  expect(error.message).toContain(text);
  expect(error.message).not.toContain('a@b.example');
});

test.each([
  [66, { ticketId: 15, ticketNumber: '2026112310000146', articleIds: [13] }],
  [71, { ticketId: 15, ticketNumber: '2026112310000146', articleIds: [] }],
  [93, { ticketId: 15, ticketNumber: '2026112310000146', articleIds: [15] }],
  [94, { ticketId: 15, ticketNumber: '2026112310000146', articleIds: [] }],
  [9, { ticketId: 10, ticketNumber: '2026112310000093', articleIds: [6] }],
  [12, { ticketId: 14, ticketNumber: '2026112310000137', articleIds: [10, 11] }],
])(
  'what recording %i answers to a write has numbers for ids, whatever type came',
  async (number, written) => {
    server.script = () => recorded(number);
    expect(await client.ticketUpdate(update)).toEqual(written);
  },
);

test.each([
  [13, [14, 12, 11, 13, 10, 9, 8, 7, 3, 5, 2]],
  [34, [9]],
  [35, []],
  [19, []],
])('TicketSearch gives the ids of recording %i as numbers, and none for {}', async (number, ids) => {
  server.script = () => recorded(number);
  expect(await client.ticketSearch({ States: 'new' })).toEqual(ids);
});

test('TicketGet fills what Znuny leaves out and makes every id a number', async () => {
  server.script = () => recorded(61);
  const { tickets, failed } = await client.ticketGet([8], { AllArticles: 1, Attachments: 1 });
  expect(failed).toEqual([]);
  expect(tickets[0]).toMatchObject({ TicketID: 8, ServiceID: 0, SLAID: 0, Service: '', DynamicField: {} });
  expect(tickets[0]?.Article[0]).toMatchObject({
    SenderType: 'customer',
    SenderTypeID: 3,
    CommunicationChannel: 'Email',
  });
  expect(tickets[0]?.Article[0]?.Attachment[0]).toMatchObject({
    FileID: 1,
    FilesizeRaw: 47,
    Filename: 'charges.csv',
  });

  server.script = () => recorded(57);
  expect((await client.ticketGet([3], { AllArticles: 1 })).tickets[0]?.Article).toEqual([]);

  server.script = () => recorded(79);
  expect((await client.ticketGet([15], { DynamicFields: 1 })).tickets[0]?.DynamicField).toEqual({
    TriageAt: '2026-11-23 12:34:56',
    TriageCategory: 'network',
    TriageConfidence: '0.5',
    TriageDone: '1',
    TriageStatus: 'review',
    TriageTopics: ['vpn', 'printer'],
  });
});

test('TicketHistoryGet gives a history to each ticket asked for', async () => {
  server.script = () => recorded(194);
  const { histories } = await client.ticketHistoryGet([3, 26]);
  expect(histories.map((history) => history.ticketId)).toEqual([3, 26]);
  expect(histories[0]?.entries[0]).toMatchObject({
    TicketID: 3,
    HistoryType: 'NewTicket',
    CreateBy: 1,
    ArticleID: 0,
  });
  expect(server.calls('TicketHistoryGet')[0]?.data.TicketID).toBe('3,26');
});

test('SessionGet makes one object of the list of pairs', async () => {
  server.script = () => recorded(6);
  expect(await client.sessionGet()).toEqual({
    userId: 2,
    userLogin: 'otai-bot',
    userFullname: 'Otai Bot',
    userEmail: 'otai-bot@example.test',
  });
});

test('a history that is refused by its ticket number costs one more call, not a search by halves', async () => {
  const good = recorded(194);
  server.script = ({ data }) => (String(data.TicketID).split(',').includes('4') ? recorded(130) : good);
  const { histories, failed } = await client.ticketHistoryGet([3, 4, 26]);
  expect(histories).toHaveLength(2);
  expect(failed).toMatchObject([{ ticketId: 4, error: { code: 'E_ZNUNY_ACCESS' } }]);
  expect(
    server
      .calls('TicketHistoryGet')
      .map(({ data }) => data.TicketID)
      .sort(),
  ).toEqual(['3,26', '3,4,26', '4']);
});
