import { expect } from 'vitest';
import type { TicketGetOptions } from '../src/znuny/types.ts';
import { errorCode } from './raw.ts';
import { needs, promise, type Stage } from './stage.ts';

/** Ids of no ticket. */
const MISSING = 2_000_000_000;
const MISSING_TOO = 2_000_000_001;

const TWENTY = 20;
const NOTE = { Body: 'a note of the suite', NoAgentNotify: 1 } as const;

let twenty: Promise<readonly number[]> | undefined;

function prepared(stage: Stage): Promise<readonly number[]> {
  twenty ??= prepare(stage);
  return twenty;
}

async function prepare(stage: Stage): Promise<readonly number[]> {
  const ids: number[] = [];
  while (ids.length < TWENTY) ids.push((await stage.make()).id);
  return ids;
}

let talk: Promise<number> | undefined;

/** A ticket with four articles: customer (it was made with), agent, system, customer. */
function talked(stage: Stage): Promise<number> {
  talk ??= conversation(stage);
  return talk;
}

async function conversation(stage: Stage): Promise<number> {
  const { id } = await stage.make({ Article: { Subject: 'one' } });
  for (const [Subject, SenderType] of [
    ['two', 'agent'],
    ['three', 'system'],
    ['four', 'customer'],
  ] as const)
    await stage.znuny.ticketUpdate({ TicketID: id, Article: { ...NOTE, Subject, SenderType } });
  return id;
}

async function subjects(stage: Stage, options: TicketGetOptions): Promise<string[]> {
  return (await stage.get(await talked(stage), options)).Article.map(({ Subject }) => Subject);
}

promise('TicketGet of one ticket: that one', async ({ stage }) => {
  const { id, number, title } = await stage.make();
  const { tickets, failed } = await stage.znuny.ticketGet([id]);
  expect(tickets).toMatchObject([{ TicketID: id, TicketNumber: number, Title: title }]);
  expect(failed).toEqual([]);
});

promise('TicketGet of no ticket: none, and nothing is sent', async ({ stage }) => {
  const sent: string[] = [];
  const client = stage.client({ onCall: ({ operation }) => sent.push(operation) });
  expect(await client.ticketGet([])).toEqual({ tickets: [], failed: [] });
  expect(sent).toEqual([]);
});

promise('TicketGet of many tickets: all of them, once, in the order asked', async ({ stage }) => {
  const asked = (await prepared(stage)).toReversed();
  const { tickets, failed } = await stage.znuny.ticketGet([...asked, ...asked]);
  expect(tickets.map(({ TicketID }) => TicketID)).toEqual(asked);
  expect(failed).toEqual([]);
});

promise(
  'TicketGet with a ticket that is not there: Znuny fails the call, the client reads the others and names it',
  async ({ stage }) => {
    const ids = await prepared(stage);
    const asked = [...ids.slice(0, 7), MISSING, ...ids.slice(7)];
    const raw = await stage.raw('TicketGet', { TicketID: asked.join(',') });
    expect([raw.status, errorCode(raw)]).toEqual([200, 'TicketGet.AccessDenied']);
    const { tickets, failed } = await stage.znuny.ticketGet(asked);
    expect(tickets.map(({ TicketID }) => TicketID)).toEqual(ids);
    expect(failed).toMatchObject([
      { ticketId: MISSING, error: { kind: 'permanent', code: 'E_ZNUNY_ACCESS' } },
    ]);
  },
);

promise('TicketGet with a ticket that we may not read: the same', async ({ stage, skip }) => {
  const Queue = needs({ stage, skip }, 'forbiddenQueue');
  const agent = stage.agentClient(needs({ stage, skip }, 'agent'));
  const { id: secret } = await stage.make({ Ticket: { Queue } }, agent);
  const [first = 0, second = 0] = await prepared(stage);
  const { tickets, failed } = await stage.znuny.ticketGet([first, secret, second]);
  expect(tickets.map(({ TicketID }) => TicketID)).toEqual([first, second]);
  expect(failed).toMatchObject([{ ticketId: secret, error: { kind: 'permanent', code: 'E_ZNUNY_ACCESS' } }]);
  expect((await agent.ticketGet([secret])).tickets).toHaveLength(1);
});

