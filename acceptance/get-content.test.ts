import { expect } from 'vitest';
import { needs, promise, type Stage } from './stage.ts';

const BYTES = Buffer.from('größer\n');
const HTML = '<p>Guten Tag, <b>Jürgen</b></p>';

let mail: Promise<number> | undefined;

/** An HTML article with a file. */
function prepared(stage: Stage): Promise<number> {
  mail ??= prepare(stage);
  return mail;
}

async function prepare(stage: Stage): Promise<number> {
  const { id } = await stage.make({
    Article: { MimeType: 'text/html', Charset: 'utf-8', Body: HTML },
    Attachment: [
      {
        Filename: 'plan.txt',
        ContentType: 'text/plain; charset=utf-8',
        Content: BYTES.toString('base64'),
      },
    ],
  });
  return id;
}

promise('TicketGet without Attachments: articles without them', async ({ stage }) => {
  const ticket = await stage.get(await prepared(stage));
  expect(ticket.Article.map(({ Attachment }) => Attachment)).toEqual([[]]);
});

promise('TicketGet with Attachments: names, sizes and content', async ({ stage }) => {
  const [article] = (await stage.get(await prepared(stage), { Attachments: 1 })).Article;
  expect(article?.Attachment.map(({ Filename, FilesizeRaw }) => [Filename, FilesizeRaw])).toEqual([
    ['plan.txt', BYTES.length],
  ]);
  expect(Buffer.from(article?.Attachment[0]?.Content ?? '', 'base64')).toEqual(BYTES);
});

promise.for([0, 1, false, true] as const)(
  'TicketGet with GetAttachmentContents %s: names and sizes, and content only where asked for',
  async (GetAttachmentContents, { stage }) => {
    const options = { Attachments: 1, GetAttachmentContents } as const;
    const [article] = (await stage.get(await prepared(stage), options)).Article;
    expect(article?.Attachment).toMatchObject([
      {
        Filename: 'plan.txt',
        FilesizeRaw: BYTES.length,
        Content: GetAttachmentContents ? BYTES.toString('base64') : '',
      },
    ]);
  },
);

promise('TicketGet with HTMLBodyAsAttachment: the HTML is there too', async ({ stage }) => {
  const options = { Attachments: 1, HTMLBodyAsAttachment: 1 } as const;
  const [article] = (await stage.get(await prepared(stage), options)).Article;
  const html = article?.Attachment.find(({ ContentType }) => ContentType.startsWith('text/html'));
  expect(Buffer.from(html?.Content ?? '', 'base64').toString()).toContain('<b>Jürgen</b>');
  expect(article?.Attachment.map(({ Filename }) => Filename)).toContain('plan.txt');
  const names = await stage.get(await prepared(stage), { ...options, GetAttachmentContents: 0 });
  expect(names.Article[0]?.Attachment).toHaveLength(2);
  expect(names.Article[0]?.Attachment.every(({ Content }) => Content === '')).toBe(true);
});

promise('TicketGet: Body is plain text, also of HTML', async ({ stage }) => {
  const [article] = (await stage.get(await prepared(stage))).Article;
  expect(article?.Body).toContain('Guten Tag, Jürgen');
  expect(article?.Body).not.toMatch(/[<>]/);
});

promise('TicketGet with DynamicFields: the set ones; without: none', async ({ stage, skip }) => {
  const Name = needs({ stage, skip }, 'textField');
  const { id } = await stage.make({ DynamicField: [{ Name, Value: 'set' }] });
  expect((await stage.get(id, { DynamicFields: 1 })).DynamicField[Name]).toBe('set');
  expect((await stage.get(id, { DynamicFields: 0 })).DynamicField).toEqual({});
  const bare = await stage.get((await stage.make()).id, { DynamicFields: 1 });
  expect(bare.DynamicField[Name]).toBeUndefined();
});

promise(
  'TicketGet with Extended: when it was first locked, answered and closed, once it was',
  async ({ stage }) => {
    const { id } = await stage.make();
    const keys = ['FirstLock', 'FirstResponse', 'SolutionInMin'];
    const before = Object.keys(await stage.get(id, { Extended: 1 }));
    expect(before.filter((key) => keys.includes(key))).toEqual([]);
    await stage.znuny.ticketUpdate({
      TicketID: id,
      Ticket: { Lock: 'lock' },
      Article: { Subject: 'answer', Body: 'answered', IsVisibleForCustomer: 1, NoAgentNotify: 1 },
    });
    await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { State: 'closed successful' } });
    const ticket = await stage.get(id, { Extended: 1 });
    const history = await stage.history(id);
    const time = (type: string) => history.find(({ HistoryType }) => HistoryType === type)?.CreateTime;
    expect(ticket.FirstLock).toBe(time('Lock'));
    expect(ticket.FirstResponse).toBe(ticket.Article.at(-1)?.CreateTime);
    expect(ticket.SolutionInMin).toBe(0);
    expect(Object.keys(await stage.get(id)).filter((key) => keys.includes(key))).toEqual([]);
  },
);

promise('TicketGet raw with Extended: Closed is when it was closed last', async ({ stage }) => {
  const { id } = await stage.make();
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { State: 'closed successful' } });
  const { json } = await stage.raw('TicketGet', { TicketID: id, Extended: 1 });
  const closed = (await stage.history(id)).findLast(({ HistoryType }) => HistoryType === 'StateUpdate');
  expect(json).toMatchObject({ Ticket: [{ Closed: closed?.CreateTime }] });
});

promise('TicketGet: ids, flags and times are numbers, whatever Znuny sends', async ({ stage }) => {
  const ticket = await stage.get(await prepared(stage), { Attachments: 1, Extended: 1 });
  const numbers = (value: object, names: RegExp) =>
    Object.entries(value).filter(([key, one]) => names.test(key) && typeof one !== 'number');
  const ids = /(?<!Customer|CustomerUser|Content|Message)ID$|^(Create|Change)By$/;
  expect(numbers(ticket, ids)).toEqual([]);
  expect(
    numbers(ticket, /^(Age|UntilTime|UnlockTimeout|RealTillTimeNotUsed|TimeUnit|Escalation.*)$/),
  ).toEqual([]);
  const [article] = ticket.Article;
  expect(numbers(article ?? {}, ids)).toEqual([]);
  expect(article).toMatchObject({
    IsVisibleForCustomer: expect.any(Number),
    IncomingTime: expect.any(Number),
    SenderTypeID: expect.any(Number),
    TicketID: ticket.TicketID,
  });
  expect(article?.Attachment[0]).toMatchObject({
    FileID: expect.any(Number),
    FilesizeRaw: expect.any(Number),
  });
  const found = [ticket.TicketID, ticket.QueueID, ticket.StateID, ticket.PriorityID, ticket.OwnerID];
  expect(found.every((id) => id > 0)).toBe(true);
});
