import type { Journal } from '../journal/journal.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MAX_WINDOW_MS = 7 * 24 * HOUR_MS;
const MIN_WINDOW_MINUTES = 60;
/** overlap over the last complete poll: Znuny shows a ticket late (transactions), and its clock is not ours */
const OVERLAP_MINUTES = 10;
const FIRST_LIMIT = 10_000;

/** TicketSearch, narrowed to what a poll asks. Answers ids; unknown names and missing rights look like no hit. */
export type Search = (query: {
  readonly Queues: readonly string[];
  readonly UseSubQueues?: 0 | 1;
  readonly States: readonly string[];
  readonly TicketCreateTimeNewerMinutes?: number;
  readonly TicketCreateTimeOlderMinutes?: number;
  readonly Limit: number;
  readonly SortBy: readonly string[];
  readonly OrderBy: readonly ('Up' | 'Down')[];
}) => Promise<readonly number[]>;

export type PollOptions = {
  readonly queues: readonly string[];
  readonly subQueues: boolean;
  readonly states: readonly string[];
  /** the limit of the first search, doubled while an answer is full; default 10,000 */
  readonly firstLimit?: number;
};

export type PollResult = {
  readonly found: number;
  readonly seen: readonly number[];
  /** those of the found ones that the journal knew already */
  readonly known: readonly number[];
  readonly wide: boolean;
  readonly minutes: number;
};

/**
 * One complete poll, by level: asks for the tickets of the last minutes and puts down those that the journal
 * does not know. "Last complete poll" moves only after the inserts are committed.
 */
export async function pollOnce(
  search: Search,
  journal: Journal,
  options: PollOptions & { readonly notBefore: number },
  now: number,
): Promise<PollResult> {
  const last = await timeFact(journal, 'last_complete_poll');
  const lastWide = await timeFact(journal, 'last_wide_poll');
  const wide = lastWide === null || now - lastWide >= HOUR_MS || lastWide > now;
  const minutes = windowMinutes({ now, last, wide, notBefore: options.notBefore });
  const ids = await newTickets(search, options, minutes);
  const known = await journal.known(ids);
  const seen = await journal.see(
    ids.filter((id) => !known.has(id)),
    'poll',
    now,
  );
  await journal.setFact('last_complete_poll', String(now));
  if (wide) await journal.setFact('last_wide_poll', String(now));
  return { found: ids.length, seen, known: [...known], wide, minutes };
}

/** How far back to ask, in whole minutes by Znuny's own clock (`TicketCreateTimeNewerMinutes`; 0 would find nothing). */
export function windowMinutes(times: {
  readonly now: number;
  readonly last: number | null;
  readonly wide: boolean;
  readonly notBefore: number;
}): number {
  const { now, last, wide, notBefore } = times;
  const toStart = Math.ceil(Math.min(now - notBefore, MAX_WINDOW_MS) / MINUTE_MS) + OVERLAP_MINUTES;
  if (wide || last === null) return Math.max(1, toStart);
  const sinceLast = Math.ceil((now - last) / MINUTE_MS) + OVERLAP_MINUTES;
  return Math.max(1, Math.min(Math.max(sinceLast, MIN_WINDOW_MINUTES), toStart));
}

async function newTickets(search: Search, options: PollOptions, minutes: number): Promise<readonly number[]> {
  const ids = new Set<number>();
  // One queue and one state at a time: a single unknown name among several makes Znuny answer {} for all.
  for (const queue of options.queues) {
    for (const state of options.states) {
      const query = { ...place(queue, state, options), TicketCreateTimeNewerMinutes: minutes };
      const found = await searchAll(search, query, options.firstLimit);
      for (const id of found) ids.add(id);
    }
  }
  return [...ids];
}

/** Tickets from before the start, per queue: counted for the log, never touched. */
export async function countOlder(
  search: Search,
  options: PollOptions,
  olderThanMs: number,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const minutes = Math.max(1, Math.ceil(olderThanMs / MINUTE_MS));
  for (const queue of options.queues) {
    let count = 0;
    for (const state of options.states) {
      const query = { ...place(queue, state, options), TicketCreateTimeOlderMinutes: minutes };
      const found = await searchAll(search, query, options.firstLimit);
      count += found.length;
    }
    counts.set(queue, count);
  }
  return counts;
}

function place(queue: string, state: string, options: PollOptions) {
  return { Queues: [queue], ...(options.subQueues ? { UseSubQueues: 1 as const } : {}), States: [state] };
}

type Place = Omit<Parameters<Search>[0], 'Limit' | 'SortBy' | 'OrderBy'>;

/** There is no paging and a second may hold more than a page: the limit doubles while an answer is full. */
async function searchAll(
  search: Search,
  query: Place,
  firstLimit: number = FIRST_LIMIT,
): Promise<readonly number[]> {
  for (let limit = firstLimit; ; limit *= 2) {
    // As many directions as sorts: one OrderBy for two sorts gives {} (measured).
    const ids = await search({
      ...query,
      Limit: limit,
      SortBy: ['Age', 'TicketNumber'],
      OrderBy: ['Up', 'Up'],
    });
    if (ids.length < limit) return ids;
  }
}

async function timeFact(
  journal: Journal,
  name: 'last_complete_poll' | 'last_wide_poll',
): Promise<number | null> {
  const value = await journal.fact(name);
  return value === null ? null : Number(value);
}
