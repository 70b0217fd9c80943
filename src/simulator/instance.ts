/** A Znuny's store seen from outside: tickets as snapshots. */
import { priorityOf, stateOf, typeName } from './lookups.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { SimulatedTicket } from './types.ts';

export class Instance {
  readonly state: State;

  constructor(state: State) {
    this.state = state;
  }

  /** The ticket as it stands now, or undefined. */
  ticket(id: number): SimulatedTicket | undefined {
    const stored = this.state.tickets.get(id);
    return stored === undefined ? undefined : snapshot(this.state, stored);
  }

  tickets(): readonly SimulatedTicket[] {
    return [...this.state.tickets.values()].map((stored) => snapshot(this.state, stored));
  }

  protected stored(id: number): StoredTicket {
    const stored = this.state.tickets.get(id);
    if (stored === undefined) throw new Error(`simulator: no ticket ${id}`);
    return stored;
  }

  protected snapshotOf(id: number): SimulatedTicket {
    return snapshot(this.state, this.stored(id));
  }
}

export function snapshot(state: State, stored: StoredTicket): SimulatedTicket {
  const { name, type } = stateOf(stored.stateId);
  return {
    id: stored.id,
    number: stored.number,
    title: stored.title,
    queue: state.queue(stored.queueId).name,
    queueId: stored.queueId,
    priority: priorityOf(stored.priorityId).name,
    priorityId: stored.priorityId,
    state: name,
    stateType: type,
    type: typeName(stored.typeId),
    service: state.services.service(stored.serviceId)?.name ?? '',
    sla: state.services.sla(stored.slaId)?.name ?? '',
    lock: stored.locked ? 'lock' : 'unlock',
    owner: state.user(stored.ownerId).login,
    ownerId: stored.ownerId,
    responsibleId: stored.responsibleId,
    customerId: stored.customerId,
    customerUser: stored.customerUser,
    createBy: stored.createBy,
    changeBy: stored.changeBy,
    createdAt: stored.createdAt,
    changedAt: stored.changedAt,
    pendingUntil: stored.pendingUntil,
    fields: Object.fromEntries(stored.fields),
    articles: [...stored.articles],
    history: [...stored.history],
  };
}
