import type {
  Decision,
  DeferReason,
  LeftReason,
  Plan,
  Prediction,
  TicketState,
  Verification,
} from '../ticket.ts';

/** Times are epoch milliseconds, ids Znuny's TicketIDs. */
export type TicketRow = {
  readonly ticketId: number;
  /** known after the first read */
  readonly ticketNumber: string | null;
  readonly state: TicketState;
  /** passes that began and failed through this ticket's own fault */
  readonly attempts: number;
  /** when a deferred ticket is due, else null */
  readonly nextAttemptAt: number | null;
  readonly source: 'poll' | 'webhook';
  /** reason of the present state: LeftReason, DeferReason or the error of a quarantine */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly seenAt: number;
  readonly changedAt: number;
  /** the decision that is being carried out or ended it, else null */
  readonly decisionId: string | null;
};

/** One decision with everything that a report, an undo or a training run will ask for; no ticket text. */
export type DecisionRecord = {
  /** short, random, printed in the note: the marker that a read-back looks for */
  readonly id: string;
  readonly ticketId: number;
  readonly ticketNumber: string;
  readonly kind: 'triage';
  readonly decision: Decision;
  readonly plan: Plan;
  readonly prediction: Prediction;
  readonly modelHash: string;
  readonly configHash: string;
  /** the ticket's creation, for the time from creation to applied */
  readonly ticketCreatedAt: number;
};

export type StoredDecision = DecisionRecord & {
  readonly decidedAt: number;
  /** set when the write was announced, null before */
  readonly applyingAt: number | null;
  /** announced writes: 1 after the first `applying`, more where an unclear one was sent again */
  readonly sends: number;
  /** how it ended, null while open */
  readonly outcome: 'applied' | 'observed' | 'suggested' | 'left' | 'quarantined' | null;
  readonly verification: Verification | null;
  readonly endedAt: number | null;
};

/** One arrow of a ticket's life. It is committed before the effect that it announces. */
export type Arrow =
  | { readonly to: 'decided'; readonly decision: DecisionRecord }
  /** also from `applying` itself: the rest is sent again, `applyingAt` becomes the time of that call */
  | { readonly to: 'applying'; readonly decisionId: string }
  | { readonly to: 'applied'; readonly decisionId: string }
  | { readonly to: 'observed' | 'suggested'; readonly decisionId: string }
  | {
      readonly to: 'left';
      readonly reason: LeftReason;
      readonly detail?: string;
      readonly ticketNumber?: string;
    }
  | {
      readonly to: 'deferred';
      readonly until: number;
      readonly reason: DeferReason;
      readonly detail?: string;
      /** false gives the attempt back that the claim counted: the cause is not the ticket */
      readonly countsAsAttempt: boolean;
      /**
       * Only from `applying`: the write may have reached Znuny, so the row stays `applying`, is due at `until`
       * and is reconciled, never decided anew. Always so for the reason `settling`. Without it a deferred
       * `applying` row says "nothing was written": the announcement is taken back.
       */
      readonly writeUnclear?: boolean;
    }
  | { readonly to: 'held' }
  /** a person freed it or wants it tried again: attempts start at 0, it is due at once */
  | { readonly to: 'seen'; readonly reason: 'released' | 'retried' }
  | { readonly to: 'quarantined'; readonly error: string };

/** One arrow as it was committed; `from` is null where the ticket was seen first. */
export type Transition = {
  readonly from: TicketState | null;
  readonly to: TicketState;
  readonly at: number;
  readonly reason: string | null;
};

/** What a command beside the running daemon wants; the daemon carries it out within seconds. */
export type JournalRequest =
  | { readonly kind: 'release' | 'retry' | 'hold'; readonly ticketId: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' };

export type JournalCounts = Readonly<Record<TicketState, number>>;

/** Small facts that outlive a restart. */
export type JournalFact =
  | 'instance' // the Znuny (URL and web service) that this journal is of
  | 'first_start' // epoch ms
  | 'last_complete_poll' // epoch ms
  | 'last_wide_poll' // epoch ms
  | 'paused' // '1' or absent
  | 'login_failures' // count since the last success
  | 'next_login_at' // epoch ms
  | 'login_worked' // '1' once this login has worked
  | 'login_fingerprint'; // which login the three facts above are about; tells too little to guess a password

/** Read side: also for commands beside a running daemon. */
export type JournalReader = {
  fact(name: JournalFact): Promise<string | null>;
  counts(): Promise<JournalCounts>;
  /** when the oldest ticket that still waits (seen, claimed, decided, applying, deferred) was seen, null if none */
  oldestPending(): Promise<number | null>;
  ticket(ticketId: number): Promise<TicketRow | null>;
  ticketByNumber(ticketNumber: string): Promise<TicketRow | null>;
  /** newest change first */
  tickets(filter: {
    readonly states?: readonly TicketState[];
    readonly limit: number;
  }): Promise<readonly TicketRow[]>;
  /** oldest first */
  transitions(ticketId: number): Promise<readonly Transition[]>;
  decision(decisionId: string): Promise<StoredDecision | null>;
  /** newest first */
  decisionsOf(ticketId: number): Promise<readonly StoredDecision[]>;
  /** newest first */
  decisions(filter: { readonly since?: number; readonly limit: number }): Promise<readonly StoredDecision[]>;
  /** puts down what should be done; never changes a ticket itself */
  request(request: JournalRequest, at: number): Promise<void>;
  close(): Promise<void>;
};

/** The daemon's side. One writer: opening it takes a lock that the system frees when the process dies. */
export type Journal = JournalReader & {
  setFact(name: JournalFact, value: string | null): Promise<void>;
  /** insert-or-ignore; answers the ids that are new here */
  see(ticketIds: readonly number[], source: 'poll' | 'webhook', at: number): Promise<readonly number[]>;
  /** those of `ticketIds` that the journal knows, in whatever state */
  known(ticketIds: readonly number[]): Promise<ReadonlySet<number>>;
  /** a known id whose number differs is a restored or cloned Znuny: forgets it and sees it anew */
  replace(ticketId: number, source: 'poll' | 'webhook', at: number): Promise<void>;
  setNumber(ticketId: number, ticketNumber: string): Promise<void>;
  /** seen and due deferred tickets, oldest id first → claimed, attempts + 1 */
  claim(limit: number, now: number): Promise<readonly TicketRow[]>;
  /** at start: claimed and decided rows of a dead daemon become seen again, attempts kept; applying rows stay */
  recover(now: number): Promise<number>;
  move(ticketId: number, arrow: Arrow, at: number): Promise<void>;
  /** rows in state applying, with their decision: to be reconciled, never decided anew */
  applying(): Promise<readonly StoredDecision[]>;
  /** applied decisions that nobody verified yet, ended before `before` */
  unverified(before: number, limit: number): Promise<readonly StoredDecision[]>;
  verify(decisionId: string, verification: Verification, at: number): Promise<void>;
  /** writes announced (applying) at or after `since`: the brake's count */
  changesSince(since: number): Promise<number>;
  /** earliest nextAttemptAt of deferred rows, null if none: when to look again */
  nextDue(): Promise<number | null>;
  /** every ticket deferred for `reason` becomes due now (after a reload, after resume) */
  wake(reason: DeferReason, now: number): Promise<number>;
  takeRequests(): Promise<readonly JournalRequest[]>;
  /** drops decision details (prediction, trace) older than `before`; ids and states are never dropped */
  prune(before: number): Promise<number>;
};
