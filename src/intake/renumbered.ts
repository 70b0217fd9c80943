import type { Journal, TicketRow } from '../journal/journal.ts';
import type { ZnunyClient } from '../znuny/client.ts';

const BATCH = 200;

export type Renumbered = { readonly row: TicketRow; readonly ticket: { id: number; number: string } };

/**
 * Known ids whose ticket has another number now: Znuny was restored from a backup or cloned, and gives ids out a
 * second time. Asked where many polls would go by else, since a known id is never read again.
 */
export async function renumbered(
  client: Pick<ZnunyClient, 'ticketGet'>,
  journal: Pick<Journal, 'ticket'>,
  knownIds: readonly number[],
): Promise<readonly Renumbered[]> {
  const found: Renumbered[] = [];
  for (let start = 0; start < knownIds.length; start += BATCH) {
    const { tickets } = await client.ticketGet(knownIds.slice(start, start + BATCH), {});
    for (const { TicketID: id, TicketNumber: number } of tickets) {
      const row = await journal.ticket(id);
      if (row && row.ticketNumber !== null && row.ticketNumber !== number)
        found.push({ row, ticket: { id, number } });
    }
  }
  return found;
}
