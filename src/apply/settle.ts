import { type AmbiguousError, ConfigError, type KnownError } from '../errors.ts';
import type { Journal, StoredDecision } from '../journal/journal.ts';
import type { Ticket } from '../ticket.ts';
import { readBack } from './reconcile.ts';
import { type UpdateClient, write } from './write.ts';

/** Between two looks at an unclear write, ms. */
const LOOK_AGAIN_MS = 1_000;

export type SettleParts = {
  readonly journal: Journal;
  readonly client: UpdateClient;
  readonly reader: {
    /** history and the newest articles; null where Znuny denies the ticket */
    readNewest(ticketId: number): Promise<Ticket | null>;
  };
  readonly access: { lost(except: number): Promise<boolean> };
  readonly clock: () => number;
};

export type SettleSettings = {
  readonly ownUserId: number;
  /** nothing is sent again before this long after the call, ms: Znuny finishes calls that the client gave up on */
  readonly settleMs: number;
  /** sends of one plan before its ticket is quarantined */
  readonly maxSends: number;
};

export type SettleResult =
  | { readonly kind: 'applied' }
  /** moved where the bot may not look: very probably there, never sent again */
  | { readonly kind: 'unverified' }
  | { readonly kind: 'conflict'; readonly detail: string }
  /** the id is another ticket's now (a restored or cloned Znuny): the plan was never meant for it */
  | { readonly kind: 'other ticket'; readonly ticket: Ticket }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'rights lost' }
  | { readonly kind: 'refused'; readonly error: KnownError }
  | { readonly kind: 'exhausted'; readonly error: string };

type Look = { readonly fingerprint: string; readonly at: number };

/** Finds out what became of a write whose answer never came (reliability: a read-back is no fence). */
export class Settler {
  readonly #parts: SettleParts;
  readonly #looks = new Map<string, Look>();
  readonly #faults = new Map<string, AmbiguousError>();

  constructor(parts: SettleParts) {
    this.#parts = parts;
  }

  /** The answer that left the decision unclear, kept for the case that it repeats. */
  noteFault(decisionId: string, error: AmbiguousError): void {
    this.#faults.set(decisionId, error);
  }

  async settle(stored: StoredDecision, settings: SettleSettings): Promise<SettleResult> {
    const result = await this.#look(stored, settings);
    if (result.kind !== 'wait') {
      this.#looks.delete(stored.id);
      this.#faults.delete(stored.id);
    }
    return result;
  }

  async #look(stored: StoredDecision, settings: SettleSettings): Promise<SettleResult> {
    const { reader, access, clock } = this.#parts;
    const ticket = await reader.readNewest(stored.ticketId);
    if (!ticket)
      return (await access.lost(stored.ticketId)) ? { kind: 'rights lost' } : { kind: 'unverified' };
    if (ticket.number !== stored.ticketNumber) return { kind: 'other ticket', ticket };
    const seen = readBack(stored, ticket, settings.ownUserId);
    if (seen.kind === 'everything there') return { kind: 'applied' };
    if (seen.kind === 'conflict') return seen;

    const now = clock();
    const settled = (stored.applyingAt ?? stored.decidedAt) + settings.settleMs;
    const before = this.#looks.get(stored.id);
    const unchanged = before?.fingerprint === seen.fingerprint && before.at < now;
    if (now < settled || !unchanged) {
      this.#looks.set(stored.id, { fingerprint: seen.fingerprint, at: now });
      return { kind: 'wait', until: now + LOOK_AGAIN_MS };
    }
    return this.#resend(stored, seen.rest, settings);
  }

  async #resend(
    stored: StoredDecision,
    rest: StoredDecision['plan'],
    settings: SettleSettings,
  ): Promise<SettleResult> {
    const { journal, client, clock } = this.#parts;
    const fault = this.#faults.get(stored.id);
    // The same faultstring stands for a lock wait (goes away) and for a missing move_into (does not).
    if (stored.sends >= 2 && fault?.code === 'E_ZNUNY_ACCESS') {
      const error = new ConfigError('E_ZNUNY_ACCESS', fault.message, {
        hint: 'Give the agent move_into (or rw) on the target queue.',
        cause: fault,
      });
      return { kind: 'refused', error };
    }
    if (stored.sends >= settings.maxSends) {
      return { kind: 'exhausted', error: fault?.message ?? 'the update never took effect' };
    }
    if ((await journal.fact('paused')) !== null) return { kind: 'wait', until: clock() + LOOK_AGAIN_MS };
    this.#looks.delete(stored.id);
    await journal.move(stored.ticketId, { to: 'applying', decisionId: stored.id }, clock());
    const result = await write(client, rest);
    if (result.kind === 'written') return { kind: 'applied' };
    // Znuny went away again: what an earlier call may have done still stands, so the row stays.
    if (result.kind === 'refused' && result.error.kind !== 'transient') return result;
    if (result.kind === 'unclear') this.noteFault(stored.id, result.error);
    return { kind: 'wait', until: clock() + LOOK_AGAIN_MS };
  }
}
