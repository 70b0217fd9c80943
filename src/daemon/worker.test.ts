import { beforeEach, expect, test } from 'vitest';
import { PipelineBench, pipelineSettings, rule, SETTINGS } from '../../test/support/pipeline-bench.ts';
import { BOT, SETTLE_SETTINGS, Workbench } from '../../test/support/workbench.ts';
import type { PipelineSettings } from '../pipeline.ts';
import { Aftercare } from './aftercare.ts';
import { Bell } from './loop.ts';
import { Worker } from './worker.ts';

let bench: Workbench;
let story: PipelineBench;
let settings: PipelineSettings;
let worker: Worker;
let aftercare: Aftercare;

/** Both on one journal and settler, as the daemon has them; a new pair is what a restart makes. */
function build(): void {
  const { journal, client, access, glance, recorder, clock } = bench;
  const { pipeline } = story;
  const settler = bench.settler();
  const parts = {
    journal,
    pipeline,
    access,
    glance,
    settler,
    recorder,
    clock,
    bell: new Bell(),
    concurrency: 2,
  };
  worker = new Worker({ ...parts, settings: () => settings });
  const all = () => ({ ...SETTINGS, ...SETTLE_SETTINGS });
  const busy = worker;
  aftercare = new Aftercare({ ...parts, client, settings: all, writing: () => busy.writing });
}

beforeEach(async () => {
  bench = await Workbench.open();
  story = new PipelineBench(bench);
  settings = SETTINGS;
  build();
});

async function work(): Promise<void> {
  while (await worker.once());
  await worker.drain();
}
const see = (ids: readonly number[]) => bench.journal.see(ids, 'poll', bench.now);

test('all waiting tickets are triaged, two writes at once at most', async () => {
  const ids = Array.from({ length: 30 }, () => bench.mail());
  let running = 0;
  let most = 0;
  bench.simulator.onCall(({ operation }) => {
    if (operation === 'TicketUpdate') most = Math.max(most, ++running);
  });
  bench.simulator.onAnswer(({ operation }) => {
    if (operation === 'TicketUpdate') running -= 1;
  });
  await see(ids);

  await work();

  expect(new Set(await story.states(ids))).toEqual(new Set(['applied']));
  expect(most).toBeLessThanOrEqual(2);
  expect(await worker.once()).toBe(false);
});

test('after an idle time a few are read first, so that writing begins at once, then ever more', async () => {
  await see(Array.from({ length: 30 }, () => bench.mail()));
  await work();
  const read = bench.calls('TicketGet').map(({ ticketIds }) => ticketIds.length);
  expect(read.slice(0, 3)).toEqual([4, 8, 16]);

  bench.simulator.clearCalls();
  await see(Array.from({ length: 10 }, () => bench.mail()));
  await work();
  expect(bench.calls('TicketGet')[0]?.ticketIds).toHaveLength(4);
});

test('a reload between claim and write does not split a decision', async () => {
  const id = bench.mail();
  await see([id]);
  bench.simulator.onCall(({ operation }) => {
    if (operation === 'TicketGet')
      settings = pipelineSettings({ rules: [rule('network', 'Network', 'Sales')] });
  });

  await work();

  expect(bench.ticket(id).queue).toBe('IT-Infrastructure');
  expect(await bench.journal.decisionsOf(id)).toMatchObject([{ configHash: 'config-1' }]);
});

test('an answer that got lost is settled, and the ticket is triaged once', async () => {
  const ids = [bench.mail(), bench.mail(), bench.mail()];
  bench.simulator.faults.add({ kind: 'reset-after', operation: 'TicketUpdate' });
  bench.simulator.faults.add({ kind: 'reset-before', operation: 'TicketUpdate' });
  await see(ids);
  await work();
  expect((await story.states(ids)).toSorted()).toEqual(['applied', 'applying', 'applying']);

  for (let second = 0; second <= 62; second += 1) {
    await aftercare.settle();
    bench.now += 1_000;
  }

  expect(await story.states(ids)).toEqual(['applied', 'applied', 'applied']);
  expect(ids.map((id) => bench.notes(id).length)).toEqual([1, 1, 1]);
});

