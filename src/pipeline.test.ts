import { beforeEach, expect, test } from 'vitest';
import { PipelineBench, POISON, pipelineSettings, RULES, rule } from '../test/support/pipeline-bench.ts';
import { BOT, Workbench } from '../test/support/workbench.ts';
import { Pipeline } from './pipeline.ts';

let bench: Workbench;
let story: PipelineBench;
beforeEach(async () => {
  bench = await Workbench.open();
  story = new PipelineBench(bench);
});

const update = () => bench.calls('TicketUpdate');

test('a ticket goes from seen to applied, each arrow in the journal', async () => {
  const id = bench.mail();
  await story.run([id]);

  expect(bench.ticket(id).queue).toBe('IT-Infrastructure');
  const arrows = (await bench.journal.transitions(id)).map((transition) => transition.to);
  expect(arrows).toEqual(['seen', 'claimed', 'decided', 'applying', 'applied']);
  const [decision] = await bench.journal.decisionsOf(id);
  expect(decision).toMatchObject({
    outcome: 'applied',
    sends: 1,
    configHash: 'config-1',
    modelHash: 'words-1',
    decision: { rule: 'network', reason: 'rule', probability: 0.95 },
    plan: { fields: { Queue: 'IT-Infrastructure' }, before: { fields: { Queue: 'Raw' } } },
  });
  expect(bench.notes(id)[0]?.body).toContain(decision?.id);
});

test('below the threshold a ticket goes to the default queue, its priority unchanged', async () => {
  const id = bench.mail({ subject: 'Hello', body: 'a question', priority: '4 high' });
  await story.run([id]);

  expect(bench.ticket(id)).toMatchObject({ queue: 'Unclassified', priority: '4 high' });
});

test('without a default queue it stays where it is', async () => {
  const id = bench.mail({ subject: 'Hello', body: 'a question' });
  await story.run([id], pipelineSettings({ defaultQueue: null }));

  expect(await story.row(id)).toMatchObject({ state: 'left', reason: 'in place' });
  expect(update()).toEqual([]);
});

test('mode observe decides and writes nothing', async () => {
  const id = bench.mail();
  const before = bench.ticket(id);
  await story.run([id], pipelineSettings({ mode: 'observe' }));

  expect(await story.row(id)).toMatchObject({ state: 'observed' });
  expect(update()).toEqual([]);
  expect(bench.ticket(id)).toEqual(before);
  expect(await bench.journal.decisionsOf(id)).toMatchObject([
    { outcome: 'observed', plan: { fields: { Queue: 'IT-Infrastructure' }, note: null } },
  ]);
});

test('mode suggest writes the note and nothing else', async () => {
  const id = bench.mail();
  const fields = { category: 'TriageCategory' };
  await story.run([id], pipelineSettings({ mode: 'suggest' }, { fields }));

  expect(await story.row(id)).toMatchObject({ state: 'suggested' });
  expect(bench.ticket(id)).toMatchObject({ queue: 'Raw', priority: '3 normal', fields: {} });
  expect(bench.notes(id)).toMatchObject([{ visibleForCustomer: false }]);
});

test('mode suggest without a note has nothing to write', async () => {
  const id = bench.mail();
  const note = { enabled: false, language: 'en', template: null } as const;
  await story.run([id], pipelineSettings({ mode: 'suggest' }, { note }));

  expect(await story.row(id)).toMatchObject({ state: 'observed' });
  expect(update()).toEqual([]);
});

test('bookkeeping fields are written with the change, and are no reason for one', async () => {
  const fields = { category: 'TriageCategory', status: 'TriageStatus' };
  const [moved, stays] = [bench.mail(), bench.mail({ subject: 'Hello', body: 'a question' })];
  await story.run([moved, stays], pipelineSettings({ defaultQueue: null }, { fields }));

  expect(bench.ticket(moved).fields).toEqual({ TriageCategory: 'Network', TriageStatus: 'rule' });
  expect(bench.ticket(stays).fields).toEqual({});
});

