import type { TicketState } from '../ticket.ts';
import { PENDING_STATES, TICKET_STATES } from './arrows.ts';
import type { JournalDatabase } from './database.ts';
import type {
  JournalCounts,
  JournalFact,
  JournalReader,
  JournalRequest,
  StoredDecision,
  TicketRow,
  Transition,
} from './journal.ts';
import {
  type DecisionColumns,
  type TicketColumns,
  type TransitionColumns,
  toStoredDecision,
  toTicketRow,
  toTransition,
} from './rows.ts';

/** The read side: also what a command beside the running daemon gets. */
export class SqliteReader implements JournalReader {
  protected readonly database: JournalDatabase;

  constructor(database: JournalDatabase) {
    this.database = database;
  }

  async fact(name: JournalFact): Promise<string | null> {
    return this.database.row<{ value: string }>('SELECT value FROM fact WHERE name = ?', name)?.value ?? null;
  }

  async counts(): Promise<JournalCounts> {
    const counts = Object.fromEntries(TICKET_STATES.map((state) => [state, 0])) as Record<
      TicketState,
      number
    >;
    const rows = this.database.rows<{ state: TicketState; n: number }>(
      'SELECT state, count(*) AS n FROM ticket GROUP BY state',
    );
    for (const { state, n } of rows) counts[state] = n;
    return counts;
  }

  async oldestPending(): Promise<number | null> {
    const row = this.database.row<{ at: number | null }>(
      'SELECT min(seen_at) AS at FROM ticket WHERE state IN (SELECT value FROM json_each(?))',
      JSON.stringify(PENDING_STATES),
    );
    return row?.at ?? null;
  }

  async ticket(ticketId: number): Promise<TicketRow | null> {
    const columns = this.database.row<TicketColumns>('SELECT * FROM ticket WHERE ticket_id = ?', ticketId);
    return columns === null ? null : toTicketRow(columns);
  }

  async ticketByNumber(ticketNumber: string): Promise<TicketRow | null> {
    const columns = this.database.row<TicketColumns>(
      'SELECT * FROM ticket WHERE ticket_number = ?',
      ticketNumber,
    );
    return columns === null ? null : toTicketRow(columns);
  }

  async tickets(filter: {
    readonly states?: readonly TicketState[];
    readonly limit: number;
  }): Promise<readonly TicketRow[]> {
    const columns = this.database.rows<TicketColumns>(
      `SELECT * FROM ticket WHERE state IN (SELECT value FROM json_each(?))
       ORDER BY changed_at DESC, ticket_id DESC LIMIT ?`,
      JSON.stringify(filter.states ?? TICKET_STATES),
      filter.limit,
    );
    return columns.map(toTicketRow);
  }

  async transitions(ticketId: number): Promise<readonly Transition[]> {
    const columns = this.database.rows<TransitionColumns>(
      'SELECT from_state, to_state, at, reason FROM transition WHERE ticket_id = ? ORDER BY sequence',
      ticketId,
    );
    return columns.map(toTransition);
  }

  async decision(decisionId: string): Promise<StoredDecision | null> {
    const columns = this.database.row<DecisionColumns>('SELECT * FROM decision WHERE id = ?', decisionId);
    return columns === null ? null : toStoredDecision(columns);
  }

  async decisionsOf(ticketId: number): Promise<readonly StoredDecision[]> {
    return this.database
      .rows<DecisionColumns>('SELECT * FROM decision WHERE ticket_id = ? ORDER BY sequence DESC', ticketId)
      .map(toStoredDecision);
  }

  async decisions(filter: {
    readonly since?: number;
    readonly limit: number;
  }): Promise<readonly StoredDecision[]> {
    return this.database
      .rows<DecisionColumns>(
        'SELECT * FROM decision WHERE decided_at >= ? ORDER BY decided_at DESC, sequence DESC LIMIT ?',
        filter.since ?? 0,
        filter.limit,
      )
      .map(toStoredDecision);
  }

  async request(request: JournalRequest, at: number): Promise<void> {
    const ticketId = 'ticketId' in request ? request.ticketId : null;
    this.database.write(
      'INSERT INTO request (kind, ticket_id, at) VALUES (?, ?, ?)',
      request.kind,
      ticketId,
      at,
    );
  }

  async close(): Promise<void> {
    this.database.close();
  }
}
