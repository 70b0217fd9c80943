import type { Arrow, DecisionRecord, JournalRequest, StoredDecision, TicketRow } from '../journal/journal.ts';
import type { Decision, Mode, Ticket, Verification } from '../ticket.ts';

/** What is known of a ticket when its passage ends; never its text. Times in epoch ms. */
export type EndedPassage = {
  readonly row: TicketRow;
  /** per stage: read, guard, text, classify, route, apply … */
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly ticket?: Pick<Ticket, 'id' | 'number' | 'queue' | 'priority' | 'createdAt'>;
  readonly decision?: Decision;
  readonly record?: DecisionRecord;
};

/** A passage ended: one of the outcomes, or put off. `error` is what failed, where something did. */
export type TicketEvent = {
  readonly kind: 'ticket';
  readonly passage: EndedPassage;
  readonly arrow: Arrow;
  readonly at: number;
  readonly error?: unknown;
};

/** Everything that is logged or counted. Log line and metric of an event come from here and cannot disagree. */
export type TriagedEvent =
  | TicketEvent
  /** a known id with another number: a restored or cloned Znuny */
  | { readonly kind: 'other ticket'; readonly row: TicketRow; readonly ticket: Pick<Ticket, 'id' | 'number'> }
  | { readonly kind: 'verified'; readonly stored: StoredDecision; readonly verification: Verification }
  /** the answer to a write is unclear: it is read back before anything else */
  | {
      readonly kind: 'write unclear';
      readonly ticketId: number;
      readonly decisionId: string;
      readonly error: unknown;
    }
  | { readonly kind: 'rule blocked'; readonly rule: string; readonly error: unknown }
  | { readonly kind: 'rights lost'; readonly ticketId: number }
  | {
      readonly kind: 'poll done';
      readonly found: number;
      /** ids that are new here */
      readonly fresh: number;
      readonly wide: boolean;
      readonly minutes: number;
      readonly milliseconds: number;
      readonly at: number;
    }
  | { readonly kind: 'poll failed'; readonly error: unknown }
  /** where the web service is and how credentials travel; found out once at start */
  | {
      readonly kind: 'endpoint found';
      readonly endpoint: { readonly baseUrl: string; readonly credentials: string };
    }
  | {
      readonly kind: 'login refused';
      readonly failures: number;
      readonly next: number;
      readonly error: unknown;
    }
  | { readonly kind: 'login waits'; readonly until: number }
  | { readonly kind: 'logged in'; readonly userId: number }
  /** a condition of readiness is not fulfilled, or is again */
  | { readonly kind: 'degraded'; readonly condition: string; readonly sentence: string }
  | { readonly kind: 'recovered'; readonly condition: string }
  | {
      readonly kind: 'reload ok';
      readonly configHash: string;
      /** keys, never values */
      readonly changed: readonly string[];
      /** changed keys that take effect at the next start only */
      readonly needRestart: readonly string[];
      readonly at: number;
    }
  | { readonly kind: 'reload refused'; readonly error: unknown }
  /** routing.max_changes_per_hour is reached */
  | { readonly kind: 'brake'; readonly limit: number; readonly until: number }
  | { readonly kind: 'classifier restarted'; readonly reason: string }
  | {
      readonly kind: 'request';
      readonly request: JournalRequest;
      readonly done: boolean;
      readonly why?: string;
    }
  | { readonly kind: 'webhook dropped'; readonly dropped: number }
  /** new tickets in queues that are no source queues: where the bot can see them */
  | { readonly kind: 'other queues hold tickets'; readonly queues: Readonly<Record<string, number>> }
  /** new tickets from before the first start minus the lookback: left to backfill */
  | { readonly kind: 'older tickets'; readonly queues: Readonly<Record<string, number>> }
  | {
      readonly kind: 'znuny request';
      readonly operation: string;
      /** ok, or the code of the error */
      readonly status: string;
      readonly milliseconds: number;
    }
  /** something that the administrator should know at each start: no certificate check, an uncalibrated model … */
  | { readonly kind: 'caution'; readonly what: string }
  | { readonly kind: 'loop failed'; readonly loop: string; readonly error: unknown }
  | {
      readonly kind: 'started';
      readonly version: string;
      readonly mode: Mode;
      readonly configHash: string;
      readonly at: number;
      /** model, Znuny's address, queues, port …; no secrets */
      readonly facts?: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'stopping'; readonly signal: string }
  | { readonly kind: 'stopped'; readonly milliseconds: number; readonly failed: readonly string[] };

export type EventKind = TriagedEvent['kind'];
export type EventOf<Kind extends EventKind> = Extract<TriagedEvent, { readonly kind: Kind }>;