test('a touched ticket is left with its reason, and is not judged', async () => {
  const id = bench.mail();
  bench.simulator.agentNotes(id);
  await story.run([id]);

  expect(await story.row(id)).toMatchObject({
    state: 'left',
    reason: 'someone decided',
    detail: 'AddNote by user 3',
  });
  expect(story.classifier.batches).toEqual([]);
});

test('a ticket that has no article yet waits, and no attempt is counted', async () => {
  const id = bench.mail({ articleDelayMs: 120_000 });
  await story.run([id]);
  expect(await story.row(id)).toMatchObject({ state: 'deferred', reason: 'too young', attempts: 0 });
  bench.now += 120_000;
  await story.run([]);

  expect(await story.row(id)).toMatchObject({ state: 'applied' });
});

test('a text that breaks the classifier is quarantined after three attempts and holds up no other', async () => {
  const poison = bench.mail({ body: POISON });
  const others = [bench.mail(), bench.mail()];
  await story.run([poison, ...others]);
  expect(await story.states(others)).toEqual(['applied', 'applied']);
  expect(await story.row(poison)).toMatchObject({ state: 'deferred', reason: 'retry', attempts: 1 });

  bench.now += 10_000;
  await story.run([]);
  expect(await story.row(poison)).toMatchObject({ state: 'deferred', attempts: 2 });
  bench.now += 60_000;
  await story.run([]);

  expect(await story.row(poison)).toMatchObject({ state: 'quarantined', attempts: 3 });
  expect(bench.log.with('ticket quarantined')).toHaveLength(1);
});

