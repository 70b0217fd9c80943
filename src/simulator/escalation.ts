/** When a ticket escalates, by its queue's times: zero where it never does. */
import { seconds } from './clock.ts';
import { stateOf } from './lookups.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';

/** Epoch seconds. */
export type Escalation = {
  readonly response: number;
  readonly solution: number;
  /** no queue here has an update time */
  readonly update: number;
  /** the first of them */
  readonly next: number;
};

export function escalationOf(state: State, ticket: StoredTicket): Escalation {
  // TicketEscalationIndexBuild: over once the ticket is closed, merged or removed.
  const over = ['closed', 'merged', 'removed'].includes(stateOf(ticket.stateId).type);
  const { firstResponseMinutes, solutionMinutes } = state.queue(ticket.queueId);
  const after = (minutes: number) => (minutes === 0 || over ? 0 : seconds(ticket.createdAt) + minutes * 60);
  const answered = ticket.articles.some(
    ({ senderType, visibleForCustomer }) => senderType === 'agent' && visibleForCustomer,
  );
  const response = answered ? 0 : after(firstResponseMinutes);
  const solution = after(solutionMinutes);
  const due = [response, solution].filter((at) => at > 0);
  return { response, solution, update: 0, next: due.length === 0 ? 0 : Math.min(...due) };
}

export function escalationData(state: State, ticket: StoredTicket): Record<string, unknown> {
  const { clock } = state;
  const { response, solution, update, next } = escalationOf(state, ticket);
  const now = seconds(clock.now());
  const data: Record<string, unknown> = {
    EscalationResponseTime: response,
    EscalationSolutionTime: solution,
    EscalationTime: 0,
    EscalationUpdateTime: update,
  };
  if (next === 0) return data;
  const add = (key: 'FirstResponseTime' | 'SolutionTime', at: number) => {
    if (at === 0) return;
    const left = at - now;
    data[key] = left;
    data[`${key}DestinationDate`] = clock.text(at * 1000);
    data[`${key}DestinationTime`] = at;
    // Perl: a working time that is over comes back as text.
    data[`${key}WorkingTime`] = left < 0 ? String(left) : left;
    if (left < 0) data[`${key}Escalation`] = 1;
  };
  add('FirstResponseTime', response);
  add('SolutionTime', solution);
  const left = next - now;
  data.EscalationDestinationDate = clock.text(next * 1000);
  data.EscalationDestinationIn = `${Math.max(0, Math.floor(left / 60))}m`;
  data.EscalationDestinationTime = next;
  data.EscalationTime = left;
  data.EscalationTimeWorkingTime = left < 0 ? String(left) : left;
  return data;
}
