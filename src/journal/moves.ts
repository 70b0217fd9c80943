import type { TicketState } from '../ticket.ts';
import { assertLegalMove } from './arrows.ts';
import type { JournalDatabase } from './database.ts';
import type { Arrow, DecisionRecord, StoredDecision } from './journal.ts';
import type { TicketColumns } from './rows.ts';

type Ended = NonNullable<StoredDecision['outcome']>;

/**
 * Draws one arrow: ticket row, transition row and decision row; the caller's transaction commits them
 * together. Throws Error on an unknown ticket, an illegal arrow or a decision that is not the ticket's.
 */
export function drawArrow(database: JournalDatabase, ticketId: number, arrow: Arrow, at: number): void {
  const ticket = database.row<TicketColumns>('SELECT * FROM ticket WHERE ticket_id = ?', ticketId);
  if (ticket === null) throw new Error(`journal: ticket ${ticketId} was never seen`);
  assertLegalMove(ticketId, ticket.state, arrow.to);
  const move = new Move(database, ticket, at);

  switch (arrow.to) {
    case 'decided':
      move.decided(arrow.decision);
      break;
    case 'applying':
      move.announce(arrow.decisionId);
      move.go('applying');
      break;
    case 'applied':
    case 'observed':
    case 'suggested':
      move.end(arrow.decisionId, arrow.to);
      move.go(arrow.to);
      break;
    case 'left':
      move.endOpen('left');
      if (arrow.ticketNumber !== undefined) {
        database.write(
          'UPDATE ticket SET ticket_number = ? WHERE ticket_id = ?',
          arrow.ticketNumber,
          ticketId,
        );
      }
      move.go('left', { reason: arrow.reason, detail: arrow.detail });
      break;
    case 'deferred':
      move.defer(arrow);
      break;
    case 'held':
      move.go('held');
      break;
    case 'seen':
      database.write('UPDATE ticket SET attempts = 0 WHERE ticket_id = ?', ticketId);
      move.go('seen', { transition: arrow.reason });
      break;
    case 'quarantined':
      move.endOpen('quarantined');
      move.go('quarantined', { reason: arrow.error });
      break;
  }
}

/** One line of a ticket's life; `from` is null where it begins. */
export function recordTransition(
  database: JournalDatabase,
  ticketId: number,
  from: TicketState | null,
  to: TicketState,
  at: number,
  reason: string | null,
): void {
  database.write(
    'INSERT INTO transition (ticket_id, from_state, to_state, at, reason) VALUES (?, ?, ?, ?, ?)',
    ticketId,
    from,
    to,
    at,
    reason,
  );
}

type Facts = {
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
  readonly until?: number;
  /** reason of the transition alone */
  readonly transition?: string;
};

class Move {
  readonly #database: JournalDatabase;
  readonly #ticket: TicketColumns;
  readonly #at: number;

  constructor(database: JournalDatabase, ticket: TicketColumns, at: number) {
    this.#database = database;
    this.#ticket = ticket;
    this.#at = at;
  }

  go(to: TicketState, facts: Facts = {}): void {
    const { ticket_id: ticketId, state } = this.#ticket;
    this.#database.write(
      `UPDATE ticket SET state = ?, reason = ?, detail = ?, next_attempt_at = ?, changed_at = ?
       WHERE ticket_id = ?`,
      to,
      facts.reason ?? null,
      facts.detail ?? null,
      facts.until ?? null,
      this.#at,
      ticketId,
    );
    const reason = facts.transition ?? facts.reason ?? null;
    recordTransition(this.#database, ticketId, state, to, this.#at, reason);
  }

  decided(record: DecisionRecord): void {
    const { ticket_id: ticketId, decision_id: earlier } = this.#ticket;
    if (record.ticketId !== ticketId) {
      throw new Error(`journal: decision ${record.id} is of ticket ${record.ticketId}, not of ${ticketId}`);
    }
    // An earlier decision that was put off before anything was written had no effect: this one replaces it.
    this.#database.write('DELETE FROM decision WHERE id = ? AND sends = 0 AND outcome IS NULL', earlier);
    this.#database.write(
      `INSERT INTO decision (id, ticket_id, ticket_number, kind, rule, decision, plan, prediction, model_hash,
         config_hash, ticket_created_at, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      record.id,
      ticketId,
      record.ticketNumber,
      record.kind,
      record.decision.rule,
      JSON.stringify(record.decision),
      JSON.stringify(record.plan),
      JSON.stringify(record.prediction),
      record.modelHash,
      record.configHash,
      record.ticketCreatedAt,
      this.#at,
    );
    this.#database.write(
      'UPDATE ticket SET decision_id = ?, ticket_number = ? WHERE ticket_id = ?',
      record.id,
      record.ticketNumber,
      ticketId,
    );
    this.go('decided');
  }

  announce(decisionId: string): void {
    this.#assertOwn(decisionId);
    this.#database.write(
      'UPDATE decision SET applying_at = ?, sends = sends + 1 WHERE id = ?',
      this.#at,
      decisionId,
    );
  }

  defer(arrow: Extract<Arrow, { readonly to: 'deferred' }>): void {
    const { ticket_id: ticketId, state, decision_id: decisionId } = this.#ticket;
    const unclear = arrow.writeUnclear === true || arrow.reason === 'settling';
    if (unclear && state !== 'applying') {
      throw new Error(`journal: ticket ${ticketId} is ${state}, no write of it can be unclear`);
    }
    if (state === 'applying' && !unclear) {
      this.#database.write(
        `UPDATE decision SET sends = sends - 1, applying_at = CASE WHEN sends > 1 THEN applying_at END
         WHERE id = ?`,
        decisionId,
      );
    }
    if (!arrow.countsAsAttempt) {
      this.#database.write('UPDATE ticket SET attempts = max(attempts - 1, 0) WHERE ticket_id = ?', ticketId);
    }
    this.go(unclear ? 'applying' : 'deferred', {
      reason: arrow.reason,
      detail: arrow.detail,
      // A half millisecond would be refused by the column, and with it the ticket's whole batch.
      until: Math.round(arrow.until),
    });
  }

  end(decisionId: string, outcome: Ended): void {
    this.#assertOwn(decisionId);
    this.#database.write(
      'UPDATE decision SET outcome = ?, ended_at = ? WHERE id = ?',
      outcome,
      this.#at,
      decisionId,
    );
  }

  endOpen(outcome: Ended): void {
    this.#database.write(
      'UPDATE decision SET outcome = ?, ended_at = ? WHERE id = ? AND outcome IS NULL',
      outcome,
      this.#at,
      this.#ticket.decision_id,
    );
  }

  #assertOwn(decisionId: string): void {
    if (this.#ticket.decision_id === decisionId) return;
    throw new Error(
      `journal: ticket ${this.#ticket.ticket_id} carries out decision ${this.#ticket.decision_id}, not ${decisionId}`,
    );
  }
}
