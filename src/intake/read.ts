import { ConfigError, isKnownError, type KnownError, PermanentError } from '../errors.ts';
import type { HistoryEntry, SenderType, Ticket } from '../ticket.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { ZnunyArticle, ZnunyHistoryEntry, ZnunyTicket } from '../znuny/types.ts';

export type ReadResult =
  | { readonly kind: 'ticket'; readonly ticket: Ticket }
  /** deleted, merged away or moved out of the bot's sight; never said while the bot's rights are in doubt */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Failures in a row after which it is Znuny that is away, and no ticket. */
const HOPELESS = 2;

type Client = Pick<ZnunyClient, 'ticketGet' | 'ticketHistoryGet' | 'ticketSearch'>;

export type ReaderParts = {
  readonly client: Client;
  readonly access: {
    remember(ticketIds: readonly number[]): void;
    another(than: number): number | null;
    lost(except: number): Promise<boolean>;
  };
  readonly clock: () => number;
};

const FIRST_ARTICLES = { AllArticles: 1, ArticleLimit: 5, ArticleOrder: 'ASC', DynamicFields: 1 } as const;
const NEWEST_ARTICLES = { AllArticles: 1, ArticleLimit: 20, ArticleOrder: 'DESC', DynamicFields: 1 } as const;

/** Znuny's answers → our Ticket, in batches: 3–5 ms a ticket instead of 20–30. */
export class TicketReader {
  readonly #parts: ReaderParts;
  /** broke Znuny's answer when asked for alone: kept out of batches, whose others would be lost with it */
  readonly #suspects = new Set<number>();

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async read(ticketIds: readonly number[]): Promise<ReadonlyMap<number, ReadResult>> {
    const suspects = ticketIds.filter((id) => this.#suspects.has(id));
    const results = await this.#readTogether(ticketIds.filter((id) => !this.#suspects.has(id)));
    for (const id of suspects) results.set(id, await this.#readAlone(id));
    return results;
  }

  async #readTogether(ticketIds: readonly number[]): Promise<Map<number, ReadResult>> {
    const results = new Map<number, ReadResult>();
    if (ticketIds.length === 0) return results;
    try {
      return new Map(await this.#readBatch(ticketIds));
    } catch (error) {
      // One ticket that Znuny cannot answer for must not take the whole batch with it.
      let failures = isEverybodys(error) ? HOPELESS : 0;
      for (const id of ticketIds) {
        const result = failures < HOPELESS ? await this.#readAlone(id) : { kind: 'failed' as const, error };
        failures = result.kind === 'failed' ? failures + 1 : 0;
        results.set(id, result);
      }
      return results;
    }
  }

  async #readAlone(ticketId: number): Promise<ReadResult> {
    try {
      const result = (await this.#readBatch([ticketId])).get(ticketId);
      this.#suspects.delete(ticketId);
      return result ?? { kind: 'failed', error: undefined };
    } catch (error) {
      if (!isKnownError(error) || error.kind !== 'transient') return { kind: 'failed', error };
      this.#suspects.add(ticketId);
      return { kind: 'failed', error: await this.#blame(ticketId, error) };
    }
  }

  /** The same in one piece, null where Znuny denies it. */
  async readOne(ticketId: number): Promise<Ticket | null> {
    return this.#single(ticketId, await this.#readBatch([ticketId]));
  }

  /** With the newest articles instead of the first ones: where a note of ours would be. */
  async readNewest(ticketId: number): Promise<Ticket | null> {
    return this.#single(ticketId, await this.#readBatch([ticketId], NEWEST_ARTICLES));
  }

  /** Fields only, for the comparison before a write; null where Znuny denies a ticket. */
  async readFields(ticketIds: readonly number[]): Promise<ReadonlyMap<number, Ticket | null | KnownError>> {
    const readAt = this.#parts.clock();
    const { tickets, failed } = await this.#parts.client.ticketGet(ticketIds);
    return new Map<number, Ticket | null | KnownError>([
      ...tickets.map((ticket) => [ticket.TicketID, toTicket(ticket, [], readAt)] as const),
      ...failed.map(
        ({ ticketId, error }) => [ticketId, error.code === 'E_ZNUNY_ACCESS' ? null : error] as const,
      ),
    ]);
  }

  /** A failed read is the ticket's own failure where Znuny answers well for another one. */
  async #blame(ticketId: number, error: KnownError): Promise<KnownError> {
    const { access, client } = this.#parts;
    try {
      const known = access.another(ticketId);
      const other = known ?? (await client.ticketSearch({ Limit: 2 })).find((id) => id !== ticketId);
      if (other === undefined) return error;
      const { tickets } = await client.ticketGet([other], FIRST_ARTICLES);
      if (tickets.length === 0) return error;
    } catch {
      return error;
    }
    const message = 'Znuny cannot answer for this ticket, though it can for others';
    return new PermanentError('E_ZNUNY_ANSWER', message, { cause: error, hint: error.message });
  }

  async #readBatch(
    ticketIds: readonly number[],
    options: typeof FIRST_ARTICLES | typeof NEWEST_ARTICLES = FIRST_ARTICLES,
  ): Promise<ReadonlyMap<number, ReadResult>> {
    const { client, access, clock } = this.#parts;
    const readAt = clock();
    const got = await client.ticketGet(ticketIds, options);
    // History after the fields: what an agent changes in between then shows at least here.
    const found = got.tickets.map((ticket) => ticket.TicketID);
    const histories = found.length > 0 ? await client.ticketHistoryGet(found) : { histories: [], failed: [] };
    const rows = new Map(histories.histories.map(({ ticketId, entries }) => [ticketId, entries]));
    access.remember(found.filter((id) => rows.has(id)));

    const results = new Map<number, ReadResult>();
    for (const ticket of got.tickets) {
      const history = rows.get(ticket.TicketID);
      if (history)
        results.set(ticket.TicketID, { kind: 'ticket', ticket: toTicket(ticket, history, readAt) });
    }
    for (const { ticketId, error } of [...got.failed, ...histories.failed]) {
      results.set(ticketId, await this.#denied(ticketId, error));
    }
    return results;
  }

  /** Znuny says AccessDenied for a deleted ticket, a hidden one, and to a bot that lost its rights. */
  async #denied(ticketId: number, error: unknown): Promise<ReadResult> {
    if (!isKnownError(error) || error.code !== 'E_ZNUNY_ACCESS') return { kind: 'failed', error };
    if (!(await this.#parts.access.lost(ticketId))) return { kind: 'gone' };
    const lost = new ConfigError(
      'E_ZNUNY_ACCESS',
      'the bot may no longer read tickets that it could read before',
      {
        hint: 'Is the agent still valid, and does its group still have rw on the source queues?',
        cause: error,
      },
    );
    return { kind: 'failed', error: lost };
  }

  #single(ticketId: number, results: ReadonlyMap<number, ReadResult>): Ticket | null {
    const result = results.get(ticketId);
    if (result?.kind === 'failed') {
      if (isKnownError(result.error) && result.error.code === 'E_ZNUNY_ACCESS') return null;
      throw result.error;
    }
    return result?.kind === 'ticket' ? result.ticket : null;
  }
}

/** Failures that say nothing of a single ticket: no use in asking one by one. */
function isEverybodys(error: unknown): boolean {
  if (!isKnownError(error)) return false;
  return ['E_ZNUNY_AUTH', 'E_ZNUNY_URL'].includes(error.code);
}

export function toTicket(from: ZnunyTicket, history: readonly ZnunyHistoryEntry[], readAt: number): Ticket {
  return {
    id: from.TicketID,
    number: from.TicketNumber,
    title: from.Title,
    queue: from.Queue,
    queueId: from.QueueID,
    priority: from.Priority,
    state: from.State,
    stateType: from.StateType,
    lock: from.Lock,
    type: from.Type,
    service: from.Service,
    sla: from.SLA,
    owner: from.Owner,
    ownerId: from.OwnerID,
    responsible: from.Responsible,
    responsibleId: from.ResponsibleID,
    createBy: from.CreateBy,
    changeBy: from.ChangeBy,
    created: from.Created,
    changed: from.Changed,
    createdAt: readAt - from.Age * 1_000,
    readAt,
    customerUser: from.CustomerUserID,
    customerId: from.CustomerID,
    dynamicFields: from.DynamicField,
    articles: from.Article.map(toArticle),
    history: history.map(toHistoryEntry),
  };
}

function toArticle(from: ZnunyArticle) {
  return {
    id: from.ArticleID,
    senderType: senderType(from.SenderType),
    channel: from.CommunicationChannel,
    from: from.From,
    subject: from.Subject,
    body: from.Body,
    createBy: from.CreateBy,
    visibleForCustomer: from.IsVisibleForCustomer === 1,
    incomingTime: from.IncomingTime,
  };
}

export function toHistoryEntry(from: ZnunyHistoryEntry): HistoryEntry {
  return {
    type: from.HistoryType,
    name: from.Name,
    articleId: from.ArticleID,
    createBy: from.CreateBy,
    createTime: from.CreateTime,
    queueId: from.QueueID,
  };
}

function senderType(name: string): SenderType {
  return name === 'customer' || name === 'system' ? name : 'agent';
}
