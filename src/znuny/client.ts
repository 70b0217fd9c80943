import { type KnownError, PermanentError } from '../errors.ts';
import { toHistories, toSession, toTicketIds, toTickets, toTicketWritten } from './answer.ts';
import { readBatch } from './batch.ts';
import { Caller } from './call.ts';
import { createData, getData, historyData, searchData, updateData } from './operations.ts';
import type { ZnunyClientOptions } from './options.ts';
import type {
  Endpoint,
  TicketCreate,
  TicketGetOptions,
  TicketSearchQuery,
  TicketUpdate,
  TicketWritten,
  ZnunyHistoryEntry,
  ZnunySession,
  ZnunyTicket,
} from './types.ts';
import { checkedId } from './wire.ts';

export type { CallEvent, ZnunyClientOptions } from './options.ts';

export type FailedRead = { readonly ticketId: number; readonly error: KnownError };

/**
 * Znuny's Generic Interface (REST), typed. Needs a web service with the operations that are called.
 *
 * Every method throws one of four errors (errors.ts): `ConfigError` (a person has to change something),
 * `TransientError` (try later; nothing was written), `PermanentError` (this request will never succeed; nothing was
 * written), `AmbiguousError` (a write whose effect is unknown: read back first). Reads are repeated within the
 * call's deadline; writes never are. No error holds a password, a session's id or a ticket's text.
 *
 * @example
 * const znuny = new ZnunyClient({ url: 'https://znuny.example.com', userLogin: 'bot', password: () => secret });
 * const ids = await znuny.ticketSearch({ Queues: ['Raw'], States: ['new'], Limit: 100 });
 * const { tickets, failed } = await znuny.ticketGet(ids, { AllArticles: 1, DynamicFields: 1 });
 * await znuny.close();
 */
export class ZnunyClient {
  readonly #caller: Caller;
  readonly #auth: 'session' | 'password' | 'headers' | 'given session';

  /** Opens nothing and checks nothing; a wrong option is a ConfigError of the first call. */
  constructor(options: ZnunyClientOptions) {
    this.#caller = new Caller(options);
    this.#auth = options.sessionId ? 'given session' : (options.auth ?? 'session');
  }

  /**
   * Finds base path and routes and how credentials travel, without sending any. Once: later calls, and calls at the
   * same time, get the same answer; a failure is not kept. Every other method does this first by itself.
   * Errors: ConfigError E_ZNUNY_URL (nothing found, service invalid, only GET without header login), E_CONFIG;
   * TransientError E_ZNUNY_UNREACHABLE.
   */
  resolveEndpoint(): Promise<Endpoint> {
    return this.#caller.endpoint();
  }

  /**
   * Exactly one login attempt. After ConfigError E_ZNUNY_AUTH no call tries again by itself, since Znuny locks an
   * agent after a few wrong logins: they fail at once until this is called.
   */
  async login(): Promise<void> {
    if (this.#auth === 'session') {
      await this.#caller.login.login();
      return;
    }
    this.#caller.login.allow();
    await this.#caller.call('TicketSearch', { TicketNumber: '0', Limit: 1 }, toTicketIds, { tries: 1 });
  }

  /** false before the first login, and after a refusal: `login` is due then. Says nothing about age. */
  sessionValid(): boolean {
    return this.#caller.login.valid();
  }

