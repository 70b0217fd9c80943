import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TicketSearchQuery, ZnunyTicket } from '../src/znuny/types.ts';
import { promise, type Stage } from './stage.ts';

let stock: Promise<readonly ZnunyTicket[]> | undefined;

/** Four tickets, oldest first, of four seconds: Znuny's order has no finer one. */
function prepared(stage: Stage): Promise<readonly ZnunyTicket[]> {
  stock ??= prepare(stage);
  return stock;
}

const MADE = [
  { Title: 'sort c', Priority: '3 normal', State: 'closed successful' },
  { Title: 'sort a', Priority: '5 very high', State: 'new' },
  { Title: 'sort d', Priority: '3 normal', State: 'new' },
  { Title: 'sort b', Priority: '1 very low', State: 'closed successful' },
];

async function prepare(stage: Stage): Promise<readonly ZnunyTicket[]> {
  const { sourceQueue, targetQueue } = stage.target;
  const tickets: ZnunyTicket[] = [];
  for (const [index, fields] of MADE.entries()) {
    if (index > 0) await wait(1_100);
    const Queue = index === 1 ? targetQueue : sourceQueue;
    tickets.push(await stage.get((await stage.make({ Ticket: { ...fields, Queue } })).id));
  }
  return tickets;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byNumber = (a: ZnunyTicket, b: ZnunyTicket) => byText(a.TicketNumber, b.TicketNumber);
const byTitle = (a: ZnunyTicket, b: ZnunyTicket) => byText(a.Title, b.Title);
const byAge = (a: ZnunyTicket, b: ZnunyTicket) => byText(a.Created, b.Created);
const byQueue = (a: ZnunyTicket, b: ZnunyTicket) => byText(a.Queue, b.Queue);
const byPriority = (a: ZnunyTicket, b: ZnunyTicket) => a.PriorityID - b.PriorityID;
const byState = (a: ZnunyTicket, b: ZnunyTicket) => a.StateID - b.StateID;

type Order = (a: ZnunyTicket, b: ZnunyTicket) => number;

const SORTED: readonly (readonly [name: string, query: TicketSearchQuery, order: Order])[] = [
  ["neither SortBy nor OrderBy: newest first, Znuny's default", {}, (a, b) => -byAge(a, b)],
  ['SortBy Age, Up: oldest first', { SortBy: 'Age', OrderBy: 'Up' }, byAge],
  ['SortBy Age, Down: newest first', { SortBy: 'Age', OrderBy: 'Down' }, (a, b) => -byAge(a, b)],
  ['SortBy Age without OrderBy: newest first', { SortBy: 'Age' }, (a, b) => -byAge(a, b)],
  ['SortBy Created, Up', { SortBy: 'Created', OrderBy: 'Up' }, byAge],
  ['SortBy TicketNumber, Up', { SortBy: 'TicketNumber', OrderBy: 'Up' }, byNumber],
  ['SortBy TicketNumber, Down', { SortBy: ['TicketNumber'], OrderBy: ['Down'] }, (a, b) => -byNumber(a, b)],
  ['SortBy Title, Up', { SortBy: 'Title', OrderBy: 'Up' }, byTitle],
  [
    'SortBy Priority Down, then TicketNumber Up',
    { SortBy: ['Priority', 'TicketNumber'], OrderBy: ['Down', 'Up'] },
    (a, b) => -byPriority(a, b) || byNumber(a, b),
  ],
  [
    'SortBy Priority Up, then Age Down',
    { SortBy: ['Priority', 'Age'], OrderBy: ['Up', 'Down'] },
    (a, b) => byPriority(a, b) || -byAge(a, b),
  ],
  [
    'SortBy State (its id, not its name) Up, then Title Down',
    { SortBy: ['State', 'Title'], OrderBy: ['Up', 'Down'] },
    (a, b) => byState(a, b) || -byTitle(a, b),
  ],
  [
    'SortBy Queue Up, then Title Up',
    { SortBy: ['Queue', 'Title'], OrderBy: ['Up', 'Up'] },
    (a, b) => byQueue(a, b) || byTitle(a, b),
  ],
];

promise.for(SORTED)('TicketSearch with %s: comes in that order', async ([, query, order], { stage }) => {
  const tickets = await prepared(stage);
  const found = await stage.znuny.ticketSearch({ Title: `${stage.mark} sort*`, ...query });
  expect(found).toEqual(tickets.toSorted(order).map(({ TicketID }) => TicketID));
});

promise('TicketSearch with SortBy Changed: what was changed last comes last', async ({ stage }) => {
  const [first, ...others] = await prepared(stage);
  if (first === undefined) return expect.fail('no ticket was made');
  await wait(1_100);
  await stage.znuny.ticketUpdate({ TicketID: first.TicketID, Ticket: { Lock: 'lock' } });
  const query = { Title: `${stage.mark} sort*`, SortBy: 'Changed' } as const;
  const order = [...others, first].map(({ TicketID }) => TicketID);
  expect(await stage.znuny.ticketSearch({ ...query, OrderBy: 'Up' })).toEqual(order);
  expect(await stage.znuny.ticketSearch({ ...query, OrderBy: 'Down' })).toEqual(order.toReversed());
});

promise('TicketSearch with Limit: the first ones of the order, no more', async ({ stage }) => {
  const ids = (await prepared(stage)).map(({ TicketID }) => TicketID);
  const search = (Limit: number, OrderBy: 'Up' | 'Down') =>
    stage.znuny.ticketSearch({ Title: `${stage.mark} sort*`, SortBy: 'Age', OrderBy, Limit });
  expect(await search(1, 'Up')).toEqual(ids.slice(0, 1));
  expect(await search(2, 'Down')).toEqual(ids.toReversed().slice(0, 2));
  expect(await search(4, 'Up')).toEqual(ids);
  expect(await search(10_000, 'Up')).toEqual(ids);
});
