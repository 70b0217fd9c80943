/** A ticket in the shapes of TicketGet: which ids are numbers, which are text, what is absent. */
import { seconds } from './clock.ts';
import { escalationData } from './escalation.ts';
import { priorityOf, stateOf, typeName } from './lookups.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { FieldValue } from './types.ts';

export function ticketData(state: State, ticket: StoredTicket): Record<string, unknown> {
  const { clock } = state;
  const queue = state.queue(ticket.queueId);
  const { name: stateName, type: stateType } = stateOf(ticket.stateId);
  const now = clock.now();
  const service = state.services.service(ticket.serviceId);
  const sla = state.services.sla(ticket.slaId);
  return {
    Age: seconds(now) - seconds(ticket.createdAt),
    ArchiveFlag: 'n',
    ChangeBy: ticket.changeBy,
    Changed: clock.text(ticket.changedAt),
    CreateBy: ticket.createBy,
    Created: clock.text(ticket.createdAt),
    CustomerID: ticket.customerId === '' ? null : ticket.customerId,
    CustomerUserID: ticket.customerUser === '' ? null : ticket.customerUser,
    ...escalationData(state, ticket),
    GroupID: queue.groupId,
    Lock: ticket.locked ? 'lock' : 'unlock',
    LockID: ticket.locked ? 2 : 1,
    Owner: state.user(ticket.ownerId).login,
    OwnerID: ticket.ownerId,
    Priority: priorityOf(ticket.priorityId).name,
    PriorityID: ticket.priorityId,
    Queue: queue.name,
    QueueID: queue.id,
    RealTillTimeNotUsed: ticket.pendingUntil === undefined ? 0 : seconds(ticket.pendingUntil),
    Responsible: state.user(ticket.responsibleId).login,
    ResponsibleID: ticket.responsibleId,
    ...(sla === undefined ? {} : { SLA: sla.name }),
    SLAID: sla?.id ?? '',
    ...(service === undefined ? {} : { Service: service.name }),
    ServiceID: service?.id ?? '',
    State: stateName,
    StateID: ticket.stateId,
    StateType: stateType,
    TicketID: ticket.id,
    TicketNumber: ticket.number,
    Title: ticket.title,
    Type: typeName(ticket.typeId),
    TypeID: ticket.typeId,
    UnlockTimeout: ticket.unlockTimeout,
    UntilTime: ticket.pendingUntil === undefined ? 0 : seconds(ticket.pendingUntil) - seconds(now),
  };
}

/** Extended=1: what is found in the history; nothing where it never happened. */
export function extendedData(state: State, ticket: StoredTicket): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  const response = ticket.articles.find(
    (article) => article.senderType === 'agent' && article.visibleForCustomer,
  );
  const lock = ticket.history.find((row) => row.type === 'Lock');
  const closed = ticket.history.findLast((row) => stateOf(row.stateId).type === 'closed');
  if (response !== undefined) data.FirstResponse = state.clock.text(response.createdAt);
  if (lock !== undefined) data.FirstLock = state.clock.text(lock.createdAt);
  if (closed !== undefined && stateOf(ticket.stateId).type === 'closed') {
    data.Closed = state.clock.text(closed.createdAt);
    data.SolutionInMin = Math.floor((closed.createdAt - ticket.createdAt) / 60_000);
  }
  return data;
}

export function fieldData(state: State, ticket: StoredTicket): { Name: string; Value: FieldValue }[] {
  return [...ticket.fields]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([Name, Value]) => ({ Name, Value: shaped(state, Name, Value) }));
}

function shaped(state: State, name: string, value: FieldValue): FieldValue {
  const type = state.fields.get(name)?.type;
  if (type === 'checkbox') return Number(value);
  if (type === 'multiselect') return Array.isArray(value) ? value : [String(value)];
  return typeof value === 'number' ? String(value) : value;
}
