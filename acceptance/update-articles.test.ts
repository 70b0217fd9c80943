import { expect } from 'vitest';
import type { ZnunyHistoryEntry } from '../src/znuny/types.ts';
import { needs, promise } from './stage.ts';

const NOTE = { Subject: 'note', Body: 'a note of the suite', NoAgentNotify: 1 } as const;

const rows = (history: readonly ZnunyHistoryEntry[], type: string) =>
  history.filter(({ HistoryType }) => HistoryType === type);

promise(
  'TicketUpdate with a note: internal unless told otherwise, and the state stays',
  async ({ stage }) => {
    const { id } = await stage.make();
    const { articleIds } = await stage.znuny.ticketUpdate({ TicketID: id, Article: NOTE });
    const { userId } = await stage.znuny.sessionGet();
    const ticket = await stage.get(id);
    expect(ticket).toMatchObject({ State: 'new', OwnerID: 1, Lock: 'unlock' });
    expect(ticket.Article.at(-1)).toMatchObject({
      ArticleID: articleIds[0],
      Subject: NOTE.Subject,
      Body: NOTE.Body,
      IsVisibleForCustomer: 0,
      CommunicationChannel: 'Internal',
      SenderType: 'agent',
      CreateBy: userId,
    });
  },
);

promise(
  "TicketUpdate: Znuny's own default shows a note to the customer, so the client always says which",
  async ({ stage }) => {
    const { id } = await stage.make();
    await stage.raw('TicketUpdate', {
      TicketID: id,
      Article: { ...NOTE, ContentType: 'text/plain; charset=utf8' },
    });
    await stage.znuny.ticketUpdate({ TicketID: id, Article: { ...NOTE, IsVisibleForCustomer: true } });
    await stage.znuny.ticketUpdate({ TicketID: id, Article: { ...NOTE, IsVisibleForCustomer: false } });
    const visible = (await stage.get(id)).Article.slice(1).map(
      ({ IsVisibleForCustomer }) => IsVisibleForCustomer,
    );
    expect(visible).toEqual([1, 1, 0]);
  },
);

promise('TicketUpdate with several articles: all are made, and their ids come back', async ({ stage }) => {
  const { id } = await stage.make();
  const Article = [
    { ...NOTE, Subject: 'first' },
    { ...NOTE, Subject: 'second' },
  ];
  const { articleIds } = await stage.znuny.ticketUpdate({ TicketID: id, Article });
  const made = (await stage.get(id)).Article.slice(1);
  expect(made.map(({ Subject }) => Subject)).toEqual(['first', 'second']);
  expect(articleIds).toEqual(made.map(({ ArticleID }) => ArticleID));
});

promise('TicketUpdate with attachments, and accounted time', async ({ stage }) => {
  const { id } = await stage.make();
  const Content = Buffer.from('Zeile 1\nZeile 2 äöü').toString('base64');
  await stage.znuny.ticketUpdate({
    TicketID: id,
    Article: { ...NOTE, TimeUnit: 3 },
    Attachment: [{ Filename: 'protokoll.txt', ContentType: 'text/plain; charset=utf-8', Content }],
  });
  const ticket = await stage.get(id, { Attachments: 1 });
  const note = ticket.Article.at(-1);
  expect(note?.Attachment.map(({ Filename, Content: got }) => [Filename, got.replaceAll(/\s/g, '')])).toEqual(
    [['protokoll.txt', Content]],
  );
  expect(note?.TimeUnit).toBe(3);
  expect(ticket.TimeUnit).toBe(3);
  expect(rows(await stage.history(id), 'TimeAccounting')).toHaveLength(1);
});

promise('TicketUpdate with HistoryType and HistoryComment: the row says so', async ({ stage }) => {
  const { id } = await stage.make();
  await stage.znuny.ticketUpdate({
    TicketID: id,
    Article: {
      ...NOTE,
      CommunicationChannel: 'Phone',
      HistoryType: 'PhoneCallAgent',
      HistoryComment: 'rang up',
    },
  });
  expect(rows(await stage.history(id), 'PhoneCallAgent').map(({ Name }) => Name)).toEqual(['rang up']);
});

promise(
  'TicketUpdate sets fields, one at a time or as a list, and an empty text clears',
  async ({ stage, skip }) => {
    const text = needs({ stage, skip }, 'textField');
    const { name, keys } = needs({ stage, skip }, 'dropdownField');
    const { id } = await stage.make();
    await stage.znuny.ticketUpdate({
      TicketID: id,
      DynamicField: [
        { Name: text, Value: 'one' },
        { Name: name, Value: keys[0] ?? '' },
      ],
    });
    expect((await stage.get(id)).DynamicField).toMatchObject({ [text]: 'one', [name]: keys[0] });
    await stage.znuny.ticketUpdate({ TicketID: id, DynamicField: [{ Name: text, Value: '' }] });
    const after = (await stage.get(id)).DynamicField;
    expect([after[text] ?? '', after[name]]).toEqual(['', keys[0]]);
  },
);

promise(
  'TicketUpdate with fields and a note in one call: the fields are the ticket’s',
  async ({ stage, skip }) => {
    const Name = needs({ stage, skip }, 'textField');
    const { id } = await stage.make();
    await stage.znuny.ticketUpdate({
      TicketID: id,
      Article: NOTE,
      DynamicField: [{ Name, Value: 'both' }],
    });
    const ticket = await stage.get(id);
    expect(ticket.DynamicField[Name]).toBe('both');
    expect(ticket.Article).toHaveLength(2);
    expect(rows(await stage.history(id), 'TicketDynamicFieldUpdate')).toHaveLength(1);
  },
);

promise(
  'TicketUpdate sets a multiselect, and an article’s field with its article',
  async ({ stage, skip }) => {
    const { name, keys } = needs({ stage, skip }, 'multiselectField');
    const article = needs({ stage, skip }, 'articleField');
    const { id } = await stage.make();
    await stage.znuny.ticketUpdate({
      TicketID: id,
      Article: NOTE,
      DynamicField: [
        { Name: name, Value: keys },
        { Name: article, Value: 'noted' },
      ],
    });
    const ticket = await stage.get(id);
    expect(ticket.DynamicField[name]).toEqual(keys);
    expect(ticket.Article.at(-1)?.DynamicField[article]).toBe('noted');
  },
);
