import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollOnce, type Search } from '../src/intake/poll.ts';
import { openJournal } from '../src/journal/sqlite.ts';
import { FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import { Simulator } from '../src/simulator/simulator.ts';
import { ZnunyClient } from '../src/znuny/client.ts';

/** What a wide poll costs that finds 10,000 tickets: search, answer, first poll and a later one that knows them all. */
const TICKETS = 10_000;
const ROUNDS = 9;

const simulator = new Simulator();
await simulator.start();
const now = Date.now();
for (let index = 0; index < TICKETS; index += 1) {
  simulator.receiveMail({ subject: `Ticket ${index}`, createdAt: now - index * 300 });
}
const client = new ZnunyClient({
  url: simulator.url,
  userLogin: 'otai-bot',
  password: () => FIXTURE_PASSWORD,
});
await client.login();
await client.ticketSearch({ Limit: 2 * TICKETS });
let bytes = 0;
let searches = 0;
const search: Search = async (query) => {
  const ids = await client.ticketSearch(query);
  searches += 1;
  bytes += JSON.stringify({ TicketID: ids.map(String) }).length;
  return ids;
};
const folder = mkdtempSync(join(tmpdir(), 'triaged-search-'));
const journal = await openJournal({ file: join(folder, 'triaged.db'), now: Date.now });
const options = { queues: ['Raw'], subQueues: false, states: ['new'], notBefore: now - 24 * 3_600_000 };

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const timed = async (work: () => Promise<unknown>) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};
const rounds = async (work: () => Promise<unknown>) => {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await timed(work));
  return median(times);
};

const one = await rounds(() => client.ticketSearch({ Queues: ['Raw'], States: ['new'], Limit: 2 * TICKETS }));
const sorted = await rounds(() =>
  client.ticketSearch({
    Queues: ['Raw'],
    States: ['new'],
    Limit: 2 * TICKETS,
    SortBy: ['Age', 'TicketNumber'],
    OrderBy: ['Up', 'Up'],
  }),
);
const first = await timed(() => pollOnce(search, journal, options, Date.now()));
const searched = `${searches} searches, ${Math.round(bytes / 1_000)} kB`;
const again = await rounds(() => pollOnce(search, journal, options, Date.now()));

console.log(`a search for ${TICKETS} ids, simulator and client in one process (medians of ${ROUNDS})`);
console.log(`  search                         ${one.toFixed(0).padStart(6)} ms`);
console.log(`  search with two sorts          ${sorted.toFixed(0).padStart(6)} ms`);
console.log(`  first poll, all of them new    ${first.toFixed(0).padStart(6)} ms (${searched})`);
console.log(`  later poll, all of them known  ${again.toFixed(0).padStart(6)} ms`);

await client.close();
await journal.close();
await simulator.stop();
rmSync(folder, { recursive: true });
