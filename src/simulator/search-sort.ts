/** The order of search results. */
import { given } from './auth.ts';
import { seconds } from './clock.ts';
import { escalationOf } from './escalation.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { FieldValue, RequestData } from './types.ts';

type Key = (state: State, ticket: StoredTicket) => number | string;

/** The columns that Znuny sorts by: a name of a state or priority is none, its id is. */
const KEYS: Readonly<Record<string, Key>> = {
  // Named age and sorted by creation: Down is newest first.
  Age: (_, ticket) => seconds(ticket.createdAt),
  Created: (_, ticket) => seconds(ticket.createdAt),
  Changed: (_, ticket) => seconds(ticket.changedAt),
  TicketNumber: (_, ticket) => ticket.number,
  Ticket: (_, ticket) => ticket.number,
  Title: (_, ticket) => ticket.title.toLowerCase(),
  Queue: (state, ticket) => state.queue(ticket.queueId).name.toLowerCase(),
  Priority: (_, ticket) => ticket.priorityId,
  State: (_, ticket) => ticket.stateId,
  Type: (_, ticket) => ticket.typeId,
  Lock: (_, ticket) => (ticket.locked ? 2 : 1),
  Owner: (state, ticket) => personName(state, ticket.ownerId),
  Responsible: (state, ticket) => personName(state, ticket.responsibleId),
  CustomerID: (_, ticket) => ticket.customerId.toLowerCase(),
  // None set is NULL, which MariaDB puts before all others.
  Service: (_, ticket) => ticket.serviceId ?? 0,
  SLA: (_, ticket) => ticket.slaId ?? 0,
  PendingTime: (_, ticket) => seconds(ticket.pendingUntil ?? 0),
  TicketEscalation: (state, ticket) => escalationOf(state, ticket).next,
  EscalationTime: (state, ticket) => escalationOf(state, ticket).next,
  EscalationUpdateTime: (state, ticket) => escalationOf(state, ticket).update,
  EscalationResponseTime: (state, ticket) => escalationOf(state, ticket).response,
  EscalationSolutionTime: (state, ticket) => escalationOf(state, ticket).solution,
};

function personName(state: State, userId: number): string {
  const { firstName, lastName } = state.user(userId);
  return `${firstName}\0${lastName}`.toLowerCase();
}

function keyOf(state: State, name: string): Key | undefined {
  if (Object.hasOwn(KEYS, name)) return KEYS[name];
  const field = name.startsWith('DynamicField_')
    ? state.fields.get(name.slice('DynamicField_'.length))
    : undefined;
  if (field === undefined) return undefined;
  const text = (value: FieldValue | undefined) => String(value ?? '').toLowerCase();
  return field.object === 'Article'
    ? (_, { articles }) => text(articles[0]?.fields[field.name])
    : (_, { fields }) => text(fields.get(field.name));
}

/** Undefined where a key is unknown or the directions are not as many as the keys: Znuny then finds nothing. */
export function sortTickets(
  state: State,
  tickets: StoredTicket[],
  data: RequestData,
): StoredTicket[] | undefined {
  const names = given(data.SortBy) ? [data.SortBy].flat().map(String) : ['Age'];
  const orders = given(data.OrderBy) ? [data.OrderBy].flat().map(String) : ['Down'];
  // Both join Znuny's table of users under one name, which the database refuses.
  if (names.includes('Owner') && names.includes('Responsible')) return undefined;
  const keys: [Key, number][] = [];
  for (const [index, name] of names.entries()) {
    const key = keyOf(state, name);
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
