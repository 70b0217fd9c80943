/**
 * The words of triage. Pure data: a ticket as Znuny has it, what the model says of it, what the rules
 * decide, what will be written, and how it ended. Names are Znuny's and the field's.
 */

/** How far the daemon may go: record only, internal note only, or change fields. */
export type Mode = 'observe' | 'suggest' | 'apply';

export type SenderType = 'customer' | 'agent' | 'system';

export type Article = {
  readonly id: number;
  readonly senderType: SenderType;
  /** Email, Phone, Internal, Chat, SMS … */
  readonly channel: string;
  readonly from: string;
  readonly subject: string;
  /** plain text, as Znuny makes it also from HTML mail; links become `[1]` with a list at the end */
  readonly body: string;
  /** UserID of the agent that created it */
  readonly createBy: number;
  readonly visibleForCustomer: boolean;
  /** epoch seconds, zone-free (IncomingTime) */
  readonly incomingTime: number;
};

export type HistoryEntry = {
  /** NewTicket, Move, PriorityUpdate, AddNote … (Znuny's HistoryType) */
  readonly type: string;
  /** raw, e.g. `%%Accounting%%5%%Unclassified%%13` for a Move (new, id, old, id) */
  readonly name: string;
  /** 0 where the row belongs to no article */
  readonly articleId: number;
  readonly createBy: number;
  /** `YYYY-MM-DD HH:MM:SS` in Znuny's time zone */
  readonly createTime: string;
  readonly queueId: number;
};

/** A ticket as read from Znuny at `readAt`: TicketGet and TicketHistoryGet in one. */
export type Ticket = {
  readonly id: number;
  readonly number: string;
  readonly title: string;
  readonly queue: string;
  readonly queueId: number;
  readonly priority: string;
  readonly state: string;
  readonly stateType: string;
  readonly lock: string;
  readonly type: string;
  readonly service: string;
  readonly sla: string;
  readonly owner: string;
  readonly ownerId: number;
  readonly responsible: string;
  readonly responsibleId: number;
  readonly createBy: number;
  readonly changeBy: number;
  /** `YYYY-MM-DD HH:MM:SS` in Znuny's time zone, not ours */
  readonly created: string;
  readonly changed: string;
  /** creation time as epoch milliseconds, computed as readAt − Age: zone-free */
  readonly createdAt: number;
  /** our clock at the read, epoch milliseconds */
  readonly readAt: number;
  /** login or, for an unregistered sender, address */
  readonly customerUser: string;
  readonly customerId: string;
  readonly dynamicFields: Readonly<Record<string, string | readonly string[]>>;
  /** the first ones, oldest first (5 at most); empty where Znuny has not written one yet */
  readonly articles: readonly Article[];
  readonly history: readonly HistoryEntry[];
};

/** Cleaned text, ready for the model and for rule matchers. Never stored, never logged. */
export type CleanText = {
  readonly subject: string;
  readonly body: string;
  /** ISO 639-1, or `null` where the text is too short to tell */
  readonly language: string | null;
  /** the body was longer than the cap and was cut */
  readonly truncated: boolean;
};

export type CategoryScore = { readonly name: string; readonly group: string; readonly probability: number };
export type PriorityScore = { readonly name: string; readonly probability: number };

/** What the model says. Probabilities are calibrated where the model brings its calibration. */
export type Prediction = {
  /** all categories, most probable first; sums to 1; never empty */
  readonly categories: readonly CategoryScore[];
  /** all priorities (Znuny's names), the one to choose first (see PriorityCosts); empty where the model has no priority head */
  readonly priorities: readonly PriorityScore[];
  /** the model cannot judge: foreign language, no text, another trade */
  readonly unknown: boolean;
  /** 0–1, higher = more unknown */
  readonly unknownScore: number;
  /** false where the model brings no calibration (no triaged.json) */
  readonly calibrated: boolean;
};

/** Fields that a plan may change, by Znuny's names in a TicketUpdate. */
export type FieldName =
  | 'Queue'
  | 'Priority'
  | 'State'
  | 'Type'
  | 'Service'
  | 'Owner'
  | 'Responsible'
  | 'Lock';

