import type { TicketState } from '../ticket.ts';

/** Who may draw an arrow: the claim of a batch, the recovery at start, or a move by the pipeline. */
export type ArrowDrawer = 'claim' | 'recover' | 'move';

/**
 * Every legal arrow. What is missing here is missing on purpose:
 * - `applying` is never claimed or recovered: its write may have reached Znuny, only a read-back may end it.
 * - `held` is reached from waiting states only: a ticket in the pipeline's hands would be moved under it.
 * - `applied` and `suggested` have an effect in Znuny: undoing or backfilling them is a decision of its own.
 */
const ARROWS: Readonly<Record<TicketState, Readonly<Partial<Record<TicketState, ArrowDrawer>>>>> = {
  seen: { claimed: 'claim', held: 'move' },
  claimed: { decided: 'move', left: 'move', deferred: 'move', quarantined: 'move', seen: 'recover' },
  decided: {
    applying: 'move',
    observed: 'move',
    left: 'move',
    deferred: 'move',
    quarantined: 'move',
    seen: 'recover',
  },
  applying: {
    applying: 'move',
    applied: 'move',
    suggested: 'move',
    left: 'move',
    deferred: 'move',
    quarantined: 'move',
  },
  deferred: { claimed: 'claim', held: 'move', seen: 'move' },
  held: { seen: 'move' },
  quarantined: { seen: 'move', held: 'move' },
  left: { seen: 'move' },
  observed: { seen: 'move' },
  applied: {},
  suggested: {},
};

export const TICKET_STATES = Object.keys(ARROWS) as readonly TicketState[];

/** States in which a ticket still waits for its end. */
export const PENDING_STATES: readonly TicketState[] = ['seen', 'claimed', 'decided', 'applying', 'deferred'];

export function isLegalArrow(from: TicketState, to: TicketState, drawer: ArrowDrawer): boolean {
  return ARROWS[from][to] === drawer;
}

/** States from which `drawer` may go to `to`. */
export function origins(to: TicketState, drawer: ArrowDrawer): readonly TicketState[] {
  return TICKET_STATES.filter((from) => isLegalArrow(from, to, drawer));
}

/** Throws a plain Error (a defect of ours, none of the expected errors) where the arrow is not legal. */
export function assertLegalMove(ticketId: number, from: TicketState, to: TicketState): void {
  if (isLegalArrow(from, to, 'move')) return;
  throw new Error(`journal: ticket ${ticketId} cannot go from ${from} to ${to}`);
}
