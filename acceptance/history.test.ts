import { expect } from 'vitest';
import type { ZnunyHistoryEntry } from '../src/znuny/types.ts';
import { errorCode } from './raw.ts';
import { needs, promise } from './stage.ts';

/** An id of no ticket. */
const MISSING = 2_000_000_000;

const rows = (history: readonly ZnunyHistoryEntry[], type: string) =>
  history.filter(({ HistoryType }) => HistoryType === type);

const last = (history: readonly ZnunyHistoryEntry[], type: string) => rows(history, type).at(-1);

const NOTE = { Subject: 'note', Body: 'a note of the suite', NoAgentNotify: 1 } as const;

promise(
  'TicketHistoryGet of a new ticket: NewTicket of the ticket, then NewTicket of its article',
  async ({ stage }) => {
    const { userId } = await stage.znuny.sessionGet();
    const { id, number } = await stage.make();
    const ticket = await stage.get(id);
    const history = await stage.history(id);
    expect(history[0]).toMatchObject({
      TicketID: id,
      HistoryType: 'NewTicket',
      Name: `%%${number}%%${ticket.Queue}%%${ticket.Priority}%%${ticket.State}%%${id}`,
      ArticleID: 0,
      CreateBy: userId,
      QueueID: ticket.QueueID,
      PriorityID: ticket.PriorityID,
      StateID: ticket.StateID,
      TypeID: ticket.TypeID,
    });
    const created = rows(history, 'NewTicket');
    expect(created).toHaveLength(2);
    expect(created[1]).toMatchObject({
      Name: '%%GenericInterface Create',
      ArticleID: ticket.Article[0]?.ArticleID,
      CreateBy: userId,
    });
  },
);

promise('TicketHistoryGet tells the customer and the owner that were set', async ({ stage }) => {
  const { id } = await stage.make({ Ticket: { CustomerID: 'acceptance-company' } });
  const history = await stage.history(id);
  expect(last(history, 'CustomerUpdate')?.Name).toBe(
    `%%CustomerID=acceptance-company;CustomerUser=${stage.target.customerUser};`,
  );
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Owner: stage.target.bot.login } });
  const { userId } = await stage.znuny.sessionGet();
  expect(last(await stage.history(id), 'OwnerUpdate')).toMatchObject({
    Name: `%%${stage.target.bot.login}%%${userId}`,
    OwnerID: userId,
  });
});

promise('TicketHistoryGet of a move: new queue, its id, old queue, its id', async ({ stage }) => {
  const { id } = await stage.make();
  const before = await stage.get(id);
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Queue: stage.target.targetQueue } });
  const after = await stage.get(id);
  const move = last(await stage.history(id), 'Move');
  expect(move?.Name).toBe(`%%${after.Queue}%%${after.QueueID}%%${before.Queue}%%${before.QueueID}`);
  expect(move?.QueueID).toBe(after.QueueID);
});

promise('TicketHistoryGet of a priority: old, its id, new, its id', async ({ stage }) => {
  const { id } = await stage.make();
  const before = await stage.get(id);
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Priority: '4 high' } });
  const after = await stage.get(id);
  const update = last(await stage.history(id), 'PriorityUpdate');
  expect(update?.Name).toBe(`%%3 normal%%${before.PriorityID}%%4 high%%${after.PriorityID}`);
  expect(update?.PriorityID).toBe(after.PriorityID);
});

promise('TicketHistoryGet of a state: old and new', async ({ stage }) => {
  const { id } = await stage.make();
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { State: 'open' } });
  const update = last(await stage.history(id), 'StateUpdate');
  expect(update?.Name).toBe('%%new%%open%%');
  expect(update?.StateID).toBe((await stage.get(id)).StateID);
});

promise('TicketHistoryGet of locking and unlocking', async ({ stage }) => {
  const { id } = await stage.make();
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Lock: 'lock' } });
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Lock: 'unlock' } });
  const types = (await stage.history(id)).map(({ HistoryType }) => HistoryType);
  expect(types.filter((type) => type === 'Lock' || type === 'Unlock')).toEqual(['Lock', 'Unlock']);
});

