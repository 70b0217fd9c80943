/** How long calls take. `znuny`: the medians measured on 2 cores, and two workers, so that more than two at once gain nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { given } from './auth.ts';
import { idList, isRecord } from './operation.ts';
import type { OperationName, RequestData } from './types.ts';

export type Delays = Readonly<Partial<Record<OperationName, number>>> | 'znuny';

export function delayOf(delays: Delays | undefined, operation: OperationName, data: RequestData): number {
  if (delays === undefined) return 0;
  if (delays !== 'znuny') return delays[operation] ?? 0;
  // Login and password in each call cost a hash more than a session does.
  const login = given(data.SessionID) || operation === 'SessionCreate' ? 0 : 13;
  return login + znunyDelay(operation, data);
}

function znunyDelay(operation: OperationName, data: RequestData): number {
  const ids = Math.max(1, idList(data.TicketID).length);
  switch (operation) {
    case 'SessionCreate':
      return 48;
    case 'SessionGet':
    case 'SessionRemove':
      return 28;
    case 'TicketSearch':
      return 30;
    case 'TicketGet':
      return 25 + 3 * ids;
    case 'TicketHistoryGet':
      return 26 + 1.5 * ids;
    case 'TicketCreate':
      return 254;
    case 'TicketDelete':
      return 254;
    case 'TicketUpdate':
      return updateDelay(data);
  }
}

function updateDelay(data: RequestData): number {
  const ticket = isRecord(data.Ticket) ? data.Ticket : {};
  const fields = data.DynamicField === undefined ? 0 : [data.DynamicField].flat().length;
  let ms = 43;
  if (given(ticket.Priority) || given(ticket.PriorityID)) ms += 6;
  if (given(ticket.Queue) || given(ticket.QueueID)) ms += 64;
  if (data.Article !== undefined) ms += 49;
  return ms + 63 * fields;
}

/** Apache's workers: so many calls are worked on at once, the others wait in order. */
export class Workers {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<T>(ms: number, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      if (ms > 0) await sleep(ms);
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
