/** Search by times: whole seconds, both ends included. */
import { given } from './auth.ts';
import { seconds } from './clock.ts';
import { escalationOf } from './escalation.ts';
import { stateOf } from './lookups.ts';
import { type Filter, NOTHING, type SearchPart, single } from './search-filter.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { HistoryRow, RequestData } from './types.ts';

/** Epoch seconds. */
export type Span = { readonly from: number; readonly to: number };

type Times = {
  readonly name: string;
  /** epoch seconds; one of them must lie between both ends */
  readonly of: (state: State, ticket: StoredTicket) => readonly number[];
  /** a date to come is a good lower end only for what lies ahead */
  readonly ahead?: true;
};

/** Zero in the database: never. */
const due = (at: number) => (at === 0 ? [] : [at]);

const closing = ({ type, stateId }: HistoryRow) =>
  (type === 'NewTicket' || type === 'StateUpdate') && stateOf(stateId).type === 'closed';

const TIMES: readonly Times[] = [
  { name: 'TicketCreateTime', of: (_, ticket) => [seconds(ticket.createdAt)] },
  { name: 'TicketLastChangeTime', of: (_, ticket) => [seconds(ticket.changedAt)] },
  { name: 'TicketChangeTime', of: (_, ticket) => ticket.history.map((row) => seconds(row.createdAt)) },
  // Whenever it was closed, also where it is open again.
  {
    name: 'TicketCloseTime',
    of: (_, ticket) => ticket.history.filter(closing).map((row) => seconds(row.createdAt)),
  },
  {
    name: 'TicketPendingTime',
    ahead: true,
    of: (_, ticket) =>
      stateOf(ticket.stateId).type.startsWith('pending') ? [seconds(ticket.pendingUntil ?? 0)] : [],
  },
  { name: 'TicketEscalationTime', of: (state, ticket) => due(escalationOf(state, ticket).next) },
  { name: 'TicketEscalationUpdateTime', of: (state, ticket) => due(escalationOf(state, ticket).update) },
  { name: 'TicketEscalationResponseTime', of: (state, ticket) => due(escalationOf(state, ticket).response) },
  { name: 'TicketEscalationSolutionTime', of: (state, ticket) => due(escalationOf(state, ticket).solution) },
];

export const timeFilters: SearchPart = (state, data) => {
  const filters: Filter[] = [];
  for (const { name, of, ahead } of TIMES) {
    const span = spanOf(state, data, name, ahead === true);
    if (span === 'wrong') return NOTHING;
    if (span === undefined) continue;
    filters.push((ticket) => of(state, ticket).some((at) => at >= span.from && at <= span.to));
  }
  return filters;
};

/** Undefined where the search does not ask. By GET a 0 is the empty text, which asks for nothing. */
export function spanOf(
  state: State,
  data: RequestData,
  name: string,
  ahead = false,
): Span | 'wrong' | undefined {
  const now = seconds(state.clock.now());
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const asked = ['NewerMinutes', 'OlderMinutes', 'NewerDate', 'OlderDate'].filter(
    (suffix) => single(data[name + suffix]) !== undefined,
  );
  if (asked.length === 0) return undefined;
  for (const suffix of asked) {
    const value = single(data[name + suffix]) ?? '';
    if (suffix.endsWith('Date') && !given(value)) continue;
    const at = suffix.endsWith('Date') ? state.clock.parse(value) : undefined;
    // ISO 8601 with T and Z is no date to Znuny.
    if (suffix.endsWith('Date') && at === undefined) return 'wrong';
    const bound = at === undefined ? now - Math.round((Number(value) || 0) * 60) : seconds(at);
    if (suffix.startsWith('Older')) to = Math.min(to, bound);
    else if (suffix === 'NewerDate' && bound > now && !ahead) return 'wrong';
    else from = Math.max(from, bound);
  }
  return { from, to };
}
