import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TicketSearchQuery, ZnunyHistoryEntry, ZnunyTicket } from '../src/znuny/types.ts';
import { promise, type Stage } from './stage.ts';

/** Between the early and the late half; half of it is what a slow machine may lose. */
const GAP = 5_000;

type Key = 'old' | 'touched' | 'fresh';
type Seen = { readonly ticket: ZnunyTicket; readonly history: readonly ZnunyHistoryEntry[] };
type Stock = {
  readonly ids: Readonly<Record<Key, number>>;
  readonly seen: Readonly<Record<Key, Seen>>;
  /** the last second in which something happened before the gap, and the first after it, in Znuny's zone */
  readonly before: string;
  readonly after: string;
};

let stock: Promise<Stock> | undefined;

/** Two tickets of early, and one of late; one of the early ones gets an article, a priority and its closing late. */
function prepared(stage: Stage): Promise<Stock> {
  stock ??= prepare(stage);
  return stock;
}

async function prepare(stage: Stage): Promise<Stock> {
  const make = async (word: string) => (await stage.make({ Ticket: { Title: `times ${word}` } })).id;
  const see = async (id: number) => ({ ticket: await stage.get(id), history: await stage.history(id) });
  const old = await make('old');
  const touched = await make('touched');
  const early = [await see(old), await see(touched)].flatMap((seen) => [
    seen.ticket.Changed,
    ...seen.ticket.Article.map(({ CreateTime }) => CreateTime),
    ...seen.history.map(({ CreateTime }) => CreateTime),
  ]);
  await wait(GAP);
  const fresh = await make('fresh');
  const Article = { Subject: 'late', Body: 'a late note', NoAgentNotify: 1 } as const;
  await stage.znuny.ticketUpdate({ TicketID: touched, Ticket: { State: 'closed successful' }, Article });
  const seen = { old: await see(old), touched: await see(touched), fresh: await see(fresh) };
  const after = seen.fresh.ticket.Created;
  return { ids: { old, touched, fresh }, seen, before: early.toSorted().at(-1) ?? '', after };
}

/** When each kind of time is that Znuny searches by. */
const TIMES = {
  TicketCreateTime: ({ ticket }) => [ticket.Created],
  TicketChangeTime: ({ history }) => history.map(({ CreateTime }) => CreateTime),
  TicketLastChangeTime: ({ ticket }) => [ticket.Changed],
  TicketCloseTime: ({ ticket, history }) =>
    history
      .filter(({ HistoryType, StateID }) => HistoryType === 'StateUpdate' && StateID === ticket.StateID)
      .map(({ CreateTime }) => CreateTime),
  ArticleCreateTime: ({ ticket }) => ticket.Article.map(({ CreateTime }) => CreateTime),
} as const satisfies Record<string, (seen: Seen) => readonly string[]>;

type Time = keyof typeof TIMES;

const FOUND: readonly (readonly [time: Time, early: readonly Key[], late: readonly Key[]])[] = [
  ['TicketCreateTime', ['old', 'touched'], ['fresh']],
  ['TicketChangeTime', ['old', 'touched'], ['touched', 'fresh']],
  ['TicketLastChangeTime', ['old'], ['touched', 'fresh']],
  ['TicketCloseTime', [], ['touched']],
  ['ArticleCreateTime', ['old', 'touched'], ['touched', 'fresh']],
];

type Bound = `${'Older' | 'Newer'}${'Date' | 'Minutes'}`;
type Bounds = Pick<TicketSearchQuery, `${Time}${Bound}` | 'States'>;

async function search(stage: Stage, bounds: Bounds): Promise<Key[]> {
  const { ids } = await prepared(stage);
  const found = await stage.znuny.ticketSearch({ Title: `${stage.mark} times*`, ...bounds });
  expect(Object.values(ids)).toEqual(expect.arrayContaining(found));
  return (['old', 'touched', 'fresh'] as const).filter((key) => found.includes(ids[key]));
}

promise.for(FOUND)(
  'TicketSearch by %sOlderDate and NewerDate: finds exactly those',
  async ([time, early, late], { stage }) => {
    const { before, after } = await prepared(stage);
    expect(await search(stage, { [`${time}OlderDate`]: before })).toEqual(early);
    expect(await search(stage, { [`${time}NewerDate`]: after })).toEqual(late);
    expect(await search(stage, { [`${time}OlderDate`]: '2000-01-01 00:00:00' })).toEqual([]);
  },
);

