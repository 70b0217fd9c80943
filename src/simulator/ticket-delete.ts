import { askedTicket } from './asked-ticket.ts';
import type { Operation } from './operation.ts';

/** An add-on's: rights and refusals are TicketUpdate's. */
export const ticketDelete: Operation = (context) => {
  const { ticket, named } = askedTicket(context, 'TicketDelete');
  context.state.removeTicket(ticket);
  return named;
};
