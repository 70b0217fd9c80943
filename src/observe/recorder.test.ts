import { describe, expect, test } from 'vitest';
import { ConfigError, TransientError } from '../errors.ts';
import type { Arrow, DecisionRecord, JournalCounts, StoredDecision, TicketRow } from '../journal/journal.ts';
import { sampleRecord } from '../journal/sample-record.ts';
import type { EndedPassage, TriagedEvent } from './events.ts';
import { Log } from './log.ts';
import { Metrics } from './metrics.ts';
import { Recorder } from './recorder.ts';

const ROW: TicketRow = {
  ticketId: 44,
  ticketNumber: '2026112400000044',
  state: 'claimed',
  attempts: 1,
  nextAttemptAt: null,
  source: 'poll',
  reason: null,
  detail: null,
  seenAt: 1_000,
  changedAt: 2_000,
  decisionId: null,
};
const TICKET = {
  id: 44,
  number: '2026112400000044',
  queue: 'Unclassified',
  priority: '3 normal',
  createdAt: 500,
};
const RECORD: DecisionRecord = sampleRecord(44, 'd44');
const APPLIED: EndedPassage = {
  row: ROW,
  ticket: TICKET,
  decision: RECORD.decision,
  record: RECORD,
  milliseconds: { read: 4, classify: 120, route: 1, apply: 150 },
};
const COUNTS = { seen: 3, applied: 1 } as JournalCounts;

function bench(options: { oldest?: number | null } = {}) {
  const lines: string[] = [];
  const journal = { counts: async () => COUNTS, oldestPending: async () => options.oldest ?? null };
  const metrics = new Metrics({ journal, clock: () => 60_000 });
  const log = new Log({ level: 'debug', pretty: false, write: (line) => lines.push(line) });
  const recorder = new Recorder({ log, metrics });
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}');
  const metric = async (series: string) => {
    const line = (await metrics.render()).split('\n').find((text) => text.startsWith(`${series} `));
    return line === undefined ? null : Number(line.slice(series.length + 1));
  };
  return { lines, recorder, last, metric, metrics };
}

function ended(arrow: Arrow, passage: EndedPassage = APPLIED, error?: unknown): TriagedEvent {
  return { kind: 'ticket', passage, arrow, at: 2_300, ...(error === undefined ? {} : { error }) };
}

test('an applied ticket is one line at info with all that an administrator asks for', () => {
  const { lines, recorder, last } = bench();

  recorder.record(ended({ to: 'applied', decisionId: 'd44' }));

  expect(lines).toHaveLength(1);
  expect(last()).toEqual({
    level: 'info',
    time: expect.any(String),
    msg: 'ticket triaged',
    ticketId: 44,
    ticketNumber: '2026112400000044',
    outcome: 'applied',
    mode: 'apply',
    category: 'Network',
    group: 'IT',
    probability: 0.93,
    rule: 'network',
    why: 'rule',
    queueFrom: 'Unclassified',
    queueTo: 'IT-Infrastructure',
    priorityFrom: '3 normal',
    priority: '4 high',
    decisionId: 'd44',
    attempts: 1,
    source: 'poll',
    milliseconds: { read: 4, classify: 120, route: 1, apply: 150, total: 300 },
    createdToApplied: 1_800,
  });
});

test('an applied ticket is counted once, with its rule, confidence and inference', async () => {
  const { recorder, metric } = bench();

  recorder.record(ended({ to: 'applied', decisionId: 'd44' }));

  expect(await metric('triaged_tickets_total{outcome="applied"}')).toBe(1);
  expect(await metric('triaged_tickets_total{outcome="left"}')).toBe(0);
  expect(await metric('triaged_rule_matches_total{rule="network"}')).toBe(1);
  expect(await metric('triaged_prediction_confidence_count{category="Network"}')).toBe(1);
  expect(await metric('triaged_inference_duration_seconds_sum')).toBeCloseTo(0.12);
});

test.each<[string, Arrow, string, string]>([
  ['left', { to: 'left', reason: 'locked', detail: 'by anna' }, 'info', 'locked'],
  ['observed', { to: 'observed', decisionId: 'd44' }, 'info', ''],
  ['quarantined', { to: 'quarantined', error: 'crashes' }, 'warn', 'crashes'],
])(
  'a ticket that ends as %s is counted and logged with its reason',
  async (outcome, arrow, level, reason) => {
    const { recorder, last, metric } = bench();

    recorder.record(ended(arrow));

    expect(last()).toMatchObject({ level, outcome, ...(reason === '' ? {} : { reason }) });
    expect(await metric(`triaged_tickets_total{outcome="${outcome}"}`)).toBe(1);
  },
);

test('waiting is no outcome: it is not counted and only told at debug', async () => {
  const { recorder, last, metrics } = bench();

  recorder.record(
    ended(
      { to: 'deferred', until: 9_000, reason: 'too young', countsAsAttempt: false },
      { row: ROW, milliseconds: {} },
    ),
  );

  expect(last()).toMatchObject({ level: 'debug', msg: 'ticket waits', until: '1970-01-01T00:00:09.000Z' });
  expect(await metrics.render()).not.toMatch(/triaged_tickets_total\{[^}]*\} [1-9]/);
});

test('a failure of the ticket itself is told at warn and counted by stage and code', async () => {
  const { recorder, last, metric } = bench();
  const error = new TransientError('E_CLASSIFIER', 'the child died');

  recorder.record(
    ended(
      { to: 'deferred', until: 9_000, reason: 'retry', countsAsAttempt: true },
      { row: ROW, ticket: TICKET, milliseconds: {} },
      error,
    ),
  );

  expect(last()).toMatchObject({ level: 'warn', error: { code: 'E_CLASSIFIER', message: 'the child died' } });
  expect(await metric('triaged_stage_errors_total{stage="processing",code="E_CLASSIFIER"}')).toBe(1);
});