promise.for(FOUND)('TicketSearch by %s: both ends are included', async ([time, , [key]], { stage }) => {
  const { seen } = await prepared(stage);
  if (key === undefined) return expect.fail('nothing is late');
  const at = TIMES[time](seen[key]).toSorted().at(-1) ?? '';
  const found = await search(stage, { [`${time}NewerDate`]: at, [`${time}OlderDate`]: at });
  const then = (['old', 'touched', 'fresh'] as const).filter((one) => TIMES[time](seen[one]).includes(at));
  expect(then).toContain(key);
  expect(found).toEqual(then);
});

promise.for(FOUND)(
  'TicketSearch by %sOlderMinutes and NewerMinutes, fractions too: finds exactly those',
  async ([time, early, late], { stage }) => {
    const { ids } = await prepared(stage);
    const { tickets } = await stage.znuny.ticketGet([ids.touched, ids.fresh]);
    const middle = tickets.reduce((sum, { Age }) => sum + Age, 0) / tickets.length / 60;
    const [older, newer] = await Promise.all([
      search(stage, { [`${time}OlderMinutes`]: middle }),
      search(stage, { [`${time}NewerMinutes`]: middle }),
    ]);
    expect(older).toEqual(early);
    expect(newer).toEqual(late);
  },
);

promise('TicketSearch by minutes, an hour: all are newer and none is older', async ({ stage }) => {
  expect(await search(stage, { TicketCreateTimeNewerMinutes: 60 })).toEqual(['old', 'touched', 'fresh']);
  expect(await search(stage, { TicketCreateTimeOlderMinutes: 60 })).toEqual([]);
  expect(await search(stage, { TicketLastChangeTimeNewerMinutes: 60, States: 'new' })).toEqual([
    'old',
    'fresh',
  ]);
});

promise('TicketSearch by TicketCloseTime: still finds what was opened again', async ({ stage }) => {
  const { id } = await stage.make({ Ticket: { Title: 'reopened' } });
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { State: 'closed successful' } });
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { State: 'open' } });
  const query = { Title: `${stage.mark} reopened`, TicketCloseTimeNewerMinutes: 60 };
  expect(await stage.znuny.ticketSearch(query)).toEqual([id]);
  expect(await stage.znuny.ticketSearch({ ...query, StateType: 'closed' })).toEqual([]);
});

/** The wall time of Znuny's zone: an article tells its second both as that and as seconds since 1970. */
function wallTime(ticket: ZnunyTicket, epoch: number): string {
  const [article] = ticket.Article;
  const quarter = 900;
  const local = Date.parse(`${article?.CreateTime.replace(' ', 'T')}Z`) / 1_000;
  const offset = Math.round((local - (article?.IncomingTime ?? 0)) / quarter) * quarter;
  return new Date((epoch + offset) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
}

promise(
  'TicketSearch by TicketPendingTime: only what is pending, by minutes and by date',
  async ({ stage }) => {
    const make = async (word: string, Diff: number) => {
      const pending = { State: 'pending reminder', PendingTime: { Diff } };
      return stage.get((await stage.make({ Ticket: { Title: `waits ${word}`, ...pending } })).id);
    };
    const soon = await make('soon', 20);
    const later = await make('later', 60);
    await stage.make({ Ticket: { Title: 'waits not' } });
    const find = async (query: TicketSearchQuery) =>
      (await stage.znuny.ticketSearch({ Title: `${stage.mark} waits*`, ...query })).toSorted((a, b) => a - b);
    expect(await find({ TicketPendingTimeOlderMinutes: -40 })).toEqual([soon.TicketID]);
    expect(await find({ TicketPendingTimeNewerMinutes: -40 })).toEqual([later.TicketID]);
    expect(await find({ TicketPendingTimeNewerMinutes: 60 })).toEqual([soon.TicketID, later.TicketID]);
    expect(await find({ TicketPendingTimeOlderMinutes: 60 })).toEqual([]);
    const at = wallTime(soon, soon.RealTillTimeNotUsed);
    expect(await find({ TicketPendingTimeNewerDate: at, TicketPendingTimeOlderDate: at })).toEqual([
      soon.TicketID,
    ]);
    const past = wallTime(later, later.RealTillTimeNotUsed + 1);
    expect(await find({ TicketPendingTimeNewerDate: past })).toEqual([]);
    expect(await find({ TicketPendingTimeOlderDate: past })).toEqual([soon.TicketID, later.TicketID]);
  },
);
