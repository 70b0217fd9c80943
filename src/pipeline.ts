import type { Applier, ApplyResult, ApplySettings } from './apply/apply.ts';
import { textToJudge } from './apply/article.ts';
import type { FieldSettings } from './apply/bookkeeping.ts';
import { fullPlan, type NoteSettings, newRecord } from './apply/decision-record.ts';
import { failureArrow, isConnections, type RetrySettings } from './apply/failure.ts';
import { guard } from './apply/guard.ts';
import { changesNothing } from './apply/plan.ts';
import type { Classifier } from './classify/classifier.ts';
import { ConfigError } from './errors.ts';
import type { TicketReader } from './intake/read.ts';
import type { Arrow, DecisionRecord, Journal, TicketRow } from './journal/journal.ts';
import type { Recorder } from './observe/recorder.ts';
import { decide } from './route/decide.ts';
import type { Routing } from './route/rule.ts';
import type { CleanText, Decision, Prediction, Ticket } from './ticket.ts';

const HOUR_MS = 3_600_000;

export type PipelineParts = {
  readonly journal: Journal;
  readonly reader: TicketReader;
  readonly classifier: Classifier;
  readonly applier: Applier;
  readonly recorder: Recorder;
  readonly blocked: BlockedRules;
  readonly clock: () => number;
};

/** One consistent set: a reload swaps the whole, so that no decision is split between two configurations. */
export type PipelineSettings = ApplySettings &
  RetrySettings & {
    readonly routing: Routing;
    readonly note: NoteSettings;
    readonly fields: FieldSettings | null;
    readonly configHash: string;
  };

/** Rules that Znuny refuses for a reason of the configuration; by name, until epoch ms. */
export type BlockedRules = Map<string, { readonly until: number; readonly error: ConfigError }>;

/** A ticket on its way; each stage adds what it found, and the milliseconds that it took. */
export type Passage = {
  readonly row: TicketRow;
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly ticket?: Ticket;
  readonly decision?: Decision;
  readonly record?: DecisionRecord;
};
type Read = Passage & { readonly ticket: Ticket };
type Cleaned = Read & { readonly text: CleanText; readonly sender: string };
type Judged = Cleaned & { readonly prediction: Prediction };
export type Decided = Read & { readonly record: DecisionRecord };