promise('TicketGet of nothing that we may read: no ticket, and each id is named', async ({ stage }) => {
  const { tickets, failed } = await stage.znuny.ticketGet([MISSING, MISSING_TOO]);
  expect(tickets).toEqual([]);
  expect(failed).toMatchObject([
    { ticketId: MISSING, error: { code: 'E_ZNUNY_ACCESS' } },
    { ticketId: MISSING_TOO, error: { code: 'E_ZNUNY_ACCESS' } },
  ]);
});

promise('TicketGet raw of an id that is no number: WrongStructure', async ({ stage }) => {
  expect(errorCode(await stage.raw('TicketGet', { TicketID: 'abc' }))).toBe('TicketGet.WrongStructure');
});

promise('TicketGet without AllArticles: no articles', async ({ stage }) => {
  const id = await talked(stage);
  const { tickets } = await stage.znuny.ticketGet([id], { ArticleLimit: 1 });
  expect(tickets.map(({ Article }) => Article)).toEqual([[]]);
  const off = await stage.raw('TicketGet', { TicketID: id, AllArticles: 0 });
  expect(off.text).not.toContain('"Article"');
});

promise.for([
  ['AllArticles', {}, ['one', 'two', 'three', 'four']],
  ['ArticleOrder ASC', { ArticleOrder: 'ASC' }, ['one', 'two', 'three', 'four']],
  ['ArticleOrder DESC', { ArticleOrder: 'DESC' }, ['four', 'three', 'two', 'one']],
  ['ArticleLimit: the oldest', { ArticleLimit: 1 }, ['one']],
  ['ArticleLimit and DESC: the newest', { ArticleLimit: 2, ArticleOrder: 'DESC' }, ['four', 'three']],
  ['ArticleLimit above their number: all', { ArticleLimit: 9 }, ['one', 'two', 'three', 'four']],
  ['ArticleSenderType', { ArticleSenderType: 'customer' }, ['one', 'four']],
  ['ArticleSenderType and ArticleLimit', { ArticleSenderType: 'customer', ArticleLimit: 1 }, ['one']],
  ['ArticleSenderType system', { ArticleSenderType: ['system'] }, ['three']],
  [
    'several ArticleSenderTypes: grouped in the order asked, not by time',
    { ArticleSenderType: ['customer', 'agent'] },
    ['one', 'four', 'two'],
  ],
] as const)('TicketGet with %s: gives those articles', async ([, options, expected], { stage }) => {
  expect(await subjects(stage, options)).toEqual(expected);
});

promise('TicketGet with a sender type that no article has: no articles', async ({ stage }) => {
  const { id } = await stage.make();
  expect((await stage.get(id, { ArticleSenderType: 'system' })).Article).toEqual([]);
});

promise('TicketGet with a wrong option: the client refuses and sends nothing', async ({ stage }) => {
  const id = await talked(stage);
  const sent: string[] = [];
  const client = stage.client({ onCall: ({ operation }) => sent.push(operation) });
  for (const [text, words] of [
    ['{"AllArticles":"yes"}', 'AllArticles must be'],
    ['{"ArticleLimit":"ten"}', 'ArticleLimit must be'],
    ['{"ArticleOrder":"asc"}', 'ArticleOrder must be ASC or DESC'],
    ['{"ArticleSenderType":"robot"}', 'ArticleSenderType must be'],
    ['{"AllArticle":1}', 'did you mean AllArticles'],
  ] as const) {
    const options: TicketGetOptions = JSON.parse(text);
    expect(await client.ticketGet([id], options).catch((thrown: unknown) => thrown)).toMatchObject({
      kind: 'permanent',
      code: 'E_ZNUNY_REQUEST',
      message: expect.stringContaining(words),
    });
  }
  expect(sent).not.toContain('TicketGet');
});
