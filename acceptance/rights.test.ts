import { expect } from 'vitest';
import { failure } from './between.ts';
import { errorCode } from './raw.ts';
import { needs, promise, type Stage } from './stage.ts';

const NOTE = { Subject: 'note', Body: 'a note of the suite', NoAgentNotify: 1 } as const;
/** An id of no ticket. */
const MISSING = 2_000_000_000;
const DENIED = { kind: 'permanent', code: 'E_ZNUNY_ACCESS' };

type Context = { readonly stage: Stage; readonly skip: (note?: string) => never };

/** A ticket that the other agent made and root owns: nothing but the queue's group gives the bot a right in it. */
async function foreign(context: Context, Queue: string) {
  const { stage } = context;
  const agent = stage.agentClient(needs(context, 'agent'));
  const made = await stage.make({ Ticket: { Queue } }, agent);
  return { ...made, agent };
}

promise(
  'In a queue that may be read, search, get and history work; an update is E_ZNUNY_ACCESS and writes nothing',
  async ({ stage, skip }) => {
    const queue = needs({ stage, skip }, 'readOnlyQueue');
    const { id, number, title, agent } = await foreign({ stage, skip }, queue);
    expect(await stage.znuny.ticketSearch({ TicketNumber: number, Queues: [queue] })).toEqual([id]);
    expect(await stage.get(id)).toMatchObject({ Title: title, Queue: queue });
    const history = await stage.history(id);
    expect(history.length).toBeGreaterThan(0);
    const change = { TicketID: id, Ticket: { Title: 'never', Priority: '4 high' }, Article: NOTE };
    expect(await failure(stage.znuny.ticketUpdate(change))).toMatchObject(DENIED);
    const answer = await stage.raw('TicketUpdate', { TicketID: id, Ticket: { Priority: '4 high' } });
    expect([answer.status, errorCode(answer)]).toEqual([200, 'TicketUpdate.AccessDenied']);
    expect(await stage.history(id, agent)).toEqual(history);
    expect((await stage.get(id, {}, agent)).Title).toBe(title);
  },
);

promise('A search leaves out what may not be read, and says nothing about it', async ({ stage, skip }) => {
  const Queue = needs({ stage, skip }, 'forbiddenQueue');
  const { id, number, agent } = await foreign({ stage, skip }, Queue);
  const own = await stage.make();
  const both = { TicketNumber: [number, own.number] };
  expect((await agent.ticketSearch(both)).toSorted((a, b) => a - b)).toEqual([id, own.id]);
  expect(await stage.znuny.ticketSearch(both)).toEqual([own.id]);
  expect((await stage.raw('TicketSearch', { Queues: [Queue] })).json).toEqual({});
});

promise(
  'A ticket that may not be read is among the failed of get and history, and loses no other',
  async ({ stage, skip }) => {
    const { id } = await foreign({ stage, skip }, needs({ stage, skip }, 'forbiddenQueue'));
    const own = await stage.make();
    const failed = [{ ticketId: id, error: DENIED }];
    const got = await stage.znuny.ticketGet([id, own.id]);
    expect(got.tickets.map(({ TicketID }) => TicketID)).toEqual([own.id]);
    expect(got.failed).toMatchObject(failed);
    const told = await stage.znuny.ticketHistoryGet([id, own.id]);
    expect(told.histories.map(({ ticketId }) => ticketId)).toEqual([own.id]);
    expect(told.failed).toMatchObject(failed);
  },
);

promise('An update of a ticket that may not be read is E_ZNUNY_ACCESS', async ({ stage, skip }) => {
  const { id, agent } = await foreign({ stage, skip }, needs({ stage, skip }, 'forbiddenQueue'));
  const history = await stage.history(id, agent);
  const change = { TicketID: id, Ticket: { Priority: '4 high' }, Article: NOTE };
  expect(await failure(stage.znuny.ticketUpdate(change))).toMatchObject(DENIED);
  expect(await stage.history(id, agent)).toEqual(history);
});