test('a defect of a stage on one ticket is the failure of that ticket alone', async () => {
  const [bad, good] = [bench.mail(), bench.mail({ body: 'VPN, too' })];
  const { journal, reader, applier, recorder, clock } = bench;
  // The journal refuses to keep one decision, as it would where a value of it cannot be written down.
  const picky: typeof journal = new Proxy(journal, {
    get(target, key) {
      if (key !== 'move') {
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return (...move: Parameters<typeof journal.move>) =>
        move[0] === bad && move[1].to === 'decided'
          ? Promise.reject(new TypeError('defect'))
          : target.move(...move);
    },
  });
  const { classifier, blocked } = story;
  const pipeline = new Pipeline({ journal: picky, reader, classifier, applier, recorder, blocked, clock });
  await journal.see([bad, good], 'poll', bench.now);

  const decided = await pipeline.decide(await journal.claim(10, bench.now), pipelineSettings());

  expect(decided.map(({ row }) => row.ticketId)).toEqual([good]);
  expect(await story.row(bad)).toMatchObject({ state: 'deferred', reason: 'retry', attempts: 1 });
});

test('a queue that Znuny does not know blocks its rule once, loudly, and no other rule', async () => {
  const settings = pipelineSettings({ rules: [rule('network', 'Network', 'Netz'), ...RULES.slice(1)] });
  const tickets = [bench.mail(), bench.mail(), bench.mail({ subject: 'invoice', body: 'a bill' })];
  await story.run(tickets.slice(0, 1), settings);
  await story.run(tickets.slice(1), settings);

  expect(await story.states(tickets)).toEqual(['deferred', 'deferred', 'applied']);
  expect(await story.row(tickets[1] ?? 0)).toMatchObject({ reason: 'config', attempts: 0 });
  expect(bench.log.with('rule does not fit Znuny, its tickets wait')).toMatchObject([{ rule: 'network' }]);
  // The second ticket did not need another refusal.
  expect(update().filter((call) => call.errorCode !== undefined)).toHaveLength(1);
});

test('once the file is corrected the tickets of a blocked rule are triaged', async () => {
  const id = bench.mail();
  await story.run([id], pipelineSettings({ rules: [rule('network', 'Network', 'Netz')] }));
  story.blocked.clear();
  await bench.journal.wake('config', bench.now);
  await story.run([]);

  expect(await story.row(id)).toMatchObject({ state: 'applied' });
  expect(bench.notes(id)).toHaveLength(1);
});

test('a lost session blocks no rule and counts against no ticket', async () => {
  const id = bench.mail();
  const { record, ticket } = await bench.decide(id);
  bench.simulator.setMaintenance(true);
  bench.simulator.expireSessions();
  const row = await story.row(id);
  await story.pipeline.apply({ row, record, ticket, milliseconds: {} }, pipelineSettings());

  expect(await story.row(id)).toMatchObject({ state: 'deferred', reason: 'znuny', attempts: 0 });
  expect(story.blocked.size).toBe(0);
});

test('a deleted ticket is gone, a bot made invalid waits for the administrator', async () => {
  const [gone, hidden] = [bench.mail(), bench.mail()];
  bench.simulator.deleteTicket(gone);
  await story.run([gone]);
  expect(await story.row(gone)).toMatchObject({ state: 'left', reason: 'gone' });

  bench.simulator.setUserValid(BOT, false);
  await story.run([hidden]);
  expect(await story.row(hidden)).toMatchObject({ state: 'deferred', reason: 'config', attempts: 0 });

  bench.simulator.setUserValid(BOT, true);
  bench.now += 600_000;
  await story.run([]);
  expect(await story.row(hidden)).toMatchObject({ state: 'applied' });
});

test('while Znuny is away tickets wait, without attempts', async () => {
  const ids = [bench.mail(), bench.mail()];
  await bench.simulator.stop();
  await story.run(ids);

  expect(await story.row(ids[0] ?? 0)).toMatchObject({ state: 'deferred', reason: 'znuny', attempts: 0 });
  await bench.simulator.start();
});

test('the brake defers what is too much and warns once', async () => {
  const ids = Array.from({ length: 5 }, () => bench.mail());
  await story.run(ids, pipelineSettings({}, { maxChangesPerHour: 2 }));

  expect(await story.states(ids)).toEqual(['applied', 'applied', 'deferred', 'deferred', 'deferred']);
  expect(bench.log.with('limit of changes per hour reached, tickets wait')).toMatchObject([{ limit: 2 }]);
});

test('an unclear write leaves the row to the settler', async () => {
  const id = bench.mail();
  bench.simulator.faults.add({ kind: 'reset-after', operation: 'TicketUpdate' });
  await story.run([id]);

  expect(await story.row(id)).toMatchObject({ state: 'applying' });
  expect(bench.log.with('answer to a write is unclear, reading back')).toHaveLength(1);
});

test("a lost journal leads to no second note: the bot's own rows are its memory", async () => {
  const id = bench.mail();
  await story.run([id]);
  const empty = await Workbench.open();
  const { journal } = empty;
  const { reader, applier, recorder, clock } = bench;
  const { classifier, blocked } = story;
  const again = new Pipeline({ journal, reader, classifier, applier, recorder, blocked, clock });
  await journal.see([id], 'poll', bench.now);
  const settings = pipelineSettings();
  const guard = { ...settings.guard, sourceQueues: ['IT-Infrastructure'] };

  expect(await again.decide(await journal.claim(1, bench.now), { ...settings, guard })).toEqual([]);

  expect(await journal.ticket(id)).toMatchObject({ state: 'left', reason: 'already triaged' });
  expect(bench.notes(id)).toHaveLength(1);
});

test('no word of the ticket stands in the log or the journal', async () => {
  const secret = 'Zugangscode-4711';
  const ids = [
    bench.mail({ subject: `VPN ${secret}`, body: secret }),
    bench.mail({ subject: secret, body: POISON }),
  ];
  await story.run(ids);

  const [decision] = await bench.journal.decisionsOf(ids[0] ?? 0);
  expect(JSON.stringify([bench.log.all, decision])).not.toContain(secret);
});
