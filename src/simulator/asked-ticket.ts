/** The ticket that TicketUpdate or an add-on's TicketDelete is asked to change. */
import { authorizeWrite, given } from './auth.ts';
import type { OperationContext } from './operation.ts';
import { missing } from './refusals.ts';
import { hasTicketRight } from './rights.ts';
import type { Principal, StoredTicket } from './store.ts';
import { OperationError } from './types.ts';

export type AskedTicket = {
  readonly ticket: StoredTicket;
  readonly principal: Principal;
  /** how the answer names it: the id in the type that was sent */
  readonly named: { readonly TicketID: unknown; readonly TicketNumber: string };
};

export function askedTicket(
  context: OperationContext,
  operation: 'TicketUpdate' | 'TicketDelete',
): AskedTicket {
  const { state, data } = context;
  if (!given(data.TicketID) && !given(data.TicketNumber)) {
    throw missing(operation, 'TicketID or TicketNumber is required!');
  }
  const principal = authorizeWrite(context, operation);
  const asked = data.TicketID;
  const ticket = given(asked) ? state.tickets.get(Number(asked)) : state.byNumber(data.TicketNumber);
  // Unknown and forbidden read alike, also for `abc`.
  if (ticket === undefined || !hasTicketRight(principal, ticket, 'rw')) {
    throw new OperationError(
      `${operation}.AccessDenied`,
      `${operation}: User does not have access to the ticket!`,
    );
  }
  return {
    ticket,
    principal,
    named: { TicketID: given(asked) ? asked : ticket.id, TicketNumber: ticket.number },
  };
}
