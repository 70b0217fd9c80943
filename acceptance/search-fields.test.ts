import { expect } from 'vitest';
import type { TicketSearchQuery, ZnunyTicket } from '../src/znuny/types.ts';
import { type Making, promise, type Stage } from './stage.ts';

const NOBODY = 2_000_000_000;

type Key = 'first' | 'second' | 'third';
type Stock = {
  /** as each of them was created */
  readonly created: Readonly<Record<Key, ZnunyTicket>>;
  readonly now: Readonly<Record<Key, ZnunyTicket>>;
  readonly userId: number;
  /** of this run, in lower case */
  readonly tag: string;
  readonly source: string;
  readonly target: string;
};

let stock: Promise<Stock> | undefined;

/** Three tickets that differ in all that can be searched for; the third was changed after it was created. */
function prepared(stage: Stage): Promise<Stock> {
  stock ??= prepare(stage);
  return stock;
}

async function prepare(stage: Stage): Promise<Stock> {
  const { userId } = await stage.znuny.sessionGet();
  const { sourceQueue: source, targetQueue: target } = stage.target;
  const tag = stage.mark.slice(-9, -1);
  const make = async (Ticket: NonNullable<Making['Ticket']>) => stage.get((await stage.make({ Ticket })).id);
  const created = {
    first: await make({ Title: 'fields first Störung', CustomerID: `${tag}-one` }),
    second: await make({
      Title: 'fields second',
      Queue: target,
      State: 'open',
      Priority: '5 very high',
      Lock: 'lock',
      OwnerID: userId,
      CustomerUser: `second-${tag}@example.com`,
      CustomerID: `${tag}-two`,
    }),
    third: await make({ Title: 'fields third', Priority: '1 very low', CustomerID: `${tag}-three` }),
  };
  const { TicketID } = created.third;
  const Ticket = { Queue: target, Priority: '4 high', State: 'closed successful' };
  await stage.znuny.ticketUpdate({ TicketID, Ticket });
  const now = { ...created, third: await stage.get(TicketID) };
  return { created, now, userId, tag, source, target };
}

const ALL: readonly Key[] = ['first', 'second', 'third'];

type Asking = (stock: Stock) => TicketSearchQuery;
const title = (stock: Stock, key: Key) => stock.now[key].Title;