/**
 * The story of one ticket: read → guard → text → classify → route → plan → apply → record.
 * Tickets are read and judged in small batches and written one by one. A stage hands on the tickets that go on;
 * the others have ended there, each with its reason in the journal. No ticket's failure stops another.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  #brakeTold: number | null = null;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  /** Claimed rows up to their decision; what is to be written is handed back for `apply`. */
  async decide(rows: readonly TicketRow[], settings: PipelineSettings): Promise<readonly Decided[]> {
    const read = await this.#read(rows, settings);
    const ours = await this.#guard(read, settings);
    const cleaned = await this.#each(ours, settings, async (passage) => ({
      ...passage,
      ...textToJudge(passage.ticket),
    }));
    const judged = await this.#classify(cleaned, settings);
    return this.#each(judged, settings, (passage) => this.#route(passage, settings));
  }

  /** One stage, ticket by ticket: a text or a rule that breaks it is the failure of that ticket alone. */
  async #each<From extends Passage, To>(
    passages: readonly From[],
    settings: PipelineSettings,
    stage: (passage: From) => Promise<To | null>,
  ): Promise<readonly To[]> {
    const on: To[] = [];
    for (const passage of passages) {
      try {
        const next = await stage(passage);
        if (next !== null) on.push(next);
      } catch (error) {
        await this.failed(passage, error, settings);
      }
    }
    return on;
  }

  async apply(passage: Decided, settings: PipelineSettings): Promise<ApplyResult> {
    const started = this.#parts.clock();
    const result = await this.#parts.applier.apply(passage.record, passage.ticket, settings);
    const done = { ...passage, milliseconds: spent(passage, 'apply', this.#parts.clock() - started) };
    if (result.kind === 'written') await this.written(done);
    else if (result.kind === 'left') await this.end(done, { to: 'left', ...reasonOf(result) });
    else if (result.kind === 'waits') {
      await this.end(done, {
        to: 'deferred',
        until: result.until,
        reason: result.reason,
        countsAsAttempt: false,
      });
      if (result.reason === 'brake') this.#tellBrake(settings.maxChangesPerHour, result.until);
    } else if (result.kind === 'refused') await this.failed(done, result.error, settings);
    else if (result.kind === 'unclear') {
      // The row stays `applying`: the settler finds out what became of the write.
      const { id: decisionId, ticketId } = passage.record;
      this.#parts.recorder.record({ kind: 'write unclear', ticketId, decisionId, error: result.error });
    }
    return result;
  }

  /** True while the changes of the hour are used up. */
  async braked(settings: PipelineSettings): Promise<boolean> {
    const { journal, clock } = this.#parts;
    const { maxChangesPerHour: limit, routing } = settings;
    if (limit === 0 || routing.options.mode === 'observe') return false;
    if ((await journal.changesSince(clock() - HOUR_MS)) < limit) return false;
    const { seen, deferred } = await journal.counts();
    if (seen + deferred > 0) this.#tellBrake(limit, clock() + HOUR_MS / 60);
    return true;
  }

  /** One warning an hour, however many tickets wait. */
  #tellBrake(limit: number, until: number): void {
    const now = this.#parts.clock();
    if (this.#brakeTold !== null && Math.abs(now - this.#brakeTold) < HOUR_MS) return;
    this.#brakeTold = now;
    this.#parts.recorder.record({ kind: 'brake', limit, until });
  }

  /** Everything that the plan wanted is there. */
  async written(passage: Passage & { readonly record: DecisionRecord }): Promise<void> {
    const decisionId = passage.record.id;
    const to = passage.record.decision.mode === 'suggest' ? 'suggested' : 'applied';
    await this.end(passage, { to, decisionId });
  }

  /** An own failure counts against the ticket; one of Znuny or of the configuration does not. */
  async failed(passage: Passage, error: unknown, settings: PipelineSettings): Promise<void> {
    const now = this.#parts.clock();
    const rule = passage.decision?.rule ?? passage.record?.decision.rule ?? '(no rule)';
    const rules = error instanceof ConfigError && !isConnections(error);
    if (passage.record && rules && !this.#parts.blocked.has(rule)) {
      this.#parts.blocked.set(rule, { until: now + settings.configDelayMs, error });
      this.#parts.recorder.record({ kind: 'rule blocked', rule, error });
    }
    await this.end(passage, failureArrow(error, passage.row.attempts, settings, now), error);
  }

  /** One journal row, one log line, one metric: the only way in which a passage ends. */
  async end(passage: Passage, arrow: Arrow, error?: unknown): Promise<void> {
    const now = this.#parts.clock();
    await this.#parts.journal.move(passage.row.ticketId, arrow, now);
    this.#parts.recorder.record({ kind: 'ticket', passage, arrow, at: now, error });
  }

  async #read(rows: readonly TicketRow[], settings: PipelineSettings): Promise<readonly Read[]> {
    const { reader, journal, clock, recorder } = this.#parts;
    const started = clock();
    const results = await reader.read(rows.map((row) => row.ticketId));
    const milliseconds = { read: clock() - started };
    const read: Read[] = [];
    for (const row of rows) {
      const result = results.get(row.ticketId);
      if (result?.kind === 'ticket') {
        const { ticket } = result;
        if (row.ticketNumber !== null && row.ticketNumber !== ticket.number) {
          await journal.replace(row.ticketId, row.source, clock());
          recorder.record({ kind: 'other ticket', row, ticket });
          continue;
        }
        if (row.ticketNumber === null) await journal.setNumber(row.ticketId, ticket.number);
        read.push({ row, ticket, milliseconds });
      } else if (result?.kind === 'gone') {
        await this.end({ row, milliseconds }, { to: 'left', reason: 'gone' });
      } else await this.failed({ row, milliseconds }, result?.error, settings);
    }
    return read;
  }

  async #guard(passages: readonly Read[], settings: PipelineSettings): Promise<readonly Read[]> {
    return this.#each(passages, settings, async (passage) => {
      const verdict = guard(passage.ticket, { ...settings.guard, now: this.#parts.clock() });
      if (verdict.kind === 'ours') return passage;
      if (verdict.kind === 'left') await this.end(passage, { to: 'left', ...reasonOf(verdict) });
      else {
        const { until } = verdict;
        await this.end(passage, { to: 'deferred', until, reason: 'too young', countsAsAttempt: false });
      }
      return null;
    });
  }

  async #classify(passages: readonly Cleaned[], settings: PipelineSettings): Promise<readonly Judged[]> {
    if (passages.length === 0) return [];
    const { classifier, clock } = this.#parts;
    const started = clock();
    try {
      const predictions = await classifier.classify(passages.map((passage) => passage.text));
      const milliseconds = clock() - started;
      return passages.flatMap((passage, index) => {
        const prediction = predictions[index];
        return prediction
          ? [{ ...passage, prediction, milliseconds: spent(passage, 'classify', milliseconds) }]
          : [];
      });
    } catch (error) {
      const [only] = passages;
      if (passages.length === 1 && only) {
        await this.failed(only, error, settings);
        return [];
      }
      // One of them broke the child: alone, the poison fails by itself and the others go on.
      const judged: Judged[] = [];
      for (const passage of passages) judged.push(...(await this.#classify([passage], settings)));
      return judged;
    }
  }

  async #route(passage: Judged, settings: PipelineSettings): Promise<Decided | null> {
    const { journal, classifier, blocked, clock } = this.#parts;
    const decision = decide(passage, settings.routing);
    const known = blocked.get(decision.rule ?? '(no rule)');
    if (known && known.until > clock()) {
      await this.failed({ ...passage, decision }, known.error, settings);
      return null;
    }
    const { name, hash } = classifier.info;
    const { decision: full, plan } = fullPlan(passage.ticket, decision, settings.fields, name);
    if (changesNothing(plan, decision)) {
      await this.end({ ...passage, decision }, { to: 'left', reason: nothingReason(decision) });
      return null;
    }
    const record = newRecord(passage, full, plan, settings, hash);
    await journal.move(passage.row.ticketId, { to: 'decided', decision: record }, clock());
    const decided = { ...passage, decision, record };
    // suggest without a note has nothing to write either
    const writes = decision.mode === 'apply' || (decision.mode === 'suggest' && record.plan.note !== null);
    if (writes) return decided;
    await this.end(decided, { to: 'observed', decisionId: record.id });
    return null;
  }
}

function nothingReason(decision: Decision) {
  if (decision.reason === 'rule-leaves') return 'rule leaves' as const;
  return decision.reason === 'rule' ? ('nothing to change' as const) : ('in place' as const);
}

function spent(passage: Passage, stage: string, milliseconds: number): Readonly<Record<string, number>> {
  return { ...passage.milliseconds, [stage]: milliseconds };
}

function reasonOf<Reason>(result: { readonly reason: Reason; readonly detail?: string }) {
  return result.detail === undefined
    ? { reason: result.reason }
    : { reason: result.reason, detail: result.detail };
}
