import PQueue from 'p-queue';
import type { Settler } from '../apply/settle.ts';
import type { AccessProbe } from '../intake/access.ts';
import type { Journal } from '../journal/journal.ts';
import type { Decided, Pipeline, PipelineSettings } from '../pipeline.ts';
import type { Bell } from './loop.ts';

const MAX_BATCH = 20;
const FIRST_WRITE_MS = 150;

export type WorkerParts = {
  readonly journal: Journal;
  readonly pipeline: Pipeline;
  readonly access: Pick<AccessProbe, 'forget'>;
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

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#writers = new PQueue({ concurrency: parts.concurrency });
  }

  /** Decisions whose write is under way here: not yet a matter for the settler. */
  get writing(): ReadonlySet<string> {
    return this.#writing;
  }

  /** One batch; false where nothing was due. */
  async once(): Promise<boolean> {
    const { journal, pipeline, clock } = this.#parts;
    // No more than is written in about a second: what lies longer has to be read again before its write.
    const batch = Math.max(
      1,
      Math.min(MAX_BATCH, Math.round((1_000 * this.#parts.concurrency) / this.#writeMs)),
    );
    await this.#writers.onSizeLessThan(Math.max(1, Math.ceil(batch / 3)));
    const rows = await journal.claim(batch, clock());
    if (rows.length === 0) return false;
    // One set of settings from the claim to the write: a reload never splits a decision.
    const settings = this.#parts.settings();
    for (const decided of await pipeline.decide(rows, settings)) {
      void this.#writers.add(() => this.#write(decided, settings));
    }
    return true;
  }

  /** Resolves when every write under way has ended. */
  async drain(): Promise<void> {
    await this.#writers.onIdle();
  }

  async #write(decided: Decided, settings: PipelineSettings): Promise<void> {
    const { pipeline, access, settler, clock, bell } = this.#parts;
    const { id } = decided.record;
    this.#writing.add(id);
    const started = clock();
    try {
      const result = await pipeline.apply(decided, settings);
      if (result.kind === 'written') {
        access.forget(decided.row.ticketId);
        this.#writeMs = 0.8 * this.#writeMs + 0.2 * Math.max(1, clock() - started);
      }
      if (result.kind === 'unclear') settler.noteFault(id, result.error);
    } catch (error) {
      await pipeline.failed(decided, error, settings);
    } finally {
      this.#writing.delete(id);
      bell.ring();
    }
  }
}
