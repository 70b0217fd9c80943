/** Who may do what with a ticket: group rights by queue, widened by owning it. */
import type { State } from './state.ts';
import type { Principal, StoredTicket, User } from './store.ts';
import type { Right } from './types.ts';

/** rw holds all the others; all but move_into and create hold nothing else. */
export function hasQueueRight(user: User, queueId: number, right: Right): boolean {
  if (!user.valid) return false;
  const rights = user.rights.get(queueId) ?? user.defaultRights;
  return rights.includes('rw') || rights.includes(right);
}

/** Owner and responsible have every right in their ticket, group or not; an invalid agent has none at all. */
export function hasTicketRight(principal: Principal, ticket: StoredTicket, right: Right): boolean {
  if (principal.kind === 'customer') {
    return (
      ticket.customerUser === principal.customer.login || ticket.customerId === principal.customer.customerId
    );
  }
  const { user } = principal;
  if (!user.valid) return false;
  if (ticket.ownerId === user.id || ticket.responsibleId === user.id) return true;
  return hasQueueRight(user, ticket.queueId, right);
}

/** Queues whose tickets a search shows: ro, or rw which holds it. Ownership does not widen a search. */
export function readableQueues(state: State, user: User): Set<number> {
  const ids = new Set<number>();
  for (const id of state.queues.keys()) if (hasQueueRight(user, id, 'ro')) ids.add(id);
  return ids;
}