promise.for(['TicketGet', 'TicketUpdate', 'TicketHistoryGet'] as const)(
  '%s says the same of a ticket that may not be read and of one that is not there',
  async (operation, { stage, skip }) => {
    const { id } = await foreign({ stage, skip }, needs({ stage, skip }, 'forbiddenQueue'));
    const Ticket = operation === 'TicketUpdate' ? { Ticket: { Priority: '4 high' } } : {};
    const say = async (TicketID: number) => {
      const answer = await stage.raw(operation, { TicketID, ...Ticket });
      expect(errorCode(answer)).toBe(`${operation}.AccessDenied`);
      return answer.text.replace(String(TicketID), 'ID');
    };
    expect(await say(id)).toBe(await say(MISSING));
  },
);

promise.for(['forbiddenQueue', 'readOnlyQueue'] as const)(
  'A move to a %s is unclear with E_ZNUNY_ACCESS, and without a new title nothing was written',
  async (key, { stage, skip }) => {
    const Queue = needs({ stage, skip }, key);
    const { id } = await stage.make();
    const history = await stage.history(id);
    const Ticket = { Queue, Priority: '5 very high', State: 'open' };
    const error = await failure(stage.znuny.ticketUpdate({ TicketID: id, Ticket, Article: NOTE }));
    expect(error).toMatchObject({
      kind: 'ambiguous',
      code: 'E_ZNUNY_ACCESS',
      hint: expect.stringContaining('Read the ticket back'),
    });
    expect(await stage.history(id)).toEqual(history);
  },
);

promise(
  'A refused move has written the new title of the same call, and nothing else of it',
  async ({ stage, skip }) => {
    const Queue = needs({ stage, skip }, 'forbiddenQueue');
    const { id, title } = await stage.make();
    const Ticket = { Title: `${title} changed`, Queue, Priority: '5 very high', State: 'open' };
    const error = await failure(stage.znuny.ticketUpdate({ TicketID: id, Ticket, Article: NOTE }));
    expect(error).toMatchObject({ kind: 'ambiguous', code: 'E_ZNUNY_ACCESS' });
    const ticket = await stage.get(id);
    expect(ticket).toMatchObject({
      Title: `${title} changed`,
      Queue: stage.target.sourceQueue,
      Priority: '3 normal',
      State: 'new',
    });
    expect(ticket.Article).toHaveLength(1);
  },
);

promise(
  'A move into a queue with move_into only: all of that one call is written, and no further call is let in',
  async ({ stage, skip }) => {
    const Queue = needs({ stage, skip }, 'moveIntoQueue');
    const { id, number, agent } = await foreign({ stage, skip }, stage.target.sourceQueue);
    const Ticket = { Queue, Priority: '5 very high', State: 'open' };
    const { articleIds } = await stage.znuny.ticketUpdate({ TicketID: id, Ticket, Article: NOTE });
    const moved = await stage.get(id, {}, agent);
    expect(moved).toMatchObject(Ticket);
    expect(moved.Article.map(({ Subject }) => Subject).at(-1)).toBe(NOTE.Subject);
    expect(moved.Article.at(-1)?.ArticleID).toBe(articleIds[0]);
    const history = await stage.history(id, agent);
    const second = stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Priority: '1 very low' } });
    expect(await failure(second)).toMatchObject(DENIED);
    expect(await stage.znuny.ticketGet([id])).toMatchObject({ tickets: [], failed: [{ error: DENIED }] });
    expect(await stage.znuny.ticketSearch({ TicketNumber: number })).toEqual([]);
    expect(await stage.history(id, agent)).toEqual(history);
  },
);

promise(
  'The owner of a ticket may read and write it in a queue without rights, until it is given away',
  async ({ stage, skip }) => {
    const Queue = needs({ stage, skip }, 'forbiddenQueue');
    const agent = stage.agentClient(needs({ stage, skip }, 'agent'));
    const { id, title } = await stage.make({ Ticket: { Queue, Owner: stage.target.bot.login } }, agent);
    expect(await stage.get(id)).toMatchObject({ Title: title, Queue });
    await stage.znuny.ticketUpdate({ TicketID: id, Article: NOTE });
    expect((await stage.get(id, {}, agent)).Article).toHaveLength(2);
    await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { OwnerID: 1, ResponsibleID: 1 } });
    expect(await failure(stage.get(id))).toMatchObject(DENIED);
    expect((await stage.get(id, {}, agent)).OwnerID).toBe(1);
  },
);
