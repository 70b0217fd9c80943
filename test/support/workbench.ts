import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Applier, type ApplySettings } from '../../src/apply/apply.ts';
import { newRecord } from '../../src/apply/decision-record.ts';
import { Glance } from '../../src/apply/glance.ts';
import { makePlan } from '../../src/apply/plan.ts';
import { Settler, type SettleSettings } from '../../src/apply/settle.ts';
import { AccessProbe } from '../../src/intake/access.ts';
import { TicketReader } from '../../src/intake/read.ts';
import type { DecisionRecord, Journal, StoredDecision } from '../../src/journal/journal.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { Log } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { Recorder } from '../../src/observe/recorder.ts';
import { FIXTURE_PASSWORD } from '../../src/simulator/fixture.ts';
import { Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts';
import type { OperationName, SimulatedTicket } from '../../src/simulator/types.ts';
import type { Decision, Prediction, Ticket } from '../../src/ticket.ts';
import { ZnunyClient, type ZnunyClientOptions } from '../../src/znuny/client.ts';
import { LogLines } from './log-lines.ts';

export const BOT = 'otai-bot';
export const BOT_ID = 2;
export const START = Date.UTC(2026, 10, 24, 8, 0, 0);
const MINUTE_MS = 60_000;

type Options = {
  readonly simulator?: SimulatorOptions;
  readonly client?: Partial<ZnunyClientOptions>;
};

/** A simulated Znuny, the real client and a journal on disk, on one clock that the test sets. Gone after the test. */
export class Workbench {
  /** epoch ms, for Znuny and for us */
  now = START;
  readonly clock = () => this.now;
  readonly log = new LogLines();
  readonly simulator: Simulator;
  readonly client: ZnunyClient;
  readonly journal: Journal;
  readonly recorder: Recorder;
  readonly metrics: Metrics;
  readonly access: AccessProbe;
  readonly reader: TicketReader;
  readonly glance: Glance;
  readonly applier: Applier;

  private constructor(
    options: Options,
    open: (now: () => number) => { simulator: Simulator; journal: Journal },
  ) {
    const { simulator, journal } = open(this.clock);
    this.simulator = simulator;
    this.journal = journal;
    this.client = new ZnunyClient({
      url: simulator.url,
      userLogin: BOT,
      password: () => FIXTURE_PASSWORD,
      timeoutMs: 2_000,
      // the shortest waits between the tries of a read
      random: () => 0,
      ...options.client,
    });
    const { clock, client } = this;
    const log = new Log({ level: 'debug', pretty: false, write: (line) => this.log.push(line) });
    this.metrics = new Metrics({ journal, clock });
    this.recorder = new Recorder({ log, metrics: this.metrics });
    this.access = new AccessProbe(client, clock);
    this.reader = new TicketReader({ client, access: this.access, clock });
    this.glance = new Glance(this.reader, clock);
    this.applier = new Applier({
      journal,
      client,
      reader: this.reader,
      glance: this.glance,
      access: this.access,
      clock,
    });
  }

  static async open(options: Options = {}): Promise<Workbench> {
    let clock = () => START;
    const simulator = new Simulator({ now: () => clock(), ...options.simulator });
    await simulator.start();
    const folder = mkdtempSync(join(tmpdir(), 'triaged-bench-'));
    const journal = await openJournal({ file: join(folder, 'triaged.db'), now: () => clock() });
    const bench = new Workbench(options, (now) => {
      clock = now;
      return { simulator, journal };
    });
    onTestFinished(async () => {
      await bench.client.close();
      await bench.journal.close();
      await bench.simulator.stop();
      rmSync(folder, { recursive: true });
    });
    await bench.client.login();
    simulator.clearCalls();
    return bench;
  }

  /** A fresh one has seen nothing yet: what a restart leaves. */
  settler(): Settler {
    const { journal, client, reader, access, clock } = this;
    return new Settler({ journal, client, reader, access, clock });
  }

  /** A mail that came in a minute ago. */
  mail(options: Partial<Parameters<Simulator['receiveMail']>[0]> = {}): number {
    const createdAt = this.now - MINUTE_MS;
    return this.simulator.receiveMail({ subject: 'VPN', body: 'does not connect', createdAt, ...options }).id;
  }

  ticket(id: number): SimulatedTicket {
    const ticket = this.simulator.ticket(id);
    if (!ticket) throw new Error(`no ticket ${id}`);
    return ticket;
  }

  calls(operation: OperationName) {
    return this.simulator.calls.filter((call) => call.operation === operation);
  }

  notes(id: number) {
    return this.ticket(id).articles.filter((article) => article.createBy === BOT_ID);
  }

  async read(id: number): Promise<Ticket> {
    const ticket = await this.reader.readOne(id);
    if (!ticket) throw new Error(`ticket ${id} is hidden`);
    return ticket;
  }

  /** Sees, claims, reads and decides a ticket: IT-Infrastructure, 4 high, unless told otherwise. */
  async decide(
    id: number,
    decision: Partial<Decision> = {},
  ): Promise<{ record: DecisionRecord; ticket: Ticket }> {
    await this.journal.see([id], 'poll', this.now);
    await this.journal.claim(1_000, this.now);
    const ticket = await this.read(id);
    const record = decisionOn(ticket, decision);
    await this.journal.move(id, { to: 'decided', decision: record }, this.now);
    return { record, ticket };
  }

  /** The same up to the announcement of its write, which is then as the journal has it. */
  async announce(id: number, decision: Partial<Decision> = {}): Promise<StoredDecision> {
    const { record } = await this.decide(id, decision);
    await this.journal.move(id, { to: 'applying', decisionId: record.id }, this.now);
    return this.stored(record.id);
  }

  async stored(decisionId: string): Promise<StoredDecision> {
    const stored = await this.journal.decision(decisionId);
    if (!stored) throw new Error(`no decision ${decisionId}`);
    return stored;
  }
}

export function decisionOn(ticket: Ticket, changes: Partial<Decision> = {}): DecisionRecord {
  const decision: Decision = {
    reason: 'rule',
    rule: 'Network',
    category: 'Network',
    group: 'IT',
    probability: 0.93,
    threshold: 0.8,
    fields: { Queue: 'IT-Infrastructure', Priority: '4 high' },
    dynamicFields: {},
    note: null,
    withNote: true,
    mode: 'apply',
    trace: [],
    ...changes,
  };
  const note = { enabled: true, language: 'en', template: null } as const;
  const text = { subject: 'VPN', body: 'does not connect', language: 'en', truncated: false };
  const judged = { ticket, text, prediction: PREDICTION };
  return newRecord(judged, decision, makePlan(ticket, decision), { note, configHash: 'config' }, 'model');
}

export const PREDICTION: Prediction = {
  categories: [
    { name: 'Network', group: 'IT', probability: 0.93 },
    { name: 'Billing', group: 'Finance', probability: 0.07 },
  ],
  priorities: [],
  unknown: false,
  unknownScore: 0,
  calibrated: true,
};

export const APPLY_SETTINGS: ApplySettings = {
  guard: {
    ownUserId: BOT_ID,
    sourceQueues: ['Raw', 'Postmaster'],
    subQueues: false,
    states: ['new'],
    portalUsers: [],
    notBefore: START - 24 * 60 * MINUTE_MS,
  },
  maxChangesPerHour: 0,
};

export const SETTLE_SETTINGS: SettleSettings = { ownUserId: BOT_ID, settleMs: MINUTE_MS, maxSends: 3 };
