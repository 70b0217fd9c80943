/** What TicketCreate and TicketUpdate check of the Ticket part before the first write, in Znuny's order and words. */
import { given } from './auth.ts';
import { PRIORITIES, STATES, TYPES } from './fixture.ts';
import { isRecord, isTrue, textOf } from './operation.ts';
import { invalid, missing, type Writing } from './refusals.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';

/** Ids that the Ticket part names; undefined where it names none. */
export type TicketPart = {
  readonly title: string | undefined;
  readonly queueId: number | undefined;
  readonly locked: boolean | undefined;
  readonly typeId: number | undefined;
  readonly serviceId: number | undefined;
  readonly slaId: number | undefined;
  readonly stateId: number | undefined;
  readonly priorityId: number | undefined;
  readonly ownerId: number | undefined;
  readonly responsibleId: number | undefined;
  readonly customerUser: string | undefined;
  readonly customerId: string | undefined;
  /** epoch ms */
  readonly pendingUntil: number | undefined;
};

/** `old`: the ticket that is updated; its customer and service count where no others are sent. */
export function checkTicket(
  state: State,
  ticket: Record<string, unknown>,
  operation: Writing,
  old?: StoredTicket,
): TicketPart {
  const create = operation === 'TicketCreate';
  const title = textOf(ticket.Title);
  if (create && !given(title)) throw missing(operation, 'Ticket->Title parameter is missing!');
  const customerUser = textOf(ticket.CustomerUser);
  if (create && !given(customerUser)) throw missing(operation, 'Ticket->CustomerUser parameter is missing!');
  // An address passes without being registered.
  const customerKnown =
    state.findCustomer(customerUser) !== undefined || /^\S+@\S+\.\S+$/.test(customerUser ?? '');
  if (given(customerUser) && !customerKnown)
    throw invalid(operation, 'Ticket->CustomerUser parameter is invalid!');

  const one = (
    key: string,
    find: (name: string) => number | undefined,
    has: (id: number) => boolean,
    required: boolean,
  ) => {
    const id = textOf(ticket[`${key}ID`]);
    const name = textOf(ticket[key]);
    if (!given(id) && !given(name)) {
      if (required) throw missing(operation, `Ticket->${key}ID or Ticket->${key} parameter is required!`);
      return undefined;
    }
    const found = given(id) ? (has(Number(id)) ? Number(id) : undefined) : find(name ?? '');
    if (found === undefined)
      throw invalid(operation, `Ticket->${key}ID or Ticket->${key} parameter is invalid!`);
    return found;
  };
  const inList = (names: readonly string[]) =>
    [
      (name: string) => (names.includes(name) ? names.indexOf(name) + 1 : undefined),
      (id: number) => id >= 1 && id <= names.length,
    ] as const;
  const user = [
    (login: string) => {
      const found = state.findUser(login);
      return found?.valid === true ? found.id : undefined;
    },
    (id: number) => state.users.get(id)?.valid === true,
  ] as const;

  const queueId = one(
    'Queue',
    (name) => state.findQueue(name)?.id,
    (id) => state.queues.has(id),
    create,
  );
  const lock = one('Lock', ...inList(['unlock', 'lock']), false);
  if (create && state.sysConfig.ticketType && !given(ticket.TypeID) && !given(ticket.Type)) {
    throw missing(operation, 'Ticket->TypeID or Ticket->Type parameter is required by sysconfig option!');
  }
  const typeId = one('Type', ...inList(TYPES), false);
  const serviceId = checkService(
    state,
    ticket,
    operation,
    given(customerUser) ? customerUser : old?.customerUser,
  );
  const slaId = checkSla(state, ticket, operation, serviceId ?? old?.serviceId);
  const stateId = one('State', ...inList(STATES.map(({ name }) => name)), create);
  const priorityId = one('Priority', ...inList(PRIORITIES), create);
  const ownerId = one('Owner', ...user, false);
  const responsibleId = one('Responsible', ...user, false);
  const pendingUntil = checkPending(state, ticket.PendingTime, operation);
  return {
    title,
    queueId,
    locked: lock === undefined ? undefined : lock === 2,
    typeId,
    serviceId,
    slaId,
    stateId,
    priorityId,
    ownerId,
    responsibleId,
    customerUser,
    customerId: textOf(ticket.CustomerID),
    pendingUntil,
  };
}

/** The id wins over the name. A service that the customer may not use reads like one that there is not. */
function checkService(
  state: State,
  ticket: Record<string, unknown>,
  operation: Writing,
  customerUser: string | undefined,
): number | undefined {
  const wanted = idOrName(ticket, 'Service');
  if (wanted === undefined) return undefined;
  const service = state.services.service(wanted);
  if (service === undefined || !given(customerUser) || !state.services.mayUse(customerUser ?? '', service)) {
    throw invalid(operation, 'Ticket->ServiceID or Ticket->Service parameter is invalid!');
  }
  return service.id;
}

/** Without a service no SLA is valid. */
function checkSla(
  state: State,
  ticket: Record<string, unknown>,
  operation: Writing,
  serviceId: number | undefined,
): number | undefined {
  const wanted = idOrName(ticket, 'SLA');
  if (wanted === undefined) return undefined;
  const sla = state.services.sla(wanted);
  if (sla === undefined || !state.services.goTogether(serviceId, sla.id)) {
    throw invalid(operation, 'Ticket->SLAID or Ticket->SLA parameter is invalid!');
  }
  return sla.id;
}

function idOrName(ticket: Record<string, unknown>, key: 'Service' | 'SLA'): number | string | undefined {
  if (isTrue(ticket[`${key}ID`])) return Number(ticket[`${key}ID`]);
  return isTrue(ticket[key]) ? textOf(ticket[key]) : undefined;
}

function checkPending(state: State, value: unknown, operation: Writing): number | undefined {
  if (value === undefined) return undefined;
  const bad = invalid(operation, 'Ticket->PendingTime parameter is invalid!');
  if (!isRecord(value)) throw bad;
  if (given(value.Diff)) {
    const diff = Number(value.Diff);
    if (!Number.isFinite(diff)) throw bad;
    return state.clock.now() + diff * 60_000;
  }
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN, hour = Number.NaN, minute = Number.NaN] = [
    'Year',
    'Month',
    'Day',
    'Hour',
    'Minute',
  ].map((key) => Number(value[key] ?? Number.NaN));
  const until = state.clock.wall(year, month, day, hour, minute);
  if (!Number.isFinite(until)) throw bad;
  return until;
}
