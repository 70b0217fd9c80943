import { type KnownError, PermanentError } from '../errors.ts';
import { errorFacts } from '../znuny/call-context.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { Data } from './operation.ts';
import { wrong } from './ticket-flags.ts';

/** Longer ones are ticket numbers; Znuny's shortest generator counts from 1 as its ids do, so ids go first. */
const LONGEST_ID = 10;

/** Id of a ticket that was named by id or number. Throws PermanentError E_ZNUNY_ACCESS where there is none. */
export async function findTicket(client: ZnunyClient, text: string): Promise<number> {
  const { ids, missing } = await findTickets(client, [text]);
  const [id] = ids;
  if (id === undefined) throw missing[0]?.error ?? noTicket(text);
  return id;
}

export type Missing = { readonly ticket: string | number; readonly error: KnownError };

/** Ids of all that are found; one that is not does not lose the others. */
export async function findTickets(
  client: ZnunyClient,
  texts: readonly string[],
): Promise<{ readonly ids: readonly number[]; readonly missing: readonly Missing[] }> {
  const strange = texts.find((text) => !/^\d+$/.test(text));
  if (strange !== undefined) throw wrong('TICKET', `a ticket's id or number, not "${strange.slice(0, 40)}"`);
  const short = texts.filter((text) => text.length <= LONGEST_ID && Number(text) > 0).map(Number);
  const { tickets } = short.length === 0 ? { tickets: [] } : await client.ticketGet(short);
  const known = new Set(tickets.map((ticket) => ticket.TicketID));
  const ids: number[] = [];
  const missing: Missing[] = [];
  for (const text of texts) {
    const id = known.has(Number(text)) ? Number(text) : await client.ticketIdByNumber(text);
    if (id === null) missing.push({ ticket: text, error: noTicket(text) });
    else ids.push(id);
  }
  return { ids, missing };
}

function noTicket(text: string): PermanentError {
  return new PermanentError('E_ZNUNY_ACCESS', `there is no ticket ${text} that this agent may read`, {
    hint: "Give a ticket's id or number; a missing right on its queue looks the same.",
  });
}

/** What an answer says about tickets that are not in it. */
export function failedTickets(missing: readonly Missing[]): readonly Data[] {
  return missing.map(({ ticket, error }) => ({ Ticket: ticket, Error: errorFacts(error) }));
}

/** Tickets of `TicketID` in data: one, a list, or text with commas, as Znuny takes them. */
export function ticketsIn(data: Data): readonly string[] {
  const given = data.TicketID ?? [];
  return [given].flat().flatMap((one) => String(one).split(','));
}
