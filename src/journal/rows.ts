import type { Decision, Plan, Prediction, TicketState } from '../ticket.ts';
import type { DecisionRecord, JournalRequest, StoredDecision, TicketRow, Transition } from './journal.ts';

/** The tables' columns as node:sqlite answers them. The texts of `decision` are JSON that we wrote. */
export type TicketColumns = {
  readonly ticket_id: number;
  readonly ticket_number: string | null;
  readonly state: TicketState;
  readonly attempts: number;
  readonly next_attempt_at: number | null;
  readonly source: TicketRow['source'];
  readonly reason: string | null;
  readonly detail: string | null;
  readonly seen_at: number;
  readonly changed_at: number;
  readonly decision_id: string | null;
};

export type DecisionColumns = {
  readonly id: string;
  readonly ticket_id: number;
  readonly ticket_number: string;
  readonly kind: DecisionRecord['kind'];
  readonly decision: string;
  readonly plan: string;
  readonly prediction: string;
  readonly model_hash: string;
  readonly config_hash: string;
  readonly ticket_created_at: number;
  readonly decided_at: number;
  readonly applying_at: number | null;
  readonly sends: number;
  readonly outcome: StoredDecision['outcome'];
  readonly verification: StoredDecision['verification'];
  readonly ended_at: number | null;
};

export type TransitionColumns = {
  readonly from_state: TicketState | null;
  readonly to_state: TicketState;
  readonly at: number;
  readonly reason: string | null;
};

export type RequestColumns = { readonly kind: JournalRequest['kind']; readonly ticket_id: number | null };

export function toTicketRow(columns: TicketColumns): TicketRow {
  return {
    ticketId: columns.ticket_id,
    ticketNumber: columns.ticket_number,
    state: columns.state,
    attempts: columns.attempts,
    nextAttemptAt: columns.next_attempt_at,
    source: columns.source,
    reason: columns.reason,
    detail: columns.detail,
    seenAt: columns.seen_at,
    changedAt: columns.changed_at,
    decisionId: columns.decision_id,
  };
}

export function toStoredDecision(columns: DecisionColumns): StoredDecision {
  return {
    id: columns.id,
    ticketId: columns.ticket_id,
    ticketNumber: columns.ticket_number,
    kind: columns.kind,
    decision: JSON.parse(columns.decision) as Decision,
    plan: JSON.parse(columns.plan) as Plan,
    prediction: JSON.parse(columns.prediction) as Prediction,
    modelHash: columns.model_hash,
    configHash: columns.config_hash,
    ticketCreatedAt: columns.ticket_created_at,
    decidedAt: columns.decided_at,
    applyingAt: columns.applying_at,
    sends: columns.sends,
    outcome: columns.outcome,
    verification: columns.verification,
    endedAt: columns.ended_at,
  };
}

export function toTransition(columns: TransitionColumns): Transition {
  return { from: columns.from_state, to: columns.to_state, at: columns.at, reason: columns.reason };
}

export function toRequest(columns: RequestColumns): JournalRequest | null {
  const { kind, ticket_id: ticketId } = columns;
  if (kind === 'pause' || kind === 'resume') return { kind };
  return ticketId === null ? null : { kind, ticketId };
}

/** What stays of a decision's details after its retention: the winner, not the runners-up, trace and note. */
export function withoutDetails(
  stored: StoredDecision,
): Pick<StoredDecision, 'decision' | 'plan' | 'prediction'> {
  const { decision, plan, prediction } = stored;
  return {
    decision: { ...decision, note: null, trace: [] },
    plan: { ...plan, note: null },
    prediction: {
      ...prediction,
      categories: prediction.categories.slice(0, 1),
      priorities: prediction.priorities.slice(0, 1),
    },
  };
}
