import { isKnownError, type KnownError, PermanentError } from '../errors.ts';

export type Failed = { readonly ticketId: number; readonly error: KnownError };
export type Batch<T> = { readonly found: readonly T[]; readonly failed: readonly Failed[] };

/** Ids of one call: 50 tickets with an article each took 144 ms, and a query string holds them with room to spare. */
const CHUNK = 50;

/**
 * Reads many tickets though one that is missing or forbidden fails Znuny's whole call: such a call is halved until
 * the bad ids stand alone. An error that is not about a ticket (connection, login) is thrown.
 */
export async function readBatch<T>(
  ids: readonly number[],
  read: (ids: readonly number[]) => Promise<readonly T[]>,
  idOf: (item: T) => number,
): Promise<Batch<T>> {
  const unique = [...new Set(ids)];
  const chunks = Array.from({ length: Math.ceil(unique.length / CHUNK) }, (_, index) =>
    unique.slice(index * CHUNK, (index + 1) * CHUNK),
  );
  const batches = await Promise.all(chunks.map((chunk) => readChunk(chunk, read, idOf)));
  return merge(batches);
}

async function readChunk<T>(
  ids: readonly number[],
  read: (ids: readonly number[]) => Promise<readonly T[]>,
  idOf: (item: T) => number,
): Promise<Batch<T>> {
  let items: readonly T[];
  try {
    items = await read(ids);
  } catch (error) {
    if (!isKnownError(error) || error.kind !== 'permanent') throw error;
    const [first] = ids;
    if (ids.length === 1 && first !== undefined) return { found: [], failed: [{ ticketId: first, error }] };
    return merge(
      await Promise.all(split(ids, culprit(error, ids)).map((part) => readChunk(part, read, idOf))),
    );
  }
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const found = ids.flatMap((id) => byId.get(id) ?? []);
  const failed = ids
    .filter((id) => !byId.has(id))
    .map((ticketId) => ({ ticketId, error: leftOut(ticketId) }));
  return { found, failed };
}

/** TicketHistoryGet names the ticket that it refuses ("… access to the ticket 4!"); TicketGet does not. */
function culprit(error: KnownError, ids: readonly number[]): number | undefined {
  const id = Number(/ticket (\d+)!/.exec(error.message)?.[1] ?? 0);
  return ids.includes(id) ? id : undefined;
}

function split(ids: readonly number[], bad: number | undefined): readonly (readonly number[])[] {
  if (bad !== undefined) return [[bad], ids.filter((id) => id !== bad)];
  const half = Math.ceil(ids.length / 2);
  return [ids.slice(0, half), ids.slice(half)];
}

function merge<T>(batches: readonly Batch<T>[]): Batch<T> {
  return {
    found: batches.flatMap((batch) => batch.found),
    failed: batches.flatMap((batch) => batch.failed),
  };
}

function leftOut(ticketId: number): PermanentError {
  return new PermanentError('E_ZNUNY_ANSWER', `the answer leaves out ticket ${ticketId}`);
}
