/** What the parts of a search have in common. */
import { given } from './auth.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { RequestData } from './types.ts';

export type Filter = (ticket: StoredTicket) => boolean;

/** A name, id or date that is wrong finds nothing, however good the rest is. */
export const NOTHING: readonly Filter[] = [() => false];

export type SearchPart = (state: State, data: RequestData) => readonly Filter[];

/** One value or a list; undefined where none came. */
export function list(value: unknown): string[] | undefined {
  const values = [value].flat().filter(given);
  return values.length === 0 ? undefined : values.map(String);
}

/** One text: a list in its place is not looked at. */
export function single(value: unknown): string | undefined {
  if (!given(value) || typeof value === 'object') return undefined;
  return String(value).trim();
}
