import { authorizeRead, given } from './auth.ts';
import { seconds } from './clock.ts';
import { PRIORITIES, STATES, TYPES } from './fixture.ts';
import { idList, isRecord, isTrue, type Operation } from './operation.ts';
import { hasTicketRight, readableQueues } from './rights.ts';
import { sortTickets } from './search-sort.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { RequestData } from './types.ts';

const SEARCH_LIMIT = 500;

/** `{"TicketID":["14","12"]}`, text ids; no hit and every wrong name, date or sort key alike: `{}`. */
export const ticketSearch: Operation = ({ state, data }) => {
  const principal = authorizeRead(state, data, 'TicketSearch');
  const queues = searchedQueues(
    state,
    data,
    principal.kind === 'agent' ? readableQueues(state, principal.user) : undefined,
  );
  const filters = queues === undefined ? undefined : filtersOf(state, data);
  if (queues === undefined || filters === undefined) return {};
  let hits = state
    .ticketsIn(queues)
    .filter((ticket) => principal.kind === 'agent' || hasTicketRight(principal, ticket, 'ro'))
    .filter((ticket) => filters.every((filter) => filter(ticket)));
  const sorted = sortTickets(state, hits, data);
  if (sorted === undefined) return {};
  const limit = Number(data.Limit);
  hits = sorted.slice(0, limit > 0 ? limit : SEARCH_LIMIT);
  return hits.length === 0 ? {} : { TicketID: hits.map((ticket) => String(ticket.id)) };
};

/** The queues to look into, or undefined where a name among them is unknown. */
function searchedQueues(
  state: State,
  data: RequestData,
  readable: Set<number> | undefined,
): number[] | undefined {
  const all = [...(readable ?? state.queues.keys())];
  const names = list(data.Queues);
  const ids = list(data.QueueIDs);
  if (names === undefined && ids === undefined) return all;
  const wanted = new Set<number>();
  for (const name of names ?? []) {
    const queue = state.findQueue(name);
    if (queue === undefined) return undefined;
    wanted.add(queue.id);
  }
  for (const id of ids ?? []) wanted.add(Number(id));
  if (isTrue(data.UseSubQueues)) {
    const parents = [...wanted].flatMap((id) => state.queues.get(id)?.name ?? []);
    for (const queue of state.queues.values()) {
      if (parents.some((parent) => queue.name.startsWith(`${parent}::`))) wanted.add(queue.id);
    }
  }
  return all.filter((id) => wanted.has(id));
}

type Filter = (ticket: StoredTicket) => boolean;

function list(value: unknown): string[] | undefined {
  if (!given(value) || (Array.isArray(value) && value.length === 0)) return undefined;
  return [value].flat().map(String);
}

/** One test per parameter; undefined where a name or date is wrong, which finds nothing. Unknown parameters are ignored. */
function filtersOf(state: State, data: RequestData): Filter[] | undefined {
  const filters: Filter[] = [];
  let wrong = false;
  const byName = (key: string, names: readonly string[], id: (ticket: StoredTicket) => number) => {
    const wanted = list(data[key]);
    if (wanted === undefined) return;
    const ids = new Set(
      wanted.map((name) => names.findIndex((known) => known.toLowerCase() === name.toLowerCase()) + 1),
    );
    if (ids.has(0)) wrong = true;
    filters.push((ticket) => ids.has(id(ticket)));
  };
  const byId = (key: string, id: (ticket: StoredTicket) => number) => {
    const wanted = list(data[key]);
    if (wanted === undefined) return;
    const ids = new Set(wanted.map(Number));
    filters.push((ticket) => ids.has(id(ticket)));
  };
  byName(
    'States',
    STATES.map(({ name }) => name),
    (ticket) => ticket.stateId,
  );
  byName('Priorities', PRIORITIES, (ticket) => ticket.priorityId);
  byName('Types', TYPES, (ticket) => ticket.typeId);
  byName('Locks', ['unlock', 'lock'], (ticket) => (ticket.locked ? 2 : 1));
  byId('StateIDs', (ticket) => ticket.stateId);
  byId('PriorityIDs', (ticket) => ticket.priorityId);
  byId('TypeIDs', (ticket) => ticket.typeId);
  byId('LockIDs', (ticket) => (ticket.locked ? 2 : 1));
  byId('OwnerIDs', (ticket) => ticket.ownerId);
  byId('ResponsibleIDs', (ticket) => ticket.responsibleId);
  byId('CreatedUserIDs', (ticket) => ticket.createBy);
  const stateTypes = list(data.StateType);
  if (stateTypes !== undefined) {
    // `Open` is the ONE state type open, not all that are open.
    const wanted = new Set(stateTypes.map((type) => type.toLowerCase()));
    const known = new Set(STATES.map(({ type }) => type));
    if ([...wanted].some((type) => !known.has(type))) wrong = true;
    const ids = new Set(STATES.flatMap(({ type }, index) => (wanted.has(type) ? [index + 1] : [])));
    filters.push((ticket) => ids.has(ticket.stateId));
  }
  if (given(data.TicketID)) {
    const ids = new Set(idList(data.TicketID).map(Number));
    filters.push((ticket) => ids.has(ticket.id));
  }
  textFilter(data.TicketNumber, filters, (ticket) => [ticket.number]);
  textFilter(data.Title, filters, (ticket) => [ticket.title]);
  textFilter(data.CustomerID, filters, (ticket) => [ticket.customerId]);
  textFilter(data.CustomerUserLogin, filters, (ticket) => [ticket.customerUser]);
  textFilter(data.MIMEBase_Body, filters, (ticket) => ticket.articles.map(({ body }) => body));
  textFilter(data.MIMEBase_Subject, filters, (ticket) => ticket.articles.map(({ subject }) => subject));
  textFilter(data.MIMEBase_From, filters, (ticket) => ticket.articles.map(({ from }) => from));
  if (!timeFilters(state, data, filters)) wrong = true;
  fieldFilters(data, filters);
  return wrong ? undefined : filters;
}