const FOUND: readonly (readonly [name: string, query: Asking, found: readonly Key[]])[] = [
  ['Title with * at both ends, in any case', ({ tag }) => ({ Title: `*${tag.toUpperCase()}] FIELDS*` }), ALL],
  ['Title with %, which is a wildcard too', ({ tag }) => ({ Title: `%${tag}] fields second%` }), ['second']],
  ['Title with umlauts in another case', ({ tag }) => ({ Title: `*${tag}*STÖRUNG*` }), ['first']],
  ['a whole Title', (all) => ({ Title: title(all, 'second') }), ['second']],
  ['a part of a Title without wildcards: none', ({ tag }) => ({ Title: tag }), []],
  [
    'a list of Titles',
    (all) => ({ Title: [title(all, 'second'), `*${all.tag}] fields third`] }),
    ['second', 'third'],
  ],
  ['TicketNumber', ({ now }) => ({ TicketNumber: now.third.TicketNumber }), ['third']],
  [
    'a list of TicketNumbers',
    ({ now }) => ({ TicketNumber: [now.first.TicketNumber, now.third.TicketNumber] }),
    ['first', 'third'],
  ],
  ['TicketID', ({ now }) => ({ TicketID: now.second.TicketID }), ['second']],
  [
    'a list of TicketIDs',
    ({ now }) => ({ TicketID: [now.second.TicketID, now.first.TicketID] }),
    ['first', 'second'],
  ],
  ['Queues', ({ source }) => ({ Queues: source }), ['first']],
  ['a list of Queues', ({ source, target }) => ({ Queues: [source, target] }), ALL],
  ['QueueIDs', ({ now }) => ({ QueueIDs: now.second.QueueID }), ['second', 'third']],
  ['a list of QueueIDs', ({ now }) => ({ QueueIDs: [now.first.QueueID, NOBODY] }), ['first']],
  ['States', () => ({ States: 'open' }), ['second']],
  ['a list of States', () => ({ States: ['new', 'closed successful'] }), ['first', 'third']],
  ['StateIDs', ({ now }) => ({ StateIDs: [now.third.StateID] }), ['third']],
  ['StateType', () => ({ StateType: 'closed' }), ['third']],
  ['a list of StateTypes', () => ({ StateType: ['new', 'open'] }), ['first', 'second']],
  ['StateType Open: the one type open, not all that are open', () => ({ StateType: 'Open' }), ['second']],
  ['StateTypeIDs (1 new, 3 closed)', () => ({ StateTypeIDs: [1, 3] }), ['first', 'third']],
  ['Priorities', () => ({ Priorities: ['5 very high', '4 high'] }), ['second', 'third']],
  ['PriorityIDs', ({ now }) => ({ PriorityIDs: now.first.PriorityID }), ['first']],
  ['Locks', () => ({ Locks: 'lock' }), ['second']],
  ['LockIDs', ({ now }) => ({ LockIDs: now.first.LockID }), ['first', 'third']],
  ['OwnerIDs', ({ userId }) => ({ OwnerIDs: userId }), ['second']],
  ['a list of OwnerIDs', ({ userId }) => ({ OwnerIDs: [userId, 1] }), ALL],
  ['CustomerID', ({ tag }) => ({ CustomerID: `${tag}-one` }), ['first']],
  ['CustomerID with *', ({ tag }) => ({ CustomerID: `${tag}-t*` }), ['second', 'third']],
  ['CustomerUserLogin', ({ tag }) => ({ CustomerUserLogin: `second-${tag}@example.com` }), ['second']],
  ['CreatedUserIDs', ({ userId }) => ({ CreatedUserIDs: [userId] }), ALL],
  ['CreatedUserIDs of nobody: none', () => ({ CreatedUserIDs: NOBODY }), []],
  ['CreatedQueues, wherever they are now', ({ source }) => ({ CreatedQueues: source }), ['first', 'third']],
  [
    'CreatedQueueIDs, wherever they are now',
    ({ created }) => ({ CreatedQueueIDs: [created.third.QueueID] }),
    ['first', 'third'],
  ],
  ['CreatedStates, whatever they are now', () => ({ CreatedStates: ['new'] }), ['first', 'third']],
  [
    'CreatedStateIDs, whatever they are now',
    ({ created }) => ({ CreatedStateIDs: created.second.StateID }),
    ['second'],
  ],
  ['CreatedPriorities, whatever they are now', () => ({ CreatedPriorities: '1 very low' }), ['third']],
  [
    'CreatedPriorityIDs, whatever they are now',
    ({ created }) => ({ CreatedPriorityIDs: [created.third.PriorityID, created.second.PriorityID] }),
    ['second', 'third'],
  ],
  [
    'several parameters, which are all required',
    ({ target, userId }) => ({ Queues: [target], States: ['open', 'closed successful'], OwnerIDs: userId }),
    ['second'],
  ],
  [
    'several parameters that no ticket has all of: none',
    ({ source }) => ({ Queues: source, States: 'closed successful' }),
    [],
  ],
  ['a state that none of them has: none', () => ({ States: 'removed' }), []],
];

promise.for(FOUND)('TicketSearch by %s: finds exactly those', async ([, asking, keys], { stage }) => {
  const all = await prepared(stage);
  const query = asking(all);
  const found = await stage.znuny.ticketSearch(
    'Title' in query ? query : { Title: `${stage.mark} fields*`, ...query },
  );
  const name = (id: number) => ALL.find((key) => all.now[key].TicketID === id) ?? `a stranger, ${id}`;
  expect(found.map(name).toSorted()).toEqual(keys);
});
