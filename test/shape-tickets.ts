import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { toTicket } from '../src/intake/read.ts';
import type { Ticket } from '../src/ticket.ts';
import { type Json, toHistories, toTickets } from '../src/znuny/answer.ts';

/** For tests: the tickets that were recorded from a real Znuny, by the number of their TicketGet recording. */

/** `shapes-types-on`: another instance, where Ticket::Type, Ticket::Service and Ticket::Responsible are on. */
const DIRECTORIES = ['shapes', 'shapes-types-on'].map((name) => join(import.meta.dirname, name));

/** Read 60 s after creation. Only recordings that have a history beside them. */
export function recordedTickets(): ReadonlyMap<number, { readonly name: string; readonly ticket: Ticket }> {
  const files = DIRECTORIES.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  const numbered = (file: string) => Number.parseInt(basename(file), 10);
  const found = new Map<number, { name: string; ticket: Ticket }>();
  for (const file of files.filter((name) => name.endsWith('-get.json'))) {
    const number = numbered(file);
    const historyFile = files.find((name) => numbered(name) === number + 1 && name.endsWith('-history.json'));
    const [got] = toTickets(answerIn(file)) ?? [];
    if (!historyFile || !got) continue;
    const [history] = toHistories(answerIn(historyFile)) ?? [];
    if (history?.ticketId !== got.TicketID) throw new Error(`${historyFile} does not belong to ${file}`);
    const ticket = toTicket({ ...got, Age: 60 }, history.entries, READ_AT);
    found.set(number, { name: basename(file).replace(/^\d+-(shape-)?|-get\.json$/g, ''), ticket });
  }
  return found;
}

export const READ_AT = Date.UTC(2026, 10, 24, 8, 30);

function answerIn(file: string): Json {
  const recording: { response: { body: Json } } = JSON.parse(readFileSync(file, 'utf8'));
  return recording.response.body;
}