  /** A new session, which this client then uses. Like `login`: one attempt. */
  async sessionCreate(): Promise<{ readonly sessionId: string }> {
    return { sessionId: await this.#caller.login.login() };
  }

  /**
   * Whose session this is; the cheapest proof that login and connection work. The sample web service takes the
   * session's id in the URL's path only, so that it appears in the web server's log there.
   */
  async sessionGet(): Promise<ZnunySession> {
    if (this.#auth !== 'password') return this.#caller.call('SessionGet', {}, toSession);
    // A session from before would hide that the password is refused now.
    await this.#caller.login.credentials();
    const SessionID = this.#caller.login.sessionId() ?? (await this.#caller.login.login());
    return this.#caller.call('SessionGet', {}, toSession, { credentials: { SessionID } });
  }

  /** Ends the session in Znuny, which wants the password for it; the next call makes a new one. */
  async sessionRemove(): Promise<void> {
    const SessionID = this.#caller.login.sessionId();
    if (SessionID === null) return;
    const credentials = { ...this.#caller.ownCredentials(), SessionID };
    await this.#caller.call('SessionRemove', {}, (data) => data, { credentials, tries: 1 });
    this.#caller.login.forget();
  }

  /**
   * Ids of the tickets found, in Znuny's order, each once. An unknown queue or state, and a missing right, look like
   * no hit. Errors besides the connection's: PermanentError E_ZNUNY_REQUEST (an empty list, SortBy without its
   * OrderBy), ConfigError E_ZNUNY_URL (a dynamic field, but only GET is allowed).
   */
  async ticketSearch(query: TicketSearchQuery): Promise<number[]> {
    return this.#caller.call('TicketSearch', searchData(query), toTicketIds);
  }

  /**
   * Tickets in the order asked for. One that is missing or forbidden is in `failed` (PermanentError
   * E_ZNUNY_ACCESS: Znuny does not tell which) and costs some more calls; the others are read all the same.
   */
  async ticketGet(
    ids: readonly number[],
    options: TicketGetOptions = {},
  ): Promise<{ tickets: readonly ZnunyTicket[]; failed: readonly FailedRead[] }> {
    const data = getData(options);
    const read = (part: readonly number[]) => this.#caller.call('TicketGet', data(part), toTickets);
    const { found, failed } = await readBatch(ids, read, (ticket) => ticket.TicketID);
    return { tickets: found, failed };
  }

  /** Histories, oldest entry first; `failed` as in `ticketGet`. */
  async ticketHistoryGet(ids: readonly number[]): Promise<{
    histories: readonly { ticketId: number; entries: readonly ZnunyHistoryEntry[] }[];
    failed: readonly FailedRead[];
  }> {
    const read = (part: readonly number[]) =>
      this.#caller.call('TicketHistoryGet', historyData(part), toHistories);
    const { found, failed } = await readBatch(ids, read, (history) => history.ticketId);
    return { histories: found, failed };
  }

  /**
   * One write, on a connection of its own, never repeated. An article is internal unless told otherwise.
   * Errors that prove that nothing was written: ConfigError E_ZNUNY_NAME (names field and value), E_ZNUNY_AUTH;
   * PermanentError E_ZNUNY_ACCESS, E_ZNUNY_REQUEST; TransientError. Anything else, a refused move and a missing
   * PendingTime included, is an AmbiguousError: E_ZNUNY_ACCESS where Znuny says that a field could not be updated (a
   * missing right or a lock wait of its database), else E_ZNUNY_UNCLEAR.
   */
  async ticketUpdate(update: TicketUpdate): Promise<TicketWritten> {
    const route = await this.#caller.route('TicketUpdate');
    const data = updateData(update);
    if (update.TicketNumber === undefined || !route.path.includes(':TicketID')) {
      return this.#caller.call('TicketUpdate', data, toTicketWritten);
    }
    const { TicketNumber, ...rest } = data;
    const TicketID = await this.ticketIdByNumber(update.TicketNumber);
    if (TicketID === null) {
      throw new PermanentError(
        'E_ZNUNY_ACCESS',
        `TicketUpdate: no ticket ${update.TicketNumber} that we may read`,
      );
    }
    return this.#caller.call('TicketUpdate', { TicketID, ...rest }, toTicketWritten);
  }

  /** Like `ticketUpdate`; without an owner the agent of this client owns the ticket. */
  async ticketCreate(create: TicketCreate): Promise<TicketWritten> {
    return this.#caller.call('TicketCreate', createData(create), toTicketWritten);
  }

  /**
   * Only where an add-on brings the operation and its route is configured (`routes`). Stock Znuny deletes nothing by
   * its interface: ConfigError E_ZNUNY_URL then says what to do instead. Errors else as of `ticketUpdate`.
   */
  async ticketDelete(ticketId: number): Promise<void> {
    await this.#caller.call('TicketDelete', { TicketID: checkedId(ticketId) }, (data) => data);
  }

  /** The id behind a ticket's number; null where there is none that the agent may read. */
  async ticketIdByNumber(ticketNumber: string): Promise<number | null> {
    if (!/^\w+$/.test(ticketNumber)) return null;
    const ids = await this.ticketSearch({ TicketNumber: ticketNumber, Limit: 2 });
    return ids.length === 1 ? (ids[0] ?? null) : null;
  }

  /** Cuts reads under way off, waits for writes (`closeGraceMs` at most), closes the sockets. May be called again. */
  close(): Promise<void> {
    return this.#caller.close();
  }
}
