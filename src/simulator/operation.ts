/** What an operation gets and what it gives: a body for HTTP 200, or an OperationError, or OperationDied (HTTP 500). */
import type { State } from './state.ts';
import type { RequestData } from './types.ts';

export type OperationContext = {
  readonly state: State;
  readonly data: RequestData;
  /** the client's address, REMOTE_ADDR */
  readonly remoteAddress: string;
  /** web service option IncludeTicketData of TicketUpdate */
  readonly includeTicketData: boolean;
  /** faults inside TicketUpdate: die after this step, or before any (a lock wait that ran out) */
  readonly dieAfter: 'nothing' | 'queue' | 'article' | undefined;
  readonly dieWith: string | undefined;
  /** epoch ms at which a ticket is made; default now */
  readonly at?: number;
};

export type Operation = (context: OperationContext) => unknown;

/** A list of ids as Znuny takes it: one value, a list, or text with commas. */
export function idList(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((one) => String(one ?? '').split(',')).filter((id) => id !== '');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function hasData(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && Object.keys(value).length > 0;
}

/** Perl's truth: undefined, null, false, 0, "0" and "" are false. */
export function isTrue(value: unknown): boolean {
  return !(
    value === undefined ||
    value === null ||
    value === false ||
    value === 0 ||
    value === '0' ||
    value === ''
  );
}

/** Text of a scalar that was sent, or undefined where none came. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}
