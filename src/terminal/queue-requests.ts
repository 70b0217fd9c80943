import { isLegalArrow } from '../journal/arrows.ts';
import type { JournalReader, JournalRequest, TicketRow } from '../journal/journal.ts';
import type { TicketState } from '../ticket.ts';

export const WAITING_STATES: readonly TicketState[] = [
  'seen',
  'claimed',
  'decided',
  'applying',
  'deferred',
  'held',
  'quarantined',
];

export type TicketRequest = Extract<JournalRequest, { ticketId: number }>['kind'];

/** Why the daemon could not carry that out as the ticket stands now; null where it can. */
export function obstacle(kind: TicketRequest, row: TicketRow): string | null {
  const { state } = row;
  if (kind === 'hold') {
    return isLegalArrow(state, 'held', 'move')
      ? null
      : `is ${state}: only a waiting or quarantined one can be held`;
  }
  if (kind === 'release' && state !== 'held') return `is ${state}, not held`;
  if (state === 'seen') return 'waits for its turn already';
  if (isLegalArrow(state, 'seen', 'move')) return null;
  return state === 'applied' || state === 'suggested'
    ? `is ${state}: what was written is not written again`
    : `is ${state}: the daemon works on it`;
}

export type WaitingTicket = {
  readonly ticketId: number;
  readonly ticketNumber: string | null;
  readonly state: TicketState;
  /** of a deferral or a quarantine */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly attempts: number;
  /** when a deferred one is due, epoch ms */
  readonly until: number | null;
  readonly seenAt: number;
  readonly changedAt: number;
};

export type Waiting = {
  readonly paused: boolean;
  readonly counts: Readonly<Record<TicketState, number>>;
  /** newest change first */
  readonly tickets: readonly WaitingTicket[];
};

/** All that has not come to its end, and what people should look at. */
export async function waiting(journal: JournalReader, limit: number): Promise<Waiting> {
  const rows = await journal.tickets({ states: WAITING_STATES, limit });
  return {
    paused: (await journal.fact('paused')) !== null,
    counts: await journal.counts(),
    tickets: rows.map(({ nextAttemptAt, source: _source, decisionId: _decisionId, ...row }) => ({
      ...row,
      until: nextAttemptAt,
    })),
  };
}