function textFilter(
  value: unknown,
  filters: Filter[],
  texts: (ticket: StoredTicket) => readonly string[],
): void {
  const wanted = list(value);
  if (wanted === undefined) return;
  const patterns = wanted.map(pattern);
  filters.push((ticket) => texts(ticket).some((text) => patterns.some((one) => one.test(text))));
}

/** `*` and `%` stand for anything; case does not count. */
function pattern(text: string): RegExp {
  const source = text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/[*%]/g, '.*');
  return new RegExp(`^${source}$`, 'isu');
}

const TIMES: readonly (readonly [string, (ticket: StoredTicket) => number[]])[] = [
  ['TicketCreateTime', (ticket) => [ticket.createdAt]],
  ['TicketLastChangeTime', (ticket) => [ticket.changedAt]],
  ['TicketChangeTime', (ticket) => ticket.history.map((row) => row.createdAt)],
  ['ArticleCreateTime', (ticket) => ticket.articles.map((article) => article.createdAt)],
];

/** Whole seconds, both ends included; false where a date cannot be read (ISO 8601 with T and Z among them). */
function timeFilters(state: State, data: RequestData, filters: Filter[]): boolean {
  const now = seconds(state.clock.now());
  for (const [name, times] of TIMES) {
    for (const [suffix, newer] of [
      ['Newer', true],
      ['Older', false],
    ] as const) {
      const add = (bound: number) =>
        filters.push((ticket) =>
          times(ticket).some((at) => (newer ? seconds(at) >= bound : seconds(at) <= bound)),
        );
      const minutes = data[`${name}${suffix}Minutes`];
      // Zero minutes means since now: nothing is found. A GET turns 0 into the empty text, which reads the same.
      if (minutes !== undefined && minutes !== null) {
        const span = Number(minutes);
        if (newer && !(span > 0)) return false;
        add(now - (span > 0 ? span * 60 : 0));
      }
      const date = data[`${name}${suffix}Date`];
      if (given(date)) {
        const at = state.clock.parse(String(date));
        if (at === undefined) return false;
        add(seconds(at));
      }
    }
  }
  return true;
}

/** Only an object with operators counts, so only POST can send one: by GET the parameter is ignored and ALL is found. */
function fieldFilters(data: RequestData, filters: Filter[]): void {
  for (const [key, value] of Object.entries(data)) {
    if (!key.startsWith('DynamicField_') || !isRecord(value)) continue;
    const name = key.slice('DynamicField_'.length);
    const texts = (ticket: StoredTicket) => [ticket.fields.get(name) ?? []].flat().map(String);
    for (const [operator, operand] of Object.entries(value)) {
      const wanted = [operand].flat().map(String);
      const some = (test: (text: string, one: string) => boolean): Filter => {
        return (ticket) => texts(ticket).some((text) => wanted.some((one) => test(text, one)));
      };
      if (operator === 'Empty') filters.push((ticket) => (texts(ticket).length === 0) === isTrue(operand));
      else if (operator === 'Equals') filters.push(some((text, one) => text === one));
      else if (operator === 'Like') filters.push(some((text, one) => pattern(one).test(text)));
      else if (operator === 'GreaterThan') filters.push(some((text, one) => text > one));
      else if (operator === 'GreaterThanEquals') filters.push(some((text, one) => text >= one));
      else if (operator === 'SmallerThan') filters.push(some((text, one) => text < one));
      else if (operator === 'SmallerThanEquals') filters.push(some((text, one) => text <= one));
    }
  }
}
