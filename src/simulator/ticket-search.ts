import { authorizeRead } from './auth.ts';
import type { Operation } from './operation.ts';
import { hasTicketRight, readableQueues } from './rights.ts';
import { articleFilters } from './search-articles.ts';
import { fieldFilters } from './search-fields.ts';
import type { SearchPart } from './search-filter.ts';
import { nameFilters, searchedQueues } from './search-names.ts';
import { sortTickets } from './search-sort.ts';
import { timeFilters } from './search-times.ts';

const SEARCH_LIMIT = 500;

const PARTS: readonly SearchPart[] = [nameFilters, timeFilters, articleFilters, fieldFilters];

/** `{"TicketID":["14","12"]}`, text ids; no hit and every wrong name, date or sort key alike: `{}`. Unknown parameters are ignored. */
export const ticketSearch: Operation = (context) => {
  const { state, data } = context;
  const principal = authorizeRead(context, 'TicketSearch');
  const readable = principal.kind === 'agent' ? readableQueues(state, principal.user) : undefined;
  const filters = PARTS.flatMap((part) => part(state, data));
  const hits = state
    .ticketsIn(searchedQueues(state, data, readable))
    .filter((ticket) => principal.kind === 'agent' || hasTicketRight(principal, ticket, 'ro'))
    .filter((ticket) => filters.every((filter) => filter(ticket)));
  const limit = Number(data.Limit);
  const found = (sortTickets(state, hits, data) ?? []).slice(0, limit > 0 ? limit : SEARCH_LIMIT);
  return found.length === 0 ? {} : { TicketID: found.map((ticket) => String(ticket.id)) };
};
