import type { ZnunyClient } from '../znuny/client.ts';

const MOST_TICKETS = 1_000;
const BATCH = 200;

/**
 * New tickets in queues that are no source queues, by queue: as far as the bot can see them, up to 1,000.
 * Told at start and by `check`, since a ticket that lies elsewhere is never read.
 */
export async function newTicketsElsewhere(
  client: Pick<ZnunyClient, 'ticketSearch' | 'ticketGet'>,
  states: readonly string[],
  isSource: (queue: string) => boolean,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const state of states) {
    const ids = await client.ticketSearch({ States: [state], Limit: MOST_TICKETS });
    for (let start = 0; start < ids.length; start += BATCH) {
      const { tickets } = await client.ticketGet(ids.slice(start, start + BATCH), {});
      for (const { Queue } of tickets) if (!isSource(Queue)) counts.set(Queue, (counts.get(Queue) ?? 0) + 1);
    }
  }
  return counts;
}
