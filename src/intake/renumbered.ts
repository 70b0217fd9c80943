import type { Journal, TicketRow } from '../journal/journal.ts';
import type { ZnunyClient } from '../znuny/client.ts';

const BATCH = 50;
/** Failed reads after which the rest has to wait for the next time: a poll must not hang on this. */
const MOST_FAILURES = 6;

export type Renumbered = {
  readonly row: TicketRow;
  readonly ticket: { readonly id: number; readonly number: string };
};

/**
 * Known ids whose ticket has another number now: Znuny was restored from a backup or cloned, and gives ids out a
 * second time. Asked for on purpose, since a known id is never read again. Never throws: a ticket that Znuny cannot
 * answer for tells nothing, and stops no poll.
 */
export async function renumbered(
  client: Pick<ZnunyClient, 'ticketGet'>,
  journal: Pick<Journal, 'ticket'>,
  knownIds: readonly number[],
): Promise<readonly Renumbered[]> {
  let failures = 0;
  const numbers = async (ids: readonly number[]): Promise<readonly Renumbered['ticket'][]> => {
    if (failures >= MOST_FAILURES) return [];
    try {
      const { tickets } = await client.ticketGet(ids, {});
      return tickets.map((ticket) => ({ id: ticket.TicketID, number: ticket.TicketNumber }));
    } catch {
      failures += 1;
      const alone = ids.length > 1 ? ids : [];
      const found: Renumbered['ticket'][] = [];
      for (const id of alone) found.push(...(await numbers([id])));
      return found;
    }
  };

  const result: Renumbered[] = [];
  for (let start = 0; start < knownIds.length; start += BATCH) {
    for (const ticket of await numbers(knownIds.slice(start, start + BATCH))) {
      const row = await journal.ticket(ticket.id);
      if (row && row.ticketNumber !== null && row.ticketNumber !== ticket.number)
        result.push({ row, ticket });
    }
  }
  return result;
}
