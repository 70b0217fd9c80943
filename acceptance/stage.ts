import { randomBytes } from 'node:crypto';
import { inject, test, vi } from 'vitest';
import { ZnunyClient, type ZnunyClientOptions } from '../src/znuny/client.ts';
import type {
  ArticleFields,
  Endpoint,
  OperationName,
  TicketCreate,
  TicketFields,
  TicketGetOptions,
  ZnunyHistoryEntry,
  ZnunyTicket,
} from '../src/znuny/types.ts';
import { enterPhoneTicket } from './agent-interface.ts';
import { call, type RawAnswer, type RawRequest } from './raw.ts';
import { simulatedTarget } from './simulated.ts';
import { type Account, OPTIONAL, type OptionalKey, type Target } from './target.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** absent: each file of promises gets a simulator of its own */
    target?: Target;
    /** what the suite made stays as it is */
    keep?: boolean;
  }
}

// A real Znuny takes a quarter of a second to make a ticket, and the daemon looks at none that is younger than 5 s.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 });

export type Made = { readonly id: number; readonly number: string; readonly title: string };

/** An `undefined` takes a default away. */
type Some<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

export type Making = {
  readonly Ticket?: Some<TicketFields>;
  readonly Article?: Some<ArticleFields>;
  readonly DynamicField?: TicketCreate['DynamicField'];
  readonly Attachment?: TicketCreate['Attachment'];
};

/** A Znuny, clients of it, and the tickets that promises make there. Every title begins with the run's mark. */
export class Stage {
  readonly target: Target;
  /** in all titles and of no other ticket */
  readonly mark = `[acceptance ${randomBytes(4).toString('hex')}]`;
  readonly znuny: ZnunyClient;
  /** null where Znuny is a real one without `--agent-interface` */
  readonly phoneTicket: ((subject: string) => Promise<number>) | null;
  readonly #clients: ZnunyClient[] = [];
  readonly #made: number[] = [];
  #session: Promise<string> | null = null;
  #agent: ZnunyClient | null = null;
  #count = 0;

  constructor(target: Target, phoneTicket: Stage['phoneTicket']) {
    this.target = target;
    this.phoneTicket = phoneTicket;
    this.znuny = this.client();
  }

