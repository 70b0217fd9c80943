/** The order of search results. */
import { given } from './auth.ts';
import { seconds } from './clock.ts';
import { priorityOf, stateOf, typeName } from './lookups.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { RequestData } from './types.ts';

type Key = (state: State, ticket: StoredTicket) => number | string;

const KEYS: Readonly<Record<string, Key>> = {
  // Named age and sorted by creation: Down is newest first.
  Age: (_, ticket) => seconds(ticket.createdAt),
  Created: (_, ticket) => seconds(ticket.createdAt),
  Changed: (_, ticket) => seconds(ticket.changedAt),
  TicketNumber: (_, ticket) => ticket.number,
  Ticket: (_, ticket) => ticket.number,
  Title: (_, ticket) => ticket.title,
  Queue: (state, ticket) => state.queue(ticket.queueId).name,
  Priority: (_, ticket) => priorityOf(ticket.priorityId).name,
  State: (_, ticket) => stateOf(ticket.stateId).name,
  Type: (_, ticket) => typeName(ticket.typeId),
  Lock: (_, ticket) => (ticket.locked ? 2 : 1),
  Owner: (state, ticket) => state.user(ticket.ownerId).login,
  Responsible: (state, ticket) => state.user(ticket.responsibleId).login,
  CustomerID: (_, ticket) => ticket.customerId,
  PendingTime: (_, ticket) => ticket.pendingUntil ?? 0,
  EscalationTime: () => 0,
};

/** Undefined where a key is unknown or the directions are not as many as the keys: Znuny then finds nothing. */
export function sortTickets(
  state: State,
  tickets: StoredTicket[],
  data: RequestData,
): StoredTicket[] | undefined {
  const names = given(data.SortBy) ? [data.SortBy].flat().map(String) : ['Age'];
  const orders = given(data.OrderBy) ? [data.OrderBy].flat().map(String) : ['Down'];
  const keys: [Key, number][] = [];
  for (const [index, name] of names.entries()) {
    const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
    const order = orders[index];
    if (key === undefined || (order !== 'Up' && order !== 'Down')) return undefined;
    keys.push([key, order === 'Up' ? 1 : -1]);
  }
  const rows = tickets.map((ticket) => ({
    ticket,
    tie: scramble(ticket.id),
    values: keys.map(([key]) => key(state, ticket)),
  }));
  rows.sort((a, b) => {
    for (const [index, [, sign]] of keys.entries()) {
      const x = a.values[index] ?? 0;
      const y = b.values[index] ?? 0;
      if (x !== y) return x < y ? -sign : sign;
    }
    return a.tie - b.tie;
  });
  return rows.map(({ ticket }) => ticket);
}

/** Tickets of one second come in no fixed order from the database: an order that is neither Up nor Down. */
function scramble(id: number): number {
  return Math.imul(id, 2_654_435_761) >>> 0;
}