test('each race is a warning and a conflict in the metrics', async () => {
  const { recorder, last, metric } = bench();
  const stored: StoredDecision = {
    ...RECORD,
    decidedAt: 1,
    applyingAt: 2,
    sends: 1,
    outcome: 'applied',
    verification: null,
    endedAt: 3,
  };

  recorder.record({ kind: 'verified', stored, verification: 'verified' });
  expect(await metric('triaged_conflicts_total')).toBe(0);
  recorder.record({ kind: 'verified', stored, verification: 'race' });

  expect(last()).toMatchObject({ level: 'warn', decisionId: 'd44', verification: 'race' });
  expect(await metric('triaged_conflicts_total')).toBe(1);
});

test('polls, requests, reloads and restarts are told by their metrics', async () => {
  const { recorder, metric } = bench({ oldest: 15_000 });

  recorder.record({ kind: 'started', version: '0.1.0', mode: 'observe', configHash: 'ff00', at: 1_000 });
  recorder.record({
    kind: 'poll done',
    found: 2,
    fresh: 1,
    wide: false,
    minutes: 60,
    milliseconds: 20,
    at: 50_000,
  });
  recorder.record({ kind: 'znuny request', operation: 'TicketGet', status: 'ok', milliseconds: 30 });
  recorder.record({ kind: 'classifier restarted', reason: 'exit 139' });
  recorder.record({ kind: 'reload refused', error: new ConfigError('E_CONFIG', 'unknown key') });

  expect(await metric('triaged_build_info{version="0.1.0"}')).toBe(1);
  expect(await metric('triaged_poll_last_success_timestamp_seconds')).toBe(50);
  expect(
    await metric('triaged_znuny_request_duration_seconds_count{operation="TicketGet",status="ok"}'),
  ).toBe(1);
  expect(await metric('triaged_classifier_restarts_total')).toBe(1);
  expect(await metric('triaged_config_last_reload_successful')).toBe(0);
  expect(await metric('triaged_config_hash')).toBe(0xff00);
  expect(await metric('triaged_oldest_pending_seconds')).toBe(45);
  expect(await metric('triaged_journal_tickets{state="seen"}')).toBe(3);
});

test('two daemons in one process do not share their metrics', async () => {
  const first = bench();
  const second = bench();

  first.recorder.record({ kind: 'classifier restarted', reason: 'exit 1' });

  expect(await second.metric('triaged_classifier_restarts_total')).toBe(0);
});

test('an expected error is told without its stack, a defect with it', () => {
  const { recorder, last } = bench();

  recorder.record({
    kind: 'poll failed',
    error: new TransientError('E_ZNUNY_UNREACHABLE', 'no route', { hint: 'x' }),
  });
  expect(last().error).toEqual({
    name: 'TransientError',
    code: 'E_ZNUNY_UNREACHABLE',
    message: 'no route',
    hint: 'x',
  });

  recorder.record({ kind: 'poll failed', error: new TypeError('x is undefined') });
  expect(last().error).toMatchObject({
    code: 'E_INTERNAL',
    stack: expect.stringContaining('recorder.test.ts'),
  });
});

describe('no secret leaves through log or metrics', () => {
  const CANARY = 'c4nary "p\u00e4ss"/+wörd';
  const cause = new Error(`connect to https://bot:${encodeURIComponent(CANARY)}@znuny failed: ${CANARY}`);
  const error = new TransientError('E_ZNUNY_UNREACHABLE', `login with ${CANARY} failed`, {
    where: `https://znuny/?Password=${encodeURIComponent(CANARY)}`,
    hint: `header Basic ${Buffer.from(`otai-bot:${CANARY}`).toString('base64')}`,
    cause,
  });
  const defect = Object.assign(new Error(CANARY), { cause: JSON.stringify({ Password: CANARY }) });
  const events: readonly TriagedEvent[] = [
    { kind: 'poll failed', error },
    { kind: 'poll failed', error: defect },
    { kind: 'poll failed', error: CANARY },
    { kind: 'rule blocked', rule: CANARY, error },
    { kind: 'login refused', failures: 1, next: 5, error },
    { kind: 'caution', what: `header x-token: ${CANARY}` },
    {
      kind: 'started',
      version: '1',
      mode: 'apply',
      configHash: 'ab',
      at: 1,
      facts: { deep: [{ [CANARY]: JSON.stringify({ nested: JSON.stringify(CANARY) }) }] },
    },
    ended({ to: 'quarantined', error: `refused: ${CANARY}` }, APPLIED, error),
  ];

  test('in no event, form, cause or stack', async () => {
    const { lines, recorder, metrics } = bench();
    recorder.addSecrets([CANARY]);

    for (const event of events) recorder.record(event);

    const output = lines.join('') + (await metrics.render());
    expect(lines).toHaveLength(events.length);
    for (const trace of [
      'c4nary',
      'wörd',
      'w%C3%B6rd',
      Buffer.from(CANARY).toString('base64').slice(4, -4),
    ]) {
      expect(output).not.toContain(trace);
    }
    for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object');
  });

  test('and the same events do show it where it was not registered: the test can fail', () => {
    const { lines, recorder } = bench();

    for (const event of events) recorder.record(event);

    expect(lines.filter((line) => line.includes('c4nary')).length).toBe(events.length);
  });
});
