import type { DeferReason, Verification } from '../ticket.ts';
import { origins } from './arrows.ts';
import type { JournalDatabase } from './database.ts';
import type { Arrow, Journal, JournalFact, JournalRequest, StoredDecision, TicketRow } from './journal.ts';
import type { JournalLock } from './lock.ts';
import { drawArrow, recordTransition } from './moves.ts';
import { SqliteReader } from './reader.ts';
import {
  type DecisionColumns,
  type RequestColumns,
  type TicketColumns,
  toRequest,
  toStoredDecision,
  toTicketRow,
  withoutDetails,
} from './rows.ts';

/** The daemon's journal on SQLite. SQLite answers at once; the promises are the interface's. */
export class SqliteJournal extends SqliteReader implements Journal {
  readonly #lock: JournalLock;

  constructor(database: JournalDatabase, lock: JournalLock) {
    super(database);
    this.#lock = lock;
  }

  async setFact(name: JournalFact, value: string | null): Promise<void> {
    if (value === null) this.database.write('DELETE FROM fact WHERE name = ?', name);
    else this.database.write('INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)', name, value);
  }

  async see(
    ticketIds: readonly number[],
    source: 'poll' | 'webhook',
    at: number,
  ): Promise<readonly number[]> {
    return this.database.transaction(() => {
      const fresh = this.database.rows<{ ticket_id: number }>(
        `INSERT OR IGNORE INTO ticket (ticket_id, state, source, seen_at, changed_at)
         SELECT DISTINCT value, 'seen', ?, ?, ? FROM json_each(?) RETURNING ticket_id`,
        source,
        at,
        at,
        JSON.stringify(ticketIds),
      );
      for (const { ticket_id: id } of fresh) recordTransition(this.database, id, null, 'seen', at, null);
      return fresh.map((row) => row.ticket_id).sort((a, b) => a - b);
    });
  }

  async known(ticketIds: readonly number[]): Promise<ReadonlySet<number>> {
    const rows = this.database.rows<{ ticket_id: number }>(
      'SELECT ticket_id FROM ticket WHERE ticket_id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ticketIds),
    );
    return new Set(rows.map((row) => row.ticket_id));
  }

  async replace(ticketId: number, source: 'poll' | 'webhook', at: number): Promise<void> {
    this.database.transaction(() => {
      const old = this.database.row<TicketColumns>('SELECT * FROM ticket WHERE ticket_id = ?', ticketId);
      // Decisions stay for the reports (they carry the old number), but nobody can verify them any more.
      this.database.write(
        `UPDATE decision SET verification = 'unverified', verified_at = ?
         WHERE ticket_id = ? AND outcome = 'applied' AND verification IS NULL`,
        at,
        ticketId,
      );
      this.database.write(
        `INSERT OR REPLACE INTO ticket (ticket_id, state, source, seen_at, changed_at)
         VALUES (?, 'seen', ?, ?, ?)`,
        ticketId,
        source,
        at,
        at,
      );
      recordTransition(this.database, ticketId, old?.state ?? null, 'seen', at, 'another ticket number');
    });
  }

  async setNumber(ticketId: number, ticketNumber: string): Promise<void> {
    this.database.write('UPDATE ticket SET ticket_number = ? WHERE ticket_id = ?', ticketNumber, ticketId);
  }

  async claim(limit: number, now: number): Promise<readonly TicketRow[]> {
    this.database.assertStillThere();
    return this.database.transaction(() => {
      const due = this.database.rows<TicketColumns>(
        `SELECT * FROM ticket WHERE state IN (SELECT value FROM json_each(?))
           AND (next_attempt_at IS NULL OR next_attempt_at <= ?) ORDER BY ticket_id LIMIT ?`,
        JSON.stringify(origins('claimed', 'claim')),
        now,
        limit,
      );
      return due.map((ticket) => this.#claimOne(ticket, now));
    });
  }

  #claimOne(ticket: TicketColumns, now: number): TicketRow {
    this.database.write(
      `UPDATE ticket SET state = 'claimed', attempts = attempts + 1, next_attempt_at = NULL, reason = NULL,
         detail = NULL, changed_at = ? WHERE ticket_id = ?`,
      now,
      ticket.ticket_id,
    );
    recordTransition(this.database, ticket.ticket_id, ticket.state, 'claimed', now, null);
    return {
      ...toTicketRow(ticket),
      state: 'claimed',
      attempts: ticket.attempts + 1,
      nextAttemptAt: null,
      reason: null,
      detail: null,
      changedAt: now,
    };
  }