  /** A client of the bot's, unless told otherwise; closed with the stage. */
  client(options: Partial<ZnunyClientOptions> = {}, account: Account = this.target.bot): ZnunyClient {
    const { url, webService } = this.target;
    const client = new ZnunyClient({
      url,
      webService,
      ...('sessionId' in options || options.auth === 'headers'
        ? {}
        : { userLogin: account.login, password: () => account.password }),
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** The other agent: acts as the person. */
  agentClient(account: Account): ZnunyClient {
    this.#agent ??= this.client({}, account);
    return this.#agent;
  }

  /**
   * A new ticket in the source queue, owned by root and unlocked, as if it came in by itself: a ticket that the bot
   * owns would hide missing rights, and one of TicketCreate's with an owner is locked.
   */
  async make(making: Making = {}, by: ZnunyClient = this.znuny): Promise<Made> {
    this.#count += 1;
    const title = `${this.mark} ${making.Ticket?.Title ?? `ticket ${this.#count}`}`;
    const asked = making.Ticket ?? {};
    const usual = (names: readonly (keyof TicketFields)[], value: TicketFields) =>
      names.some((name) => name in asked) ? {} : value;
    const Ticket = {
      ...usual(['Queue', 'QueueID'], { Queue: this.target.sourceQueue }),
      ...usual(['State', 'StateID'], { State: 'new' }),
      ...usual(['Priority', 'PriorityID'], { Priority: '3 normal' }),
      ...usual(['Owner', 'OwnerID'], { OwnerID: 1 }),
      ...usual(['Lock', 'LockID'], { Lock: 'unlock' }),
      // Where types are on, a ticket needs one; 1 is the type that Znuny is installed with.
      ...(this.target.type === undefined ? {} : usual(['Type', 'TypeID'], { TypeID: 1 })),
      CustomerUser: this.target.customerUser,
      ...asked,
      Title: title,
    };
    const { ticketId, ticketNumber } = await by.ticketCreate({
      Article: set({
        Subject: title,
        Body: 'Made by the acceptance suite.',
        SenderType: 'customer',
        ...making.Article,
      }),
      Ticket: set(Ticket),
      ...(making.DynamicField === undefined ? {} : { DynamicField: making.DynamicField }),
      ...(making.Attachment === undefined ? {} : { Attachment: making.Attachment }),
    });
    this.#made.push(ticketId);
    return { id: ticketId, number: ticketNumber, title };
  }

  /** Made elsewhere (by hand, by the command): closed with the others. */
  adopt(id: number): void {
    this.#made.push(id);
  }

  /** The ticket with all that can be asked for. */
  async get(id: number, options: TicketGetOptions = {}, by: ZnunyClient = this.znuny): Promise<ZnunyTicket> {
    const { tickets, failed } = await by.ticketGet([id], { AllArticles: 1, DynamicFields: 1, ...options });
    const [ticket] = tickets;
    if (ticket === undefined) throw failed[0]?.error ?? new Error(`no ticket ${id}`);
    return ticket;
  }

  async history(id: number, by: ZnunyClient = this.znuny): Promise<readonly ZnunyHistoryEntry[]> {
    const { histories, failed } = await by.ticketHistoryGet([id]);
    const [history] = histories;
    if (history === undefined) throw failed[0]?.error ?? new Error(`no history of ${id}`);
    return history.entries;
  }

  endpoint(): Promise<Endpoint> {
    return this.znuny.resolveEndpoint();
  }

  /** The operation as it goes over the wire, with a session of the bot's. */
  async raw(
    operation: OperationName,
    data: Readonly<Record<string, unknown>>,
    more: Partial<RawRequest> = {},
  ): Promise<RawAnswer> {
    return call(await this.endpoint(), operation, { SessionID: await this.session(), ...data }, more);
  }

  /** A session for raw calls. */
  session(): Promise<string> {
    this.#session ??= this.client()
      .sessionCreate()
      .then(({ sessionId }) => sessionId);
    return this.#session;
  }

  /** Znuny deletes nothing: what was made is closed, as far as the bot or the agent may. */
  async close(keep: boolean): Promise<void> {
    const closing = this.target.agent === undefined ? this.znuny : this.agentClient(this.target.agent);
    if (!keep) {
      for (const TicketID of this.#made)
        await closing
          .ticketUpdate({ TicketID, Ticket: { State: 'closed successful' } })
          .catch(() => undefined);
    }
    for (const client of this.#clients) {
      await client.sessionRemove().catch(() => undefined);
      await client.close();
    }
  }
}

type Without<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function set<T extends object>(fields: T): Without<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Without<T>;
}

/** A promise of any Znuny's Generic Interface, or of the daemon beside it. */
// biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures out of this pattern
export const promise = test.extend('stage', { scope: 'file' }, async ({}, { onCleanup }) => {
  const given = inject('target');
  if (given !== undefined) {
    const stage = new Stage(given, enterPhoneTicket(given));
    onCleanup(() => stage.close(inject('keep') === true));
    return stage;
  }
  const simulated = await simulatedTarget();
  const stage = new Stage(simulated.target, async (subject) => simulated.phoneTicket(subject));
  onCleanup(async () => {
    await stage.close(false);
    await simulated.stop();
  });
  return stage;
});

type Context = { readonly stage: Stage; readonly skip: (note?: string) => never };

/** What the target has under this name; else the promise is skipped, and says what it needs. */
export function needs<Key extends OptionalKey>({ stage, skip }: Context, key: Key): NonNullable<Target[Key]> {
  const value = stage.target[key];
  if (value !== undefined && value !== null) return value as NonNullable<Target[Key]>;
  const [flags, what] = OPTIONAL[key];
  return skip(`needs ${flags}: ${what}`);
}
