import type { Ticket } from '../ticket.ts';

/** A ticket read longer ago than this is read again before its write. */
const FRESH_MS = 1_000;
/** no look takes longer than a few writes */
const MOST_AT_ONCE = 20;

export type ComparedField = 'queue' | 'priority' | 'state' | 'ownerId' | 'lock' | 'changed';
export type Fields = Pick<Ticket, ComparedField>;

/** What became of each ticket: its fields, null where Znuny denies it, or why it could not be read. */
export type FieldsReader = {
  readFields(ticketIds: readonly number[]): Promise<ReadonlyMap<number, Fields | null | Error>>;
};

type Look = { readonly at: number; readonly answer: Promise<ReadonlyMap<number, Fields | null | Error>> };

/**
 * The look at a ticket right before its write. One look tells of all that wait for theirs and serves each of them as
 * long as it is fresh: a call a ticket would cost more than batched reading saves.
 */
export class Glance {
  readonly #reader: FieldsReader;
  readonly #clock: () => number;
  /** in the order of their writing */
  readonly #waiting = new Set<number>();
  readonly #looks = new Map<number, Look>();

  constructor(reader: FieldsReader, clock: () => number) {
    this.#reader = reader;
    this.#clock = clock;
  }

  /** These will be written one after the other. */
  expect(ticketIds: readonly number[]): void {
    for (const id of ticketIds) this.#waiting.add(id);
  }

  /** Written, or given up. */
  forget(ticketId: number): void {
    this.#waiting.delete(ticketId);
    this.#looks.delete(ticketId);
  }

  /** As Znuny had it a second ago at most; null where it is denied. Throws what the read threw. */
  async fields(ticketId: number): Promise<Fields | null> {
    const known = this.#looks.get(ticketId);
    const look = known !== undefined && isFresh(known.at, this.#clock()) ? known : this.#look(ticketId);
    const found = (await look.answer).get(ticketId);
    if (found instanceof Error) throw found;
    return found ?? null;
  }

  #look(ticketId: number): Look {
    const ids = [...new Set([ticketId, ...this.#waiting])].slice(0, MOST_AT_ONCE);
    const look = { at: this.#clock(), answer: this.#reader.readFields(ids) };
    for (const id of ids) this.#looks.set(id, look);
    // Whoever comes next looks again.
    look.answer.catch(() => {
      for (const id of ids) if (this.#looks.get(id) === look) this.#looks.delete(id);
    });
    return look;
  }
}

/** A negative age is a clock that was set back: it says nothing of how old a read is. */
export function isFresh(readAt: number, now: number): boolean {
  const age = now - readAt;
  return age >= 0 && age <= FRESH_MS;
}