export type Fields = { readonly [Name in FieldName]?: string };

/** Why the decision is what it is; one word for log, metrics and reports. */
export type DecisionReason =
  | 'rule' // a rule's outcome was probable enough
  | 'below-threshold'
  | 'unknown'
  | 'no-rule' // no rule matches any probable category
  | 'rule-leaves'; // the winning rule says `leave: true`

/** One step of the reasoning, for `explain`; made of rule names and numbers, never of ticket text. */
export type TraceStep = {
  readonly rule: string;
  readonly category: string | null;
  readonly matched: boolean;
  readonly why: string;
  readonly probability: number | null;
};

/** What the rules decide. A pure function of (ticket as read, prediction, rules). */
export type Decision = {
  readonly reason: DecisionReason;
  /** the winning rule; null below the threshold and without a rule */
  readonly rule: string | null;
  /** most probable category of the winning outcome, else of the prediction */
  readonly category: string;
  readonly group: string;
  /** summed probability of the outcome, 0–1 */
  readonly probability: number;
  readonly threshold: number;
  /** wanted values; empty = leave the ticket where it is */
  readonly fields: Fields;
  readonly dynamicFields: Readonly<Record<string, string>>;
  /** a rule's own note text (administrator's words), else null */
  readonly note: string | null;
  /** false = this rule wants no note */
  readonly withNote: boolean;
  readonly mode: Mode;
  readonly trace: readonly TraceStep[];
};

/** The difference between the ticket as it is and the decision, with the values before it. */
export type Plan = {
  /** Znuny's ticket id */
  readonly ticketId: number;
  readonly fields: Fields;
  readonly dynamicFields: Readonly<Record<string, string>>;
  /** values of the same fields before the write, for undo and conflict detection */
  readonly before: { readonly fields: Fields; readonly dynamicFields: Readonly<Record<string, string>> };
  /** internal note; `body` carries the decision's id in its last line */
  readonly note: { readonly subject: string; readonly body: string } | null;
};

/** Why a ticket is left to people. The log, `decisions` and metrics print these words. */
export type LeftReason =
  | 'no article'
  | 'before start'
  | 'not a source queue'
  | 'state'
  | 'locked'
  | 'owner'
  | 'someone decided'
  | 'already triaged' // our own UserID is in the history
  | 'entered by an agent'
  | 'process ticket'
  | 'automatic mail'
  | 'merged'
  | 'gone' // deleted or no longer readable
  | 'in place' // below the threshold and no default_queue
  | 'rule leaves'
  | 'nothing to change'
  | 'conflict'; // a person acted between our two reads

export type Verification = 'verified' | 'unverified' | 'race';

/** How one pass over a ticket ended. */
export type Outcome =
  | { readonly kind: 'applied'; readonly verification: 'unverified' | 'reconciled' }
  | { readonly kind: 'observed' }
  | { readonly kind: 'suggested' }
  | { readonly kind: 'left'; readonly reason: LeftReason; readonly detail?: string }
  | {
      readonly kind: 'deferred';
      readonly until: number;
      readonly reason: DeferReason;
      readonly detail?: string;
    }
  | { readonly kind: 'quarantined'; readonly error: string };

/** Why a ticket waits. `until` is epoch milliseconds. */
export type DeferReason =
  | 'too young' // younger than 5 s or no article yet
  | 'config' // what the configuration names is not there: not the ticket's fault
  | 'brake' // routing.max_changes_per_hour
  | 'paused'
  | 'retry' // attempt failed, tried again
  | 'znuny' // Znuny unreachable
  | 'settling'; // an unclear write: nothing is sent again before settle_seconds

/** States of a ticket in the journal; every arrow is committed before the effect that it announces. */
export type TicketState =
  | 'seen'
  | 'claimed'
  | 'decided'
  | 'applying'
  | 'applied'
  | 'observed'
  | 'suggested'
  | 'left'
  | 'deferred'
  | 'held'
  | 'quarantined';
