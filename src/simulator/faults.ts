/** Faults on order. Each hits the calls that it fits, `times` times (default 1), after letting `skip` of them pass. */
import type { OperationName } from './types.ts';

type Fits = {
  /** default: every operation */
  readonly operation?: OperationName | readonly OperationName[];
  readonly ticketId?: number;
  /** how many calls are hit; Infinity for all; default 1 */
  readonly times?: number;
  /** how many fitting calls pass first; default 0 */
  readonly skip?: number;
};

export type Fault = Fits &
  (
    | { /** reset, nothing was done */ readonly kind: 'reset-before' }
    | { /** reset after the change was made */ readonly kind: 'reset-after' }
    | {
        /** reset at once (or never answered, where `silent`); the change is made `delayMs` later */
        readonly kind: 'late-apply';
        readonly delayMs: number;
        readonly silent?: boolean;
      }
    | {
        /** accepted, never answered; the change is made where `applied` */ readonly kind: 'silence';
        readonly applied?: boolean;
      }
    | { /** the change is made, the answer breaks off half way */ readonly kind: 'partial-body' }
    | { /** the change is made, the answer drips */ readonly kind: 'drip'; readonly bytesPerSecond?: number }
    | {
        /** the change is made, the answer is followed by filling */ readonly kind: 'huge-body';
        readonly bytes?: number;
      }
    | {
        /** a proxy's HTML page; nothing was done unless `applied` */
        readonly kind: 'status';
        readonly status: number;
        readonly body?: string;
        readonly contentType?: string;
        readonly retryAfter?: number | string;
        readonly applied?: boolean;
      }
    | {
        /** TicketUpdate ends with HTTP 500: `queue` after the queue and before the priority, `article` after the article */
        readonly kind: 'die';
        readonly after: 'queue' | 'article';
        readonly message?: string;
      }
    | {
        /** the database's lock wait runs out after `waitMs`: a refused move's faultstring, nothing written */
        readonly kind: 'lock-wait';
        readonly waitMs?: number;
      }
    | {
        /** HTTP 200 with an Error object, nothing done; `code` without a dot gets the operation's name in front */
        readonly kind: 'error';
        readonly code: string;
        readonly message?: string;
      }
    | {
        /** TicketSearch answers oddly */ readonly kind: 'search';
        readonly answer: 'empty' | 'duplicates' | 'unsorted' | 'huge';
        readonly size?: number;
      }
    | { /** the work starts later */ readonly kind: 'latency'; readonly ms: number }
  );

type Armed = { readonly fault: Fault; skip: number; left: number };

export class Faults {
  #armed: Armed[] = [];

  add(fault: Fault): void {
    this.#armed.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** Faults that still wait for a call. */
  get waiting(): readonly Fault[] {
    return this.#armed.map(({ fault }) => fault);
  }

  /** The faults for this call: at most one besides any latencies. */
  take(operation: OperationName, ticketIds: readonly number[]): readonly Fault[] {
    const taken: Fault[] = [];
    let main = false;
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (!fits(fault, operation, ticketIds)) continue;
      if (fault.kind !== 'latency' && main) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.left -= 1;
      taken.push(fault);
      if (fault.kind !== 'latency') main = true;
    }
    this.#armed = this.#armed.filter(({ left }) => left > 0);
    return taken;
  }
}

function fits(fault: Fault, operation: OperationName, ticketIds: readonly number[]): boolean {
  if (fault.kind === 'search' && operation !== 'TicketSearch') return false;
  if ((fault.kind === 'die' || fault.kind === 'lock-wait') && operation !== 'TicketUpdate') return false;
  if (fault.operation !== undefined && ![fault.operation].flat().includes(operation)) return false;
  return fault.ticketId === undefined || ticketIds.includes(fault.ticketId);
}