promise('TicketHistoryGet of a note: AddNote with the id of its article', async ({ stage }) => {
  const { id } = await stage.make();
  const { articleIds } = await stage.znuny.ticketUpdate({ TicketID: id, Article: NOTE });
  const notes = rows(await stage.history(id), 'AddNote');
  expect(notes.map(({ ArticleID }) => ArticleID)).toEqual(articleIds);
  expect(notes[0]?.Name).toBe('%%GenericInterface Note');
});

promise('TicketHistoryGet of a dynamic field: its name, new and old value', async ({ stage, skip }) => {
  const Name = needs({ stage, skip }, 'textField');
  const { id } = await stage.make();
  await stage.znuny.ticketUpdate({ TicketID: id, DynamicField: [{ Name, Value: 'first' }] });
  await stage.znuny.ticketUpdate({ TicketID: id, DynamicField: [{ Name, Value: 'second' }] });
  const updates = rows(await stage.history(id), 'TicketDynamicFieldUpdate').map(({ Name: text }) => text);
  expect(updates).toEqual([
    `%%FieldName%%${Name}%%Value%%first%%OldValue%%`,
    `%%FieldName%%${Name}%%Value%%second%%OldValue%%first`,
  ]);
});

promise('TicketHistoryGet: CreateBy is the agent that did it', async ({ stage, skip }) => {
  const agent = stage.agentClient(needs({ stage, skip }, 'agent'));
  const [bot, person] = [await stage.znuny.sessionGet(), await agent.sessionGet()];
  expect(person.userId).not.toBe(bot.userId);
  const { id } = await stage.make();
  await agent.ticketUpdate({ TicketID: id, Ticket: { Queue: stage.target.targetQueue } });
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Priority: '2 low' } });
  const history = await stage.history(id);
  expect(history[0]?.CreateBy).toBe(bot.userId);
  expect(last(history, 'Move')?.CreateBy).toBe(person.userId);
  expect(last(history, 'PriorityUpdate')?.CreateBy).toBe(bot.userId);
});

promise('TicketHistoryGet: oldest first', async ({ stage }) => {
  const { id } = await stage.make();
  for (const State of ['open', 'new', 'open', 'closed successful'])
    await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { State } });
  const history = await stage.history(id);
  const times = history.map(({ CreateTime }) => CreateTime);
  expect(times).toEqual(times.toSorted());
  expect(times[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  expect(rows(history, 'StateUpdate').map(({ Name }) => Name)).toEqual([
    '%%new%%open%%',
    '%%open%%new%%',
    '%%new%%open%%',
    '%%open%%closed successful%%',
  ]);
});

promise('TicketHistoryGet of many tickets: each its own, in the order asked', async ({ stage }) => {
  const ids: number[] = [];
  for (let count = 0; count < 5; count += 1) ids.push((await stage.make()).id);
  const asked = ids.toReversed();
  const { histories, failed } = await stage.znuny.ticketHistoryGet(asked);
  expect(failed).toEqual([]);
  expect(histories.map(({ ticketId }) => ticketId)).toEqual(asked);
  for (const { ticketId, entries } of histories)
    expect(new Set(entries.map(({ TicketID }) => TicketID))).toEqual(new Set([ticketId]));
});

promise(
  'TicketHistoryGet with an unreadable ticket: Znuny fails the call and names it, the client reads the others',
  async ({ stage }) => {
    const [one, two] = [await stage.make(), await stage.make()];
    const raw = await stage.raw('TicketHistoryGet', { TicketID: [one.id, MISSING, two.id].join(',') });
    expect([raw.status, errorCode(raw)]).toEqual([200, 'TicketHistoryGet.AccessDenied']);
    expect(raw.text).toContain(String(MISSING));
    const { histories, failed } = await stage.znuny.ticketHistoryGet([one.id, MISSING, two.id]);
    expect(histories.map(({ ticketId }) => ticketId)).toEqual([one.id, two.id]);
    expect(failed).toMatchObject([
      { ticketId: MISSING, error: { kind: 'permanent', code: 'E_ZNUNY_ACCESS' } },
    ]);
  },
);
