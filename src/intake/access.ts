import { isKnownError } from '../errors.ts';
import type { ZnunyClient } from '../znuny/client.ts';

const REMEMBERED = 20;
/** a loss this young is good enough for the next ticket of the same batch, ms; a "fine" never is */
const FRESH_MS = 5_000;

type Client = Pick<ZnunyClient, 'ticketGet' | 'ticketSearch'>;

/**
 * Tells a hidden or deleted ticket from a bot without rights: both answer AccessDenied, and a bot that was made
 * invalid goes on with its old session but finds nothing (shapes 405–411). Reads a ticket that was readable before.
 */
export class AccessProbe {
  readonly #client: Client;
  readonly #clock: () => number;
  #readable: readonly number[] = [];
  #lostAt: number | null = null;

  constructor(client: Client, clock: () => number) {
    this.#client = client;
    this.#clock = clock;
  }

  get hasEvidence(): boolean {
    return this.#readable.length > 0;
  }

  /** Tickets that were just read. */
  remember(ticketIds: readonly number[]): void {
    if (ticketIds.length === 0) return;
    this.#readable = [...new Set([...ticketIds, ...this.#readable])].slice(0, REMEMBERED);
    this.#lostAt = null;
  }

  /** A ticket that we moved: it may lie where the bot has move_into only, so it proves nothing any more. */
  forget(ticketId: number): void {
    this.#readable = this.#readable.filter((id) => id !== ticketId);
  }

  /** A remembered ticket other than this one: what fails on it, too, is not a single ticket's failure. */
  another(than: number): number | null {
    return this.#readable.find((id) => id !== than) ?? null;
  }

  /** True where every remembered ticket (up to three are asked) is denied now, or no ticket at all is found. */
  async lost(except: number | null = null): Promise<boolean> {
    // The distance, not the difference: a clock set back must not keep a loss alive.
    if (this.#lostAt !== null && Math.abs(this.#clock() - this.#lostAt) < FRESH_MS) return true;
    const candidates = this.#readable.filter((id) => id !== except).slice(0, 3);
    if (candidates.length === 0)
      return this.#conclude((await this.#client.ticketSearch({ Limit: 1 })).length === 0);
    let denied = 0;
    for (const id of candidates) {
      const { tickets, failed } = await this.#client.ticketGet([id], {});
      if (tickets.length > 0) break;
      if (failed.some(({ error }) => isKnownError(error) && error.code === 'E_ZNUNY_ACCESS')) denied += 1;
    }
    return this.#conclude(denied === candidates.length);
  }

  #conclude(lost: boolean): boolean {
    this.#lostAt = lost ? this.#clock() : null;
    return lost;
  }
}
