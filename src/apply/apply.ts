import PQueue from 'p-queue';
import { type AmbiguousError, ConfigError, type KnownError } from '../errors.ts';
import type { DecisionRecord, Journal } from '../journal/journal.ts';
import type { DeferReason, LeftReason, Ticket } from '../ticket.ts';
import { type ComparedField, type Glance, isFresh } from './glance.ts';
import { decisionsIn, type GuardContext, guard } from './guard.ts';
import { makePlan } from './plan.ts';
import { type UpdateClient, write } from './write.ts';

const HOUR_MS = 3_600_000;

export type ApplyParts = {
  readonly journal: Journal;
  readonly client: UpdateClient;
  readonly reader: { readOne(ticketId: number): Promise<Ticket | null> };
  readonly glance: Pick<Glance, 'fields'>;
  readonly access: { lost(except: number): Promise<boolean> };
  readonly clock: () => number;
};

export type ApplySettings = {
  readonly guard: Omit<GuardContext, 'now'>;
  /** 0 = no limit */
  readonly maxChangesPerHour: number;
};

const COMPARED: readonly ComparedField[] = ['queue', 'priority', 'state', 'ownerId', 'lock', 'changed'];

export type ApplyResult =
  | { readonly kind: 'written' }
  | { readonly kind: 'left'; readonly reason: LeftReason; readonly detail?: string }
  | { readonly kind: 'waits'; readonly reason: DeferReason; readonly until: number }
  | { readonly kind: 'refused'; readonly error: KnownError }
  | { readonly kind: 'unclear'; readonly error: AmbiguousError };

/** Carries out one decision: looks again, announces it in the journal, sends one TicketUpdate. */
export class Applier {
  readonly #parts: ApplyParts;
  /** announcements one at a time, so that two of them cannot both take the last change of the hour */
  readonly #announcements = new PQueue({ concurrency: 1 });

  constructor(parts: ApplyParts) {
    this.#parts = parts;
  }

  async apply(record: DecisionRecord, ticket: Ticket, settings: ApplySettings): Promise<ApplyResult> {
    const changed = await this.#changedSince(ticket, record, settings);
    if (changed) return changed;
    const held = await this.#announcements.add(() => this.#announce(record, settings));
    if (held) return held;
    const result = await write(this.#parts.client, record.plan);
    const denied = result.kind === 'refused' && result.error.code === 'E_ZNUNY_ACCESS';
    return denied ? this.#whyNotWritable(ticket, result.error) : result;
  }

  /** Not found and forbidden are one answer in Znuny; a look at the ticket, and at another one, tells them apart. */
  async #whyNotWritable(ticket: Ticket, cause: KnownError): Promise<ApplyResult> {
    const now = await this.#parts.reader.readOne(ticket.id);
    if (!now) return this.#whyHidden(ticket.id, cause);
    const hint =
      'Give its group rw there: moving, priority and note need it on the queue where the ticket lies.';
    const message = `the bot may read queue ${now.queue} but not write to its tickets`;
    return { kind: 'refused', error: new ConfigError('E_ZNUNY_ACCESS', message, { hint, cause }) };
  }

  async #whyHidden(ticketId: number, cause?: KnownError): Promise<ApplyResult> {
    if (!(await this.#parts.access.lost(ticketId))) return { kind: 'left', reason: 'gone' };
    const hint = 'Is the agent still valid, and does its group still have rw on the source queues?';
    const message = 'the bot may no longer see tickets that it could read before';
    return { kind: 'refused', error: new ConfigError('E_ZNUNY_ACCESS', message, { hint, cause }) };
  }

  /** Null where the ticket is still as the decision saw it. */
  async #changedSince(
    ticket: Ticket,
    record: DecisionRecord,
    settings: ApplySettings,
  ): Promise<ApplyResult | null> {
    const { clock, reader, glance } = this.#parts;
    if (isFresh(ticket.readAt, clock())) return null;
    const fields = await glance.fields(ticket.id);
    if (fields && COMPARED.every((name) => fields[name] === ticket[name])) return null;

    const again = fields && (await reader.readOne(ticket.id));
    if (!again) return this.#whyHidden(ticket.id);
    const verdict = guard(again, { ...settings.guard, now: clock() });
    if (verdict.kind === 'wait') return { kind: 'waits', reason: 'too young', until: verdict.until };
    if (verdict.kind === 'left') {
      const decided = decisionsIn(again).length > 0;
      const detail = verdict.detail ?? verdict.reason;
      return decided ? { kind: 'left', reason: 'conflict', detail } : verdict;
    }
    // Only a customer's follow-up or a link moved `Changed`: the decision stands as long as its plan does.
    const plan = makePlan(again, record.decision);
    const same = JSON.stringify(plan.before) === JSON.stringify(makePlan(ticket, record.decision).before);
    return same ? null : { kind: 'waits', reason: 'retry', until: clock() };
  }

  async #announce(record: DecisionRecord, settings: ApplySettings): Promise<ApplyResult | null> {
    const { journal, clock } = this.#parts;
    const now = clock();
    if ((await journal.fact('paused')) !== null)
      return { kind: 'waits', reason: 'paused', until: now + HOUR_MS };
    const limit = settings.maxChangesPerHour;
    if (limit > 0 && (await journal.changesSince(now - HOUR_MS)) >= limit) {
      return { kind: 'waits', reason: 'brake', until: now + HOUR_MS / 60 };
    }
    await journal.move(record.ticketId, { to: 'applying', decisionId: record.id }, now);
    return null;
  }
}