  async recover(now: number): Promise<number> {
    return this.database.transaction(() => {
      const dead = this.database.rows<TicketColumns>(
        'SELECT * FROM ticket WHERE state IN (SELECT value FROM json_each(?))',
        JSON.stringify(origins('seen', 'recover')),
      );
      for (const ticket of dead) {
        this.database.write(
          "UPDATE ticket SET state = 'seen', changed_at = ? WHERE ticket_id = ?",
          now,
          ticket.ticket_id,
        );
        recordTransition(this.database, ticket.ticket_id, ticket.state, 'seen', now, 'recovered');
      }
      return dead.length;
    });
  }

  async move(ticketId: number, arrow: Arrow, at: number): Promise<void> {
    this.database.transaction(() => drawArrow(this.database, ticketId, arrow, at));
  }

  async applying(): Promise<readonly StoredDecision[]> {
    return this.database
      .rows<DecisionColumns>(
        `SELECT decision.* FROM ticket JOIN decision ON decision.id = ticket.decision_id
         WHERE ticket.state = 'applying' ORDER BY ticket.ticket_id`,
      )
      .map(toStoredDecision);
  }

  async unverified(before: number, limit: number): Promise<readonly StoredDecision[]> {
    return this.database
      .rows<DecisionColumns>(
        `SELECT * FROM decision WHERE outcome = 'applied' AND verification IS NULL AND ended_at < ?
         ORDER BY ended_at, sequence LIMIT ?`,
        before,
        limit,
      )
      .map(toStoredDecision);
  }

  async verify(decisionId: string, verification: Verification, at: number): Promise<void> {
    const changed = this.database.write(
      "UPDATE decision SET verification = ?, verified_at = ? WHERE id = ? AND outcome = 'applied'",
      verification,
      at,
      decisionId,
    );
    if (changed === 0) throw new Error(`journal: decision ${decisionId} was not applied`);
  }

  async changesSince(since: number): Promise<number> {
    const row = this.database.row<{ n: number }>(
      'SELECT count(*) AS n FROM decision WHERE applying_at >= ?',
      since,
    );
    return row?.n ?? 0;
  }

  async nextDue(): Promise<number | null> {
    const row = this.database.row<{ at: number | null }>(
      "SELECT min(next_attempt_at) AS at FROM ticket WHERE state = 'deferred'",
    );
    return row?.at ?? null;
  }

  async wake(reason: DeferReason, now: number): Promise<number> {
    return this.database.write(
      `UPDATE ticket SET next_attempt_at = ?1
       WHERE state IN ('deferred', 'applying') AND reason = ?2 AND next_attempt_at > ?1`,
      now,
      reason,
    );
  }

  async takeRequests(): Promise<readonly JournalRequest[]> {
    return this.database.transaction(() => {
      const rows = this.database.rows<RequestColumns>(
        'SELECT kind, ticket_id FROM request ORDER BY sequence',
      );
      if (rows.length > 0) this.database.write('DELETE FROM request');
      return rows.map(toRequest).filter((request) => request !== null);
    });
  }

  async prune(before: number): Promise<number> {
    return this.database.transaction(() => {
      const old = this.database.rows<DecisionColumns>(
        'SELECT * FROM decision WHERE pruned = 0 AND ended_at < ?',
        before,
      );
      for (const columns of old) {
        const { decision, plan, prediction } = withoutDetails(toStoredDecision(columns));
        this.database.write(
          'UPDATE decision SET decision = ?, plan = ?, prediction = ?, pruned = 1 WHERE id = ?',
          JSON.stringify(decision),
          JSON.stringify(plan),
          JSON.stringify(prediction),
          columns.id,
        );
      }
      return old.length;
    });
  }

  override async close(): Promise<void> {
    await super.close();
    this.#lock.release();
  }
}
