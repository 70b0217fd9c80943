import { isConnections } from '../apply/failure.ts';
import { verification } from '../apply/reconcile.ts';
import type { Settler, SettleSettings } from '../apply/settle.ts';
import { TransientError } from '../errors.ts';
import type { AccessProbe } from '../intake/access.ts';
import { toHistoryEntry } from '../intake/read.ts';
import type { Journal, StoredDecision } from '../journal/journal.ts';
import type { Recorder } from '../observe/recorder.ts';
import type { Pipeline, PipelineSettings } from '../pipeline.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { ZnunyHistoryEntry } from '../znuny/types.ts';

/** A write is looked at again this long after it, in batches: Znuny's history is complete by then. */
const VERIFY_AFTER_MS = 10_000;
const VERIFY_BATCH = 50;
const RIGHTS_WAIT_MS = 600_000;
const AWAY_WAIT_MS = 5_000;

export type AftercareParts = {
  readonly journal: Journal;
  readonly client: Pick<ZnunyClient, 'ticketHistoryGet'>;
  readonly access: Pick<AccessProbe, 'forget' | 'remember'>;
  readonly pipeline: Pipeline;
  readonly settler: Settler;
  readonly recorder: Recorder;
  readonly settings: () => PipelineSettings & SettleSettings;
  readonly clock: () => number;
  /** decisions whose first write is still under way */
  readonly writing: () => ReadonlySet<string>;
};

/** What follows a write: unclear ones are settled, clear ones verified. */
export class Aftercare {
  readonly #parts: AftercareParts;
  readonly #notBefore = new Map<string, number>();

  constructor(parts: AftercareParts) {
    this.#parts = parts;
  }

  /** Settles every `applying` row that is due: of this run or of a daemon that died. */
  async settle(): Promise<void> {
    const { journal, writing, recorder, clock } = this.#parts;
    for (const stored of await journal.applying()) {
      if (writing().has(stored.id) || (this.#notBefore.get(stored.id) ?? 0) > clock()) continue;
      // Its write may have ended, here, while the rows before it were settled.
      if ((await journal.ticket(stored.ticketId))?.state !== 'applying') continue;
      try {
        await this.#settleOne(stored);
      } catch (error) {
        // The row keeps waiting, and no row stops another. Znuny being away is told by the poll.
        this.#notBefore.set(stored.id, clock() + AWAY_WAIT_MS);
        if (!(error instanceof TransientError))
          recorder.record({ kind: 'loop failed', loop: 'settle', error });
      }
    }
  }

  async #settleOne(stored: StoredDecision): Promise<void> {
    const { journal, pipeline, settler, recorder, access, clock } = this.#parts;
    const settings = this.#parts.settings();
    const result = await settler.settle(stored, settings);
    if (result.kind === 'wait') {
      this.#notBefore.set(stored.id, result.until);
      return;
    }
    this.#notBefore.delete(stored.id);
    const row = await journal.ticket(stored.ticketId);
    if (!row) return;
    const passage = { row, record: stored, decision: stored.decision, milliseconds: {} };
    if (result.kind === 'applied' || result.kind === 'unverified') access.forget(stored.ticketId);
    if (result.kind === 'other ticket') {
      await journal.replace(stored.ticketId, row.source, clock());
      recorder.record({ kind: 'other ticket', row, ticket: result.ticket });
    } else if (result.kind === 'applied') await pipeline.written(passage);
    else if (result.kind === 'unverified') {
      await pipeline.written(passage);
      await journal.verify(stored.id, 'unverified', clock());
    } else if (result.kind === 'conflict') {
      await pipeline.end(passage, { to: 'left', reason: 'conflict', detail: result.detail });
    } else if (result.kind === 'refused') await pipeline.failed(passage, result.error, settings);
    else if (result.kind === 'exhausted')
      await pipeline.end(passage, { to: 'quarantined', error: result.error });
    else {
      this.#notBefore.set(stored.id, clock() + RIGHTS_WAIT_MS);
      recorder.record({ kind: 'rights lost', ticketId: stored.ticketId });
    }
  }

  /** Reads the history of what was written some seconds ago: did a person act inside the guard window? */
  async verify(): Promise<void> {
    const { journal, access, recorder, settings, clock } = this.#parts;
    const due = await journal.unverified(clock() - VERIFY_AFTER_MS, VERIFY_BATCH);
    if (due.length === 0) return;
    const rows = await this.#histories(due.map((stored) => stored.ticketId));
    // Still in sight after the move: they may tell a bot without rights from an empty queue.
    access.remember([...rows.keys()]);
    for (const stored of due) {
      const entries = rows.get(stored.ticketId);
      const outcome = entries
        ? verification(stored, entries.map(toHistoryEntry), settings().ownUserId)
        : 'unverified';
      await journal.verify(stored.id, outcome, clock());
      recorder.record({ kind: 'verified', stored, verification: outcome });
    }
  }

  /** One ticket whose history Znuny cannot give must not keep the others from being verified. */
  async #histories(ticketIds: readonly number[]): Promise<ReadonlyMap<number, readonly ZnunyHistoryEntry[]>> {
    const { client } = this.#parts;
    const rows = new Map<number, readonly ZnunyHistoryEntry[]>();
    const read = async (ids: readonly number[]) => {
      const { histories } = await client.ticketHistoryGet(ids);
      for (const { ticketId, entries } of histories) rows.set(ticketId, entries);
    };
    let failure: unknown = null;
    await read(ticketIds).catch(async () => {
      for (const id of ticketIds) await read([id]).catch((error: unknown) => (failure = error));
    });
    // Where none can be read it is Znuny that is away: they are asked again.
    if (rows.size === 0 && isConnections(failure)) throw failure;
    return rows;
  }
}
