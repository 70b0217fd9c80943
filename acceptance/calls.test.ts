import { inspect } from 'node:util';
import { expect } from 'vitest';
import { PermanentError } from '../src/errors.ts';
import { errorFacts } from '../src/znuny/call-context.ts';
import type { ZnunyClient } from '../src/znuny/client.ts';
import { between, failure, note } from './between.ts';
import { promise } from './stage.ts';

/** An id of no ticket. */
const MISSING = 2_000_000_000;

promise('Twelve updates at once, each with a note: none is lost and none is doubled', async ({ stage }) => {
  const { id } = await stage.make();
  const client = stage.client({ maxConcurrency: 12 });
  const subjects = Array.from({ length: 12 }, (_, index) => `note ${index + 1}`);
  const written = await Promise.all(
    subjects.map((subject) => client.ticketUpdate({ TicketID: id, Article: note(subject) })),
  );
  const { Article } = await stage.get(id);
  const found = new Map(Article.map(({ ArticleID, Subject }) => [ArticleID, Subject]));
  expect(found.size).toBe(13);
  expect(written.map(({ articleIds }) => found.get(articleIds[0] ?? 0))).toEqual(subjects);
});

promise(
  'A write whose answer does not come in time is unclear, was sent once, and may have been made',
  async ({ stage }) => {
    const { id } = await stage.make();
    let held = false;
    const wire = await between(stage, () => held);
    const client = stage.client({ url: wire.url, timeoutMs: 3_000 });
    await client.login();
    held = true;
    const before = wire.seen.length;
    const error = await failure(client.ticketUpdate({ TicketID: id, Article: note('late') }));
    expect(error).toMatchObject({ kind: 'ambiguous', code: 'E_ZNUNY_UNCLEAR' });
    expect(errorFacts(error as PermanentError)).toMatchObject({
      mayBeWritten: true,
      operation: 'TicketUpdate',
    });
    expect(wire.seen.length - before).toBe(1);
    const subjects = async () => (await stage.get(id)).Article.map(({ Subject }) => Subject);
    await expect.poll(subjects, { timeout: 60_000 }).toContain('late');
  },
);

promise('A read whose answer does not come in time is transient', async ({ stage }) => {
  let held = false;
  const wire = await between(stage, () => held);
  const client = stage.client({ url: wire.url, timeoutMs: 2_000 });
  await client.login();
  held = true;
  expect(await failure(client.ticketSearch({ TicketNumber: '0' }))).toMatchObject({
    kind: 'transient',
    code: 'E_ZNUNY_UNREACHABLE',
  });
});

promise(
  'With `headers` a header of our own goes with every request, and nothing else breaks',
  async ({ stage }) => {
    const wire = await between(stage);
    let asked = 0;
    const headers = { 'X-Acceptance': 'plain', 'X-Acceptance-Token': () => `token ${asked++}` };
    const client = stage.client({ url: wire.url, headers });
    const { id, title } = await stage.make({}, client);
    expect((await stage.get(id, {}, client)).Title).toBe(title);
    const sent = wire.seen.map(({ headers: got }) => [got['x-acceptance'], got['x-acceptance-token']]);
    expect(sent.every(([plain, token]) => plain === 'plain' && String(token).startsWith('token '))).toBe(
      true,
    );
    expect(new Set(sent.map(([, token]) => token)).size).toBe(sent.length);
  },
);

promise('errorFacts of a refused call: operation, what Znuny said, what to do', async ({ stage }) => {
  const error = await failure(stage.znuny.ticketUpdate({ TicketID: MISSING, Ticket: { Title: 'never' } }));
  if (!(error instanceof PermanentError)) expect.fail(inspect(error));
  expect(errorFacts(error)).toEqual({
    code: 'E_ZNUNY_ACCESS',
    message: expect.stringContaining('TicketUpdate'),
    operation: 'TicketUpdate',
    znunyCode: 'TicketUpdate.AccessDenied',
    znunyText: 'User does not have access to the ticket!',
    mayBeWritten: false,
    whatToDo: expect.stringContaining('lacks the right'),
  });
});

const WRONG: readonly [string, string, (client: ZnunyClient, id: number) => Promise<unknown>][] = [
  [
    'a number for a text',
    'Ticket.Title',
    (client, TicketID) => client.ticketUpdate({ TicketID, Ticket: { Title: 5 as unknown as string } }),
  ],
  [
    'a text for a number',
    'Ticket.QueueID',
    (client, TicketID) => client.ticketUpdate({ TicketID, Ticket: { QueueID: 'one' as unknown as number } }),
  ],
  [
    'an unknown key',
    'Ticket.Titel',
    (client, TicketID) => client.ticketUpdate({ TicketID, Ticket: { Titel: 'x' } as object }),
  ],
  [
    'a ticket id that is none',
    'no ticket id',
    (client) => client.ticketUpdate({ TicketID: 0.5, Ticket: { Title: 'x' } }),
  ],
  ['an unknown filter', 'Owner', (client) => client.ticketSearch({ Owner: 'x' } as object)],
  [
    'a flag that is none',
    'AllArticles',
    (client, id) => client.ticketGet([id], { AllArticles: 'yes' as unknown as 1 }),
  ],
];
promise.for(WRONG)(
  '%s from a caller is refused before anything is sent',
  async ([, named, call], { stage }) => {
    const { id } = await stage.make();
    const sent: string[] = [];
    const client = stage.client({ onCall: ({ operation }) => sent.push(operation) });
    expect(await failure(call(client, id))).toMatchObject({
      kind: 'permanent',
      code: 'E_ZNUNY_REQUEST',
      message: expect.stringContaining(named),
    });
    expect(sent).toEqual([]);
  },
);