test('a row that a dead daemon left amid its write is settled by the next one', async () => {
  const id = bench.mail();
  const stored = await bench.announce(id);
  await bench.client.ticketUpdate({ TicketID: id, Ticket: { Queue: 'IT-Infrastructure' } });
  build();

  for (let second = 0; second <= 62; second += 1) {
    await aftercare.settle();
    bench.now += 1_000;
  }

  expect(await story.row(id)).toMatchObject({ state: 'applied', decisionId: stored.id });
  expect(bench.ticket(id)).toMatchObject({ queue: 'IT-Infrastructure', priority: '4 high' });
  expect(bench.notes(id)).toHaveLength(1);
});

test('a row that cannot be settled stops no other', async () => {
  const [bad, good] = [bench.mail(), bench.mail()];
  await bench.announce(bad);
  const stored = await bench.announce(good);
  await bench.client.ticketUpdate({
    TicketID: good,
    Ticket: stored.plan.fields,
    Article: { Subject: 'Triage', Body: stored.plan.note?.body ?? '' },
  });
  const times = Number.POSITIVE_INFINITY;
  bench.simulator.faults.add({ kind: 'error', code: 'Odd', operation: 'TicketGet', ticketId: bad, times });

  await aftercare.settle();

  expect(await story.states([bad, good])).toEqual(['applying', 'applied']);
});

test('a bot that lost its rights keeps its unclear writes for the time after', async () => {
  const id = bench.mail();
  await bench.read(bench.mail());
  await bench.announce(id);
  bench.simulator.setUserValid(BOT, false);

  await aftercare.settle();

  expect(await story.row(id)).toMatchObject({ state: 'applying' });
  expect(bench.log.with('the agent lost its rights in Znuny')).toHaveLength(1);
});

test('a journal that fails right after the write leaves the row to the settler, not to a second decision', async () => {
  const id = bench.mail();
  await see([id]);
  const { journal } = bench;
  const move = journal.move.bind(journal);
  let broken = true;
  journal.move = async (ticketId, arrow, at) => {
    if (arrow.to === 'applied' && broken) throw new Error('disk full');
    await move(ticketId, arrow, at);
  };
  await work();
  expect(await story.row(id)).toMatchObject({ state: 'applying' });
  broken = false;

  await aftercare.settle();

  expect(await story.row(id)).toMatchObject({ state: 'applied' });
  expect(bench.calls('TicketUpdate')).toHaveLength(1);
});

test('a pass that the journal broke is taken up again', async () => {
  const ids = [bench.mail(), bench.mail()];
  await see(ids);
  const { journal } = bench;
  const move = journal.move.bind(journal);
  journal.move = async () => {
    throw new Error('disk full');
  };
  await expect(worker.once()).rejects.toThrow('disk full');
  journal.move = move;

  await work();

  expect(await story.states(ids)).toEqual(['applied', 'applied']);
});

test('ten seconds after a write its history tells whether a person acted at the same moment', async () => {
  const [alone, raced] = [bench.mail(), bench.mail()];
  bench.simulator.onCall(({ operation, ticketIds }) => {
    if (operation === 'TicketUpdate' && ticketIds.includes(raced)) bench.simulator.agentLocks(raced);
  });
  await see([alone, raced]);
  await work();
  bench.now += 9_000;
  await aftercare.verify();
  expect(await bench.journal.decisionsOf(alone)).toMatchObject([{ verification: null }]);
  bench.now += 2_000;

  await aftercare.verify();

  expect(await bench.journal.decisionsOf(alone)).toMatchObject([{ verification: 'verified' }]);
  expect(await bench.journal.decisionsOf(raced)).toMatchObject([{ verification: 'race' }]);
  expect(bench.log.with('a person acted at the moment of the write')).toHaveLength(1);
  expect(await bench.metrics.render()).toMatch(/triaged_conflicts_total(\{[^}]*\})? 1/);
});

test('tickets moved out of sight are unverified and no evidence, those in sight are', async () => {
  bench.simulator.setRights(BOT, 'IT-Infrastructure', ['move_into']);
  const hidden = bench.mail();
  await see([hidden]);
  await work();
  bench.now += 11_000;
  await aftercare.verify();
  expect(await bench.journal.decisionsOf(hidden)).toMatchObject([{ verification: 'unverified' }]);
  expect(bench.access.hasEvidence).toBe(false);

  const seen = bench.mail({ subject: 'invoice', body: 'a bill' });
  await see([seen]);
  await work();
  bench.now += 11_000;
  await aftercare.verify();

  expect(bench.access.hasEvidence).toBe(true);
});
