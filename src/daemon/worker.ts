import PQueue from 'p-queue';
import type { Glance } from '../apply/glance.ts';
import type { Settler } from '../apply/settle.ts';
import type { AccessProbe } from '../intake/access.ts';
import type { Journal } from '../journal/journal.ts';
import type { Recorder } from '../observe/recorder.ts';
import type { Decided, Pipeline, PipelineSettings } from '../pipeline.ts';
import type { Bell } from './loop.ts';

const MAX_BATCH = 20;
/** a batch holds what is written in this time: fewer calls than tickets, and none waits long for its turn */
const BATCH_MS = 1_500;
/** the next batch is read and judged while this share of the last one is still to be written */
const READ_AHEAD = 0.6;
const FIRST_WRITE_MS = 150;

export type WorkerParts = {
  readonly journal: Journal;
  readonly pipeline: Pipeline;
  readonly access: Pick<AccessProbe, 'forget'>;
  readonly glance: Pick<Glance, 'expect' | 'forget'>;
  readonly recorder: Pick<Recorder, 'record'>;
  readonly settler: Pick<Settler, 'noteFault'>;
  readonly settings: () => PipelineSettings;
  readonly concurrency: number;
  readonly clock: () => number;
  readonly bell: Bell;
};

/**
 * Claims waiting tickets and drives them through the pipeline. The next batch is read and judged while the last
 * one is written, so that Znuny, which is the limit, is never idle.
 */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #writers: PQueue;
  readonly #writing = new Set<string>();
  #writeMs = FIRST_WRITE_MS;
  #lastBatch = 0;
  /** a pass broke (the journal could not write): rows lie claimed or decided that nobody works on */
  #stranded = false;
  #stopping = false;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#writers = new PQueue({ concurrency: parts.concurrency });
  }

  /** Decisions whose write is under way here: not yet a matter for the settler. */
  get writing(): ReadonlySet<string> {
    return this.#writing;
  }

  /** True while the changes of the hour are used up: to read and judge what waits would be in vain. */
  braked(): Promise<boolean> {
    return this.#parts.pipeline.braked(this.#parts.settings());
  }

  /** One batch; false where nothing was due. */
  async once(): Promise<boolean> {
    const { journal, pipeline, clock } = this.#parts;
    if (this.#stranded) {
      await this.drain();
      await journal.recover(clock());
      this.#stranded = false;
    }
    const { concurrency } = this.#parts;
    const most = Math.max(1, Math.min(MAX_BATCH, Math.round((BATCH_MS * concurrency) / this.#writeMs)));
    // After an idle time a few first, so that writing begins at once, and each batch twice the last.
    const batch = Math.min(most, Math.max(2 * concurrency, 2 * this.#lastBatch));
    await this.#writers.onSizeLessThan(Math.max(1, Math.ceil(READ_AHEAD * batch)));
    if (this.#stopping) return false;
    const rows = await journal.claim(batch, clock());
    this.#lastBatch = rows.length;
    if (rows.length === 0) return false;
    // One set of settings from the claim to the write: a reload never splits a decision.
    const settings = this.#parts.settings();
    try {
      const decided = await pipeline.decide(rows, settings);
      this.#parts.glance.expect(decided.map(({ row }) => row.ticketId));
      for (const one of decided) void this.#writers.add(() => this.#write(one, settings));
    } catch (error) {
      this.#stranded = true;
      throw error;
    }
    return true;
  }

  /** After the announcement the write may have left: the row stays `applying`, and the settler reads it back. */
  async #failed(decided: Decided, error: unknown, settings: PipelineSettings): Promise<void> {
    const { journal, pipeline, recorder } = this.#parts;
    const { ticketId, id: decisionId } = decided.record;
    const row = await journal.ticket(ticketId);
    if (row?.state === 'applying') recorder.record({ kind: 'write unclear', ticketId, decisionId, error });
    else await pipeline.failed(decided, error, settings);
  }

  /** From now on no write begins; resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.drain();
  }

  /** Resolves when every write under way has ended. */
  async drain(): Promise<void> {
    await this.#writers.onIdle();
  }

  /** A stop is nobody's failure: the next start finds the ticket due, with its attempts as they were. */
  async #putBack(decided: Decided): Promise<void> {
    const { pipeline, clock } = this.#parts;
    await pipeline.end(decided, {
      to: 'deferred',
      until: clock(),
      reason: 'retry',
      countsAsAttempt: false,
    });
  }

  async #write(decided: Decided, settings: PipelineSettings): Promise<void> {
    const { pipeline, access, glance, settler, clock, bell } = this.#parts;
    const { id } = decided.record;
    this.#writing.add(id);
    const started = clock();
    try {
      if (this.#stopping) return await this.#putBack(decided);
      const result = await pipeline.apply(decided, settings);
      if (result.kind === 'written') {
        access.forget(decided.row.ticketId);
        this.#writeMs = 0.8 * this.#writeMs + 0.2 * Math.max(1, clock() - started);
      }
      if (result.kind === 'unclear') settler.noteFault(id, result.error);
    } catch (error) {
      await this.#failed(decided, error, settings).catch((broken: unknown) => {
        this.#stranded = true;
        this.#parts.recorder.record({ kind: 'loop failed', loop: 'write', error: broken });
      });
    } finally {
      this.#writing.delete(id);
      glance.forget(decided.row.ticketId);
      bell.ring();
    }
  }
}
