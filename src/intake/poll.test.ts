import { expect, test } from 'vitest';
import { BOT, START, Workbench } from '../../test/support/workbench.ts';
import { countOlder, type PollOptions, pollOnce, windowMinutes } from './poll.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OPTIONS: PollOptions & { readonly notBefore: number } = {
  queues: ['Raw', 'Postmaster'],
  subQueues: false,
  states: ['new'],
  notBefore: START - DAY,
};

const poll = (bench: Workbench, options: Partial<typeof OPTIONS> = {}) =>
  pollOnce((query) => bench.client.ticketSearch(query), bench.journal, { ...OPTIONS, ...options }, bench.now);

test('new tickets of the source queues are seen, once', async () => {
  const bench = await Workbench.open();
  const ids = [bench.mail(), bench.mail({ queue: 'Postmaster' })];
  bench.mail({ queue: 'Sales' });
  bench.mail({ state: 'open' });

  expect(await poll(bench)).toMatchObject({ found: 2, seen: ids });
  expect(await poll(bench)).toMatchObject({ found: 2, seen: [] });
});

test('all tickets are found where there are more than one answer holds', async () => {
  const bench = await Workbench.open();
  for (let index = 0; index < 37; index += 1) bench.mail({ createdAt: bench.now - index * 1_000 });

  expect((await poll(bench, { firstLimit: 5 })).seen).toHaveLength(37);
  expect(bench.calls('TicketSearch').map((call) => call.data.Limit)).toEqual([5, 10, 20, 40, 5]);
});

test('all tickets are found where one second holds more than one answer', async () => {
  const bench = await Workbench.open();
  for (let index = 0; index < 37; index += 1) bench.mail({ createdAt: bench.now - MINUTE });

  expect((await poll(bench, { firstLimit: 5 })).seen).toHaveLength(37);
});

test('a full answer with ids twice and in no order loses none', async () => {
  const bench = await Workbench.open();
  const ids = Array.from({ length: 8 }, () => bench.mail());
  bench.simulator.faults.add({ kind: 'search', answer: 'duplicates' });
  expect((await poll(bench)).seen).toEqual(ids);
  const more = Array.from({ length: 8 }, () => bench.mail());
  bench.simulator.faults.add({ kind: 'search', answer: 'unsorted' });

  expect((await poll(bench)).seen).toEqual(more);
});

test('one queue that Znuny does not know hides no other', async () => {
  const bench = await Workbench.open();
  const id = bench.mail();

  expect((await poll(bench, { queues: ['Rohpost', 'Raw'] })).seen).toEqual([id]);
});

test('one state that Znuny does not know hides no other', async () => {
  const bench = await Workbench.open();
  const id = bench.mail();

  expect((await poll(bench, { states: ['neu', 'new'] })).seen).toEqual([id]);
});

test('sub-queues are searched where they are wanted', async () => {
  const bench = await Workbench.open();
  const id = bench.mail({ queue: 'Support::Level 2' });

  expect((await poll(bench, { queues: ['Support'] })).seen).toEqual([]);
  expect((await poll(bench, { queues: ['Support'], subQueues: true })).seen).toEqual([id]);
});

test("Znuny's time zone changes nothing", async () => {
  const bench = await Workbench.open({ simulator: { timeZone: 'Europe/Berlin' } });
  const id = bench.mail({ createdAt: bench.now - 59 * MINUTE });
  bench.mail({ createdAt: bench.now - 80 * MINUTE });

  expect((await poll(bench, { notBefore: bench.now - HOUR })).seen).toEqual([id]);
});

test('"last complete poll" does not move before the tickets are in the journal', async () => {
  const bench = await Workbench.open();
  const id = bench.mail();
  const { journal } = bench;
  const full: typeof journal = Object.create(journal, {
    fact: { value: journal.fact.bind(journal) },
    known: { value: journal.known.bind(journal) },
    setFact: { value: journal.setFact.bind(journal) },
    see: { value: () => Promise.reject(new Error('disk full')) },
  });

  const search = () => Promise.resolve([id]);
  await expect(pollOnce(search, full, OPTIONS, bench.now)).rejects.toThrow('disk full');

  expect(await journal.fact('last_complete_poll')).toBeNull();
  expect(await journal.fact('last_wide_poll')).toBeNull();
  bench.now += 3 * HOUR;
  expect((await poll(bench)).seen).toEqual([id]);
});

