import { ConfigError, describeError, TransientError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { Recorder } from '../observe/recorder.ts';
import type { Login } from '../wiring/login.ts';
import { pause } from '../wiring/pause.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { Health } from './health.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** tickets that must have the same numbers before a journal is taken for one of a Znuny under another address */
const COMPARED_TICKETS = 5;

export type ConnectionParts = {
  readonly client: Pick<ZnunyClient, 'resolveEndpoint' | 'ticketGet' | 'sessionValid'>;
  readonly login: Login;
  readonly journal: Journal;
  readonly health: Health;
  readonly recorder: Recorder;
  readonly clock: () => number;
  /** names the Znuny in the journal: origin and web service */
  readonly instance: string;
};

export type Connected = { readonly ownUserId: number; readonly firstStart: number };

/** Finds the Generic Interface, logs in, and makes sure that the journal is of this Znuny. */
export class Connection {
  readonly #parts: ConnectionParts;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  /**
   * Keeps trying while Znuny is away. Null on abort. Throws ConfigError where waiting does not help: no Generic
   * Interface there, a login that has never worked, a journal of another Znuny.
   */
  async connect(signal: AbortSignal): Promise<Connected | null> {
    const { client, health, recorder, clock } = this.#parts;
    // Tickets that come in while Znuny cannot be reached are ours already.
    const startedAt = clock();
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        const endpoint = await client.resolveEndpoint();
        recorder.record({ kind: 'endpoint found', endpoint });
        const ownUserId = await this.#logIn(signal);
        if (ownUserId === null) return null;
        await this.#checkInstance();
        if (health.pass('znuny')) recorder.record({ kind: 'recovered', condition: 'znuny' });
        return { ownUserId, firstStart: await this.#firstStart(startedAt) };
      } catch (error) {
        if (signal.aborted) return null;
        if (!(error instanceof TransientError)) throw error;
        const sentence = describeError(error);
        if (health.fail('znuny', sentence))
          recorder.record({ kind: 'degraded', condition: 'znuny', sentence });
        await pause(wait, signal);
      }
    }
    return null;
  }

  /** Logs in again where the session is gone and could not be renewed; at the distances of the login. */
  async keepLoggedIn(signal: AbortSignal): Promise<void> {
    const { client, health, login } = this.#parts;
    try {
      if (!client.sessionValid()) {
        health.fail('login', 'the session ended');
        if ((await login.resume()) === null) await this.#logIn(signal);
      }
      if (client.sessionValid()) health.pass('login');
    } catch (error) {
      // Znuny is away, which the poll tells: asked again in the next round.
      if (!(error instanceof TransientError)) throw error;
    }
  }

  async #logIn(signal: AbortSignal): Promise<number | null> {
    const { login, health, recorder, clock } = this.#parts;
    while (!signal.aborted) {
      const next = await login.notBefore();
      const waits = `refused, tried again at ${new Date(next).toISOString()}: see the log`;
      health.fail('login', next > clock() ? waits : 'not logged in');
      const ownUserId = await login.attempt(signal);
      if (ownUserId !== null) {
        health.pass('login');
        recorder.record({ kind: 'logged in', userId: ownUserId });
        return ownUserId;
      }
    }
    return null;
  }

  async #firstStart(startedAt: number): Promise<number> {
    const { journal } = this.#parts;
    const known = await journal.fact('first_start');
    if (known !== null) return Number(known);
    await journal.setFact('first_start', String(startedAt));
    return startedAt;
  }

  /** One journal is of one Znuny: its ticket ids mean nothing elsewhere. A new address of the same one is fine. */
  async #checkInstance(): Promise<void> {
    const { journal, client, instance } = this.#parts;
    const known = await journal.fact('instance');
    if (known === instance) return;
    if (known !== null) {
      const rows = (await journal.tickets({ limit: 100 })).filter((row) => row.ticketNumber !== null);
      const sample = rows.slice(0, COMPARED_TICKETS);
      const { tickets } = await client.ticketGet(
        sample.map((row) => row.ticketId),
        {},
      );
      const numbers = new Map(tickets.map((ticket) => [ticket.TicketID, ticket.TicketNumber]));
      const foreign = sample.some(
        (row) => (numbers.get(row.ticketId) ?? row.ticketNumber) !== row.ticketNumber,
      );
      if (foreign || (sample.length > 0 && numbers.size === 0)) {
        throw new ConfigError('E_JOURNAL', `the journal is of ${known}, not of ${instance}`, {
          where: 'journal.path',
          hint: 'Give this Znuny a journal of its own (another journal.path); never share one between two.',
        });
      }
    }
    await journal.setFact('instance', instance);
  }
}
