/** Where an answer differs from the recorded one. */
import { isRecord } from '../../src/simulator/operation.ts';
import type { Recording } from './recording.ts';
import type { Answer } from './replay-harness.ts';

/** Every key path with the JSON type of its values, lists merged; `{}` and `[]` where empty. */
export function keyPaths(value: unknown, at = '$', found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    if (value.length === 0) found.add(`${at}[]`);
    for (const item of value) keyPaths(item, `${at}[]`, found);
  } else if (isRecord(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) found.add(`${at}{}`);
    for (const [key, item] of entries) keyPaths(item, `${at}.${key}`, found);
  } else found.add(`${at}: ${value === null ? 'null' : typeof value}`);
  return found;
}

/** What differs in status, error code or fault text, and key paths; empty where the two agree. */
export function differences(response: Recording['response'], got: Answer): string[] {
  const recorded: Answer = { status: response.status ?? null, body: response.body ?? null };
  const found: string[] = [];
  if (recorded.status !== got.status) found.push(`status ${recorded.status} but ${got.status}`);
  if (said(recorded.body) !== said(got.body)) found.push(`said ${said(recorded.body)} but ${said(got.body)}`);
  const wanted = keyPaths(recorded.body);
  const have = keyPaths(got.body);
  for (const path of [...wanted].filter((path) => !have.has(path))) found.push(`lacks ${path}`);
  for (const path of [...have].filter((path) => !wanted.has(path))) found.push(`adds ${path}`);
  return found;
}

function said(body: unknown): string | undefined {
  // Pages of apache are compared by their status only.
  if (typeof body === 'string') return body.startsWith('<') ? undefined : body;
  if (!isRecord(body)) return undefined;
  const error = isRecord(body.Error)
    ? `${body.Error.ErrorCode} ${body.Error.ErrorMessage}`.replace(/ticket \d+/, 'ticket #')
    : undefined;
  return error ?? (typeof body.faultstring === 'string' ? body.faultstring : undefined);
}

/** Lists of objects under a key. */
export function listOf(value: unknown, key: string): Record<string, unknown>[] {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** Type, agent and name of each history row, sorted: rows of one second come in no fixed order. */
export function historyRows(body: unknown): string[] {
  const history = listOf(body, 'TicketHistory').flatMap((one) => listOf(one, 'History'));
  return history.map((row) => `${row.HistoryType} by ${row.CreateBy}: ${pattern(row.Name)}`).toSorted();
}

/** Ticket numbers and pending times differ by when it was made; all else of a row's name counts. */
function pattern(name: unknown): string {
  return String(name)
    .replaceAll(/\d{16}/g, '#')
    .replace(/^%%\d{4}-\d\d-\d\d \d\d:\d\d$/, '%%date');
}