test('a poll that breaks in the middle is repeated as a whole', async () => {
  const bench = await Workbench.open();
  const ids = [bench.mail(), bench.mail({ queue: 'Postmaster' })];
  bench.simulator.faults.add({ kind: 'error', code: 'Oops', operation: 'TicketSearch', skip: 1 });

  await expect(poll(bench)).rejects.toThrow();
  expect(await bench.journal.fact('last_complete_poll')).toBeNull();
  expect((await poll(bench)).seen).toEqual(ids);
});

test('a ticket that became visible late is found by the overlap', async () => {
  const bench = await Workbench.open();
  await poll(bench);
  bench.now += 30_000;
  const late = bench.mail({ createdAt: bench.now - 9 * MINUTE });

  expect(await poll(bench)).toMatchObject({ seen: [late], wide: false, minutes: 60 });
});

test('after two hours without Znuny the window reaches back to the last complete poll', async () => {
  const bench = await Workbench.open();
  await poll(bench);
  await bench.journal.setFact('last_wide_poll', String(bench.now + 119 * MINUTE));
  bench.now += 2 * HOUR;
  const old = bench.mail({ createdAt: bench.now - 115 * MINUTE });

  expect(await poll(bench)).toMatchObject({ seen: [old], wide: false, minutes: 130 });
});

test('once an hour the window reaches back to the start, and catches what all others missed', async () => {
  const bench = await Workbench.open();
  await poll(bench);
  const hidden = bench.mail({ createdAt: bench.now - 20 * HOUR });
  bench.now += 59 * MINUTE;
  expect(await poll(bench)).toMatchObject({ wide: false, seen: [] });
  bench.now += MINUTE;

  expect(await poll(bench)).toMatchObject({ wide: true, seen: [hidden] });
});

test('a clock that was set back leads to a wide poll', async () => {
  const bench = await Workbench.open();
  await poll(bench);
  bench.now -= 2 * HOUR;

  expect(await poll(bench)).toMatchObject({ wide: true });
});

test.each([
  ['at the first poll of a start without lookback', { last: null, wide: true, notBefore: START }, 10],
  ['with a day of lookback', { last: null, wide: true, notBefore: START - DAY }, 1_450],
  ['a moment after the last poll', { last: START - 1_000, wide: false, notBefore: START - DAY }, 60],
  ['two hours after the last poll', { last: START - 2 * HOUR, wide: false, notBefore: START - DAY }, 130],
  [
    'near the start: no further back than that',
    { last: START, wide: false, notBefore: START - HOUR / 2 },
    40,
  ],
  ['a month after the start: a week', { last: START, wide: true, notBefore: START - 30 * DAY }, 10_090],
  ['a month after the last poll: a week', { last: START - 30 * DAY, wide: false, notBefore: 0 }, 10_090],
  ['with a clock before the start: never 0', { last: null, wide: true, notBefore: START + DAY }, 1],
  ['with a clock before the last poll', { last: START + DAY, wide: false, notBefore: START - DAY }, 60],
])('the window %s', (_, times, minutes) => {
  expect(windowMinutes({ now: START, ...times })).toBe(minutes);
});

test('older tickets are counted by queue', async () => {
  const bench = await Workbench.open();
  for (let index = 0; index < 7; index += 1) bench.mail({ createdAt: bench.now - 2 * DAY });
  bench.mail();

  const counts = await countOlder(
    (query) => bench.client.ticketSearch(query),
    { ...OPTIONS, firstLimit: 3 },
    DAY,
  );

  expect([...counts]).toEqual([
    ['Raw', 7],
    ['Postmaster', 0],
  ]);
});

test('a bot without rights finds nothing, without a word', async () => {
  const bench = await Workbench.open();
  bench.mail();
  bench.simulator.setUserValid(BOT, false);

  expect(await poll(bench)).toMatchObject({ found: 0, seen: [] });
});
