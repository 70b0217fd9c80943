import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { PipelineBench } from '../../test/support/pipeline-bench.ts';
import { BOT, BOT_ID, START, Workbench } from '../../test/support/workbench.ts';
import { load } from '../config/testing.ts';
import { TransientError } from '../errors.ts';
import { FIXTURE_PASSWORD } from '../simulator/fixture.ts';
import { type Live, makeLive, USUAL_TEMPO } from '../wiring/live.ts';
import { Login } from '../wiring/login.ts';
import { Aftercare } from './aftercare.ts';
import { Connection } from './connection.ts';
import { Health } from './health.ts';
import { Bell } from './loop.ts';
import { Rounds } from './rounds.ts';
import { Worker } from './worker.ts';

const CONFIG = `
connector: {url: https://znuny.example.com, username: otai-bot, password: "\${PW}"}
model: {provider: hf-local, model_name: words}
routing:
  default_queue: "Unclassified"
  rules:
    - {name: network, category: "Network", queue: "IT-Infrastructure"}
`;

let bench: Workbench;
let story: PipelineBench;
let rounds: Rounds;
let health: Health;
let live: Live;

beforeEach(async () => {
  bench = await Workbench.open();
  story = new PipelineBench(bench);
  health = new Health();
  const facts = { ownUserId: BOT_ID, firstStart: START - 3_600_000, tempo: USUAL_TEMPO };
  live = { ...makeLive(load(CONFIG), { model: story.classifier.info, ...facts }), pollIntervalMs: 10 };
  const { journal, client, access, glance, recorder, clock, simulator } = bench;
  const { pipeline, classifier, blocked } = story;
  const bell = new Bell();
  const settings = () => live.settings;
  const common = { journal, client, access, pipeline, recorder, clock, settler: bench.settler(), settings };
  const worker = new Worker({ ...common, glance, concurrency: 2, bell });
  const aftercare = new Aftercare({ ...common, writing: () => worker.writing });
  const identity = { url: simulator.url, userLogin: BOT, password: FIXTURE_PASSWORD };
  const login = new Login({ client, journal, recorder, clock, identity });
  const connection = new Connection({ client, login, journal, health, recorder, clock, instance: 'here' });
  const parts = { journal, client, access, recorder, clock, worker, aftercare, connection, classifier };
  rounds = new Rounds({ ...parts, health, blocked, bell, live: () => live });
  health.pass('znuny');
  health.pass('model');
});

/** Until the test ends. */
function run(): void {
  const abort = new AbortController();
  const running = rounds.run(abort.signal);
  onTestFinished(async () => {
    abort.abort();
    await running;
  });
}
const state = async (id: number) => (await bench.journal.ticket(id))?.state;

test('a new ticket is found and triaged, and readiness says so', async () => {
  const id = bench.mail();
  run();

  await expect.poll(() => state(id)).toBe('applied');
  expect(bench.ticket(id).queue).toBe('IT-Infrastructure');
  expect(health.reasons).toEqual([]);
});

test('a bot made invalid is noticed while polls stay empty, and readiness recovers with the first tickets', async () => {
  // It stays where it is, in sight: the evidence.
  const known = bench.mail({ state: 'open' });
  await bench.read(known);
  bench.simulator.setUserValid(BOT, false);
  run();
  await expect.poll(() => health.failing('rights')).toBe(true);
  expect(bench.log.with('not ready', { condition: 'rights' })).toHaveLength(1);

  bench.simulator.setUserValid(BOT, true);
  const id = bench.mail();
  await expect.poll(() => state(id)).toBe('applied');

  expect(health.failing('rights')).toBe(false);
  expect(bench.log.with('recovered', { condition: 'rights' })).toHaveLength(1);
});

test('while Znuny is away no ticket is claimed', async () => {
  const id = bench.mail();
  await bench.journal.see([id], 'webhook', bench.now);
  health.fail('znuny', 'away');
  await bench.simulator.stop();
  run();
  await expect
    .poll(() => bench.log.with('poll failed, trying again').length, { timeout: 5_000 })
    .toBeGreaterThan(0);
  expect(await bench.journal.ticket(id)).toMatchObject({ state: 'seen', attempts: 0 });
  await bench.simulator.start();

  await expect.poll(() => state(id), { timeout: 15_000 }).toBe('applied');
});

test('paused by a request, tickets are found and not touched; resumed, they are triaged', async () => {
  await bench.journal.request({ kind: 'pause' }, bench.now);
  run();
  await expect.poll(() => bench.journal.fact('paused')).toBe('1');
  const id = bench.mail();
  await expect.poll(() => state(id)).toBe('seen');
  expect(bench.calls('TicketUpdate')).toEqual([]);

  await bench.journal.request({ kind: 'resume' }, bench.now);
  await expect.poll(() => state(id), { timeout: 5_000 }).toBe('applied');
});

test('a request that cannot be carried out is told, and stops no other', async () => {
  const id = bench.mail({ state: 'open' });
  await bench.journal.see([id], 'poll', bench.now);
  await bench.journal.request({ kind: 'release', ticketId: 4_711 }, bench.now);
  await bench.journal.request({ kind: 'hold', ticketId: id }, bench.now);
  health.fail('znuny', 'no work in this test');
  live = { ...live, pollIntervalMs: 60_000, poll: { ...live.poll, queues: [] } };
  await bench.simulator.stop();
  run();

  await expect.poll(() => state(id)).toBe('held');
  expect(bench.log.with('request not carried out')).toHaveLength(1);
  await bench.simulator.start();
});

test('an id from the webhook is seen once', async () => {
  const id = bench.mail();
  await rounds.announced(id);
  await rounds.announced(id);

  expect(await bench.journal.ticket(id)).toMatchObject({ state: 'seen', source: 'webhook' });
});

test('what is left alone is told at the start', async () => {
  bench.mail({ createdAt: START - 7_200_000 });
  bench.mail({ queue: 'Sales' });

  await rounds.tellWhatIsLeftAlone(new AbortController().signal);

  expect(bench.log.with('tickets from before the start are left alone')).toMatchObject([
    { queues: { Raw: 1 } },
  ]);
  expect(bench.log.with('other queues hold new tickets, they are not searched')).toMatchObject([
    { queues: { Sales: 1 } },
  ]);
});

test('a journal that takes no rows makes the daemon not ready, until it does again', async () => {
  const id = bench.mail();
  const { journal } = bench;
  const claim = journal.claim.bind(journal);
  journal.claim = () => Promise.reject(new TransientError('E_JOURNAL', 'the disk of the journal is full'));
  run();
  await expect.poll(() => health.reasons).toEqual(['journal: the disk of the journal is full']);
  expect(bench.ticket(id).queue).not.toBe('IT-Infrastructure');

  journal.claim = claim;

  await expect.poll(() => state(id), { timeout: 10_000 }).toBe('applied');
  await expect.poll(() => health.reasons).toEqual([]);
});
