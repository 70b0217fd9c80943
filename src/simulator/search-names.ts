/** Search by names and ids: queues, states, owners, and what the ticket was created with. */
import { PRIORITIES, STATE_TYPES, STATES, TYPES } from './fixture.ts';
import { idList, isTrue } from './operation.ts';
import { type Filter, list, NOTHING, type SearchPart } from './search-filter.ts';
import { condition, isAnything } from './search-text.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { HistoryRow, RequestData } from './types.ts';

type Lookup = (state: State, name: string) => number | undefined;

function inList(names: readonly string[]): Lookup {
  return (_, name) => names.findIndex((known) => known.toLowerCase() === name.toLowerCase()) + 1 || undefined;
}

const LOOKUPS = {
  Queue: (state, name) => state.findQueue(name)?.id,
  State: inList(STATES.map(({ name }) => name)),
  Priority: inList(PRIORITIES),
  Type: inList(TYPES),
  Lock: inList(['unlock', 'lock']),
  Service: (state, name) => state.services.service(name)?.id,
  SLA: (state, name) => state.services.sla(name)?.id,
} satisfies Record<string, Lookup>;

type Criterion<Of> = {
  /** parameter with names; a few attributes are searched by id alone */
  readonly names?: readonly [string, Lookup];
  readonly ids: string;
  readonly of: (one: Of) => number | undefined;
};

const CURRENT: readonly Criterion<StoredTicket>[] = [
  { names: ['States', LOOKUPS.State], ids: 'StateIDs', of: ({ stateId }) => stateId },
  { names: ['Priorities', LOOKUPS.Priority], ids: 'PriorityIDs', of: ({ priorityId }) => priorityId },
  { names: ['Types', LOOKUPS.Type], ids: 'TypeIDs', of: ({ typeId }) => typeId },
  { names: ['Locks', LOOKUPS.Lock], ids: 'LockIDs', of: ({ locked }) => (locked ? 2 : 1) },
  { names: ['Services', LOOKUPS.Service], ids: 'ServiceIDs', of: ({ serviceId }) => serviceId },
  { names: ['SLAs', LOOKUPS.SLA], ids: 'SLAIDs', of: ({ slaId }) => slaId },
  { ids: 'OwnerIDs', of: ({ ownerId }) => ownerId },
  { ids: 'ResponsibleIDs', of: ({ responsibleId }) => responsibleId },
  // Nobody watches a ticket here.
  { ids: 'WatchUserIDs', of: () => undefined },
];

/** Read from one NewTicket row: what was later changed does not count. */
const CREATED: readonly Criterion<HistoryRow>[] = [
  { names: ['CreatedQueues', LOOKUPS.Queue], ids: 'CreatedQueueIDs', of: ({ queueId }) => queueId },
  { names: ['CreatedStates', LOOKUPS.State], ids: 'CreatedStateIDs', of: ({ stateId }) => stateId },
  {
    names: ['CreatedPriorities', LOOKUPS.Priority],
    ids: 'CreatedPriorityIDs',
    of: ({ priorityId }) => priorityId,
  },
  { names: ['CreatedTypes', LOOKUPS.Type], ids: 'CreatedTypeIDs', of: ({ typeId }) => typeId },
  { ids: 'CreatedUserIDs', of: ({ createBy }) => createBy },
];

/** Names and ids of one attribute widen each other; undefined where one of them is wrong. */
function wantedIds<Of>(state: State, data: RequestData, criterion: Criterion<Of>): Set<number> | undefined {
  const [key, lookup] = criterion.names ?? [];
  const names = key === undefined ? [] : (list(data[key]) ?? []);
  const found = names.map((name) => lookup?.(state, name));
  const ids = list(data[criterion.ids]) ?? [];
  if (found.includes(undefined) || !ids.every((id) => /^[+-]?\d{1,16}$/.test(id))) return undefined;
  return new Set([...found.flatMap((id) => id ?? []), ...ids.map(Number)]);
}

function testsOf<Of>(
  state: State,
  data: RequestData,
  criteria: readonly Criterion<Of>[],
): ((one: Of) => boolean)[] | undefined {
  const tests: ((one: Of) => boolean)[] = [];
  for (const criterion of criteria) {
    const ids = wantedIds(state, data, criterion);
    if (ids === undefined) return undefined;
    if (ids.size > 0) tests.push((one) => ids.has(criterion.of(one) ?? 0));
  }
  return tests;
}

export const nameFilters: SearchPart = (state, data) => {
  const filters = testsOf(state, data, CURRENT);
  const created = testsOf(state, data, CREATED);
  if (filters === undefined || created === undefined) return NOTHING;
  if (created.length > 0) {
    filters.push(({ history }) =>
      history.some((row) => row.type === 'NewTicket' && created.every((test) => test(row))),
    );
  }
  const named = list(data.StateType)?.map((type) => type.toLowerCase());
  const byId = list(data.StateTypeIDs)?.map((id) => STATE_TYPES[Number(id) - 1] ?? '');
  const types = named === undefined && byId === undefined ? undefined : [...(named ?? []), ...(byId ?? [])];
  // `Open` is the ONE state type open, not all that are open. One unknown type among good ones is passed over.
  if (types !== undefined) {
    filters.push(({ stateId }) => types.includes(STATES[stateId - 1]?.type ?? ''));
  }
  const ticketIds = idList(data.TicketID);
  if (ticketIds.length > 0) {
    const wanted = new Set(ticketIds.map(Number));
    filters.push(({ id }) => wanted.has(id));
  }
  filters.push(...textFilters(data));
  return filters;
};

function textFilters(data: RequestData): Filter[] {
  const filters: Filter[] = [];
  const add = (key: string, of: (ticket: StoredTicket) => string) => {
    const tests = (list(data[key]) ?? []).filter((value) => !isAnything(value)).map(condition);
    if (tests.length > 0) filters.push((ticket) => tests.some((test) => test(of(ticket))));
  };
  add('TicketNumber', ({ number }) => number);
  add('Title', ({ title }) => title);
  add('CustomerUserLogin', ({ customerUser }) => customerUser);
  const raw = list(data.CustomerIDRaw)?.map((value) => value.toLowerCase());
  if (raw === undefined) add('CustomerID', ({ customerId }) => customerId);
  else filters.push(({ customerId }) => raw.includes(customerId.toLowerCase()));
  return filters;
}

/** The queues to look into; none where a name or id among them is wrong. */
export function searchedQueues(
  state: State,
  data: RequestData,
  readable: ReadonlySet<number> | undefined,
): number[] {
  const all = [...(readable ?? state.queues.keys())];
  const criterion: Criterion<StoredTicket> = {
    names: ['Queues', LOOKUPS.Queue],
    ids: 'QueueIDs',
    of: ({ queueId }) => queueId,
  };
  const wanted = wantedIds(state, data, criterion);
  if (wanted === undefined) return [];
  if (wanted.size === 0) return all;
  if (isTrue(data.UseSubQueues)) {
    const parents = [...wanted].flatMap((id) => state.queues.get(id)?.name ?? []);
    for (const queue of state.queues.values()) {
      if (parents.some((parent) => queue.name.startsWith(`${parent}::`))) wanted.add(queue.id);
    }
  }
  return all.filter((id) => wanted.has(id));
}
