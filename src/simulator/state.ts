/** All that the simulated Znuny stores: users, queues, rights, tickets, sessions, clock. */
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import { seconds } from './clock.ts';
import {
  type CustomerDefinition,
  FIXTURE_PASSWORD,
  type FieldDefinition,
  type QueueDefinition,
  type UserDefinition,
} from './fixture.ts';
import { Services } from './services.ts';
import type {
  EventListener,
  Principal,
  Queue,
  Session,
  StateOptions,
  StoredTicket,
  SysConfig,
  User,
} from './store.ts';

export const LOOPBACK = '127.0.0.1';

export class State {
  readonly clock: Clock;
  readonly users = new Map<number, User>();
  readonly queues = new Map<number, Queue>();
  readonly fields = new Map<string, FieldDefinition>();
  readonly customers: CustomerDefinition[];
  readonly services: Services;
  readonly sysConfig: SysConfig;
  readonly installedAt: number;
  readonly tickets = new Map<number, StoredTicket>();
  readonly sessions = new Map<string, Session>();
  readonly sessionMaxIdleSeconds: number;
  readonly sessionCheckRemoteIp: boolean;
  /** maintenance mode: no login but an admin's, sessions go on working */
  maintenance = false;
  /** PasswordMaxLoginFailed; 0 = off */
  passwordMaxLoginFailed = 0;
  readonly listeners: EventListener[] = [];
  readonly #byNumber = new Map<string, StoredTicket>();
  readonly #byQueue = new Map<number, Set<StoredTicket>>();
  readonly #counters = new Map<string, number>();
  #nextTicket: number;
  #nextArticle: number;

  constructor(options: StateOptions) {
    this.clock = options.clock;
    this.installedAt = options.clock.now();
    this.services = new Services(options.services);
    this.sysConfig = options.sysConfig;
    this.sessionMaxIdleSeconds = options.sessionMaxIdleSeconds;
    this.sessionCheckRemoteIp = options.sessionCheckRemoteIp;
    this.#nextTicket = options.firstTicketId;
    this.#nextArticle = options.firstArticleId;
    this.customers = [...options.customers];
    for (const field of options.fields) this.fields.set(field.name, field);
    for (const queue of options.queues) this.addQueue(queue);
    for (const user of options.users) this.addUser(user);
  }

  addQueue(definition: QueueDefinition): Queue {
    const id = definition.id ?? Math.max(0, ...this.queues.keys()) + 1;
    const queue: Queue = {
      id,
      name: definition.name,
      groupId: definition.groupId ?? (id <= 4 ? 1 : id),
      autoReply: definition.autoReply ?? false,
      firstResponseMinutes: definition.firstResponseMinutes ?? 0,
      solutionMinutes: definition.solutionMinutes ?? 0,
    };
    this.queues.set(id, queue);
    return queue;
  }

  addUser(definition: UserDefinition): User {
    const id = definition.id ?? Math.max(0, ...this.users.keys()) + 1;
    const user: User = {
      id,
      login: definition.login,
      password: definition.password ?? FIXTURE_PASSWORD,
      firstName: definition.firstName ?? definition.login,
      lastName: definition.lastName ?? 'Agent',
      email: definition.email ?? `${definition.login}@example.test`,
      title: definition.title ?? null,
      admin: definition.admin ?? false,
      valid: true,
      defaultRights: definition.defaultRights ?? ['rw'],
      rights: new Map(),
      myQueues: new Set(),
      failedLogins: 0,
      lastLoginAt: undefined,
    };
    for (const [name, rights] of Object.entries(definition.rights ?? {})) {
      user.rights.set(this.queue(name).id, rights);
    }
    this.users.set(id, user);
    return user;
  }

  user(idOrLogin: number | string): User {
    const found =
      typeof idOrLogin === 'number'
        ? this.users.get(idOrLogin)
        : this.users.values().find((user) => user.login === idOrLogin);
    if (found === undefined) throw new Error(`simulator: no user ${idOrLogin}`);
    return found;
  }

  findUser(login: unknown): User | undefined {
    return this.users.values().find((user) => user.login === login);
  }

  findQueue(name: unknown): Queue | undefined {
    return this.queues.values().find((queue) => queue.name === name);
  }

  queue(idOrName: number | string): Queue {
    const found = typeof idOrName === 'number' ? this.queues.get(idOrName) : this.findQueue(idOrName);
    if (found === undefined) throw new Error(`simulator: no queue ${idOrName}`);
    return found;
  }

  findCustomer(loginOrEmail: unknown): CustomerDefinition | undefined {
    return this.customers.find(
      (customer) => customer.login === loginOrEmail || customer.email === loginOrEmail,
    );
  }

  nextArticleId(): number {
    return this.#nextArticle++;
  }

  /** Date, system id 10, counter of the day, check digit: Znuny's DateChecksum. */
  #ticketNumber(at: number): string {
    const day = this.clock.text(at).slice(0, 10).replaceAll('-', '');
    const counter = (this.#counters.get(day) ?? 0) + 1;
    this.#counters.set(day, counter);
    const digits = `${day}10${String(counter).padStart(5, '0')}`;
    let sum = 0;
    for (let index = 0; index < digits.length; index++)
      sum += Number(digits[index]) * (index % 2 === 0 ? 1 : 2);
    const check = 10 - (sum % 10);
    return `${digits}${check === 10 ? 1 : check}`;
  }

  /** Stores a bare ticket; its rows and articles are `changes.ts`' business. */
  insertTicket(
    fields: Pick<
      StoredTicket,
      'title' | 'queueId' | 'priorityId' | 'stateId' | 'typeId' | 'customerId' | 'customerUser' | 'createBy'
    > & {
      readonly serviceId?: number | undefined;
      readonly slaId?: number | undefined;
      readonly ownerId?: number;
      readonly locked?: boolean;
      readonly responsibleId?: number;
      readonly at: number;
    },
  ): StoredTicket {
    const at = seconds(fields.at) * 1000;
    const ticket: StoredTicket = {
      id: this.#nextTicket++,
      number: this.#ticketNumber(at),
      title: fields.title,
      queueId: fields.queueId,
      priorityId: fields.priorityId,
      stateId: fields.stateId,
      typeId: fields.typeId,
      serviceId: fields.serviceId,
      slaId: fields.slaId,
      locked: fields.locked ?? false,
      ownerId: fields.ownerId ?? 1,
      responsibleId: fields.responsibleId ?? 1,
      customerId: fields.customerId,
      customerUser: fields.customerUser,
      createBy: fields.createBy,
      changeBy: fields.createBy,
      createdAt: at,
      changedAt: at,
      unlockTimeout: 0,
      pendingUntil: undefined,
      fields: new Map(),
      articles: [],
      history: [],
    };
    this.tickets.set(ticket.id, ticket);
    this.#byNumber.set(ticket.number, ticket);
    this.#inQueue(ticket.queueId).add(ticket);
    return ticket;
  }

  removeTicket(ticket: StoredTicket): void {
    this.tickets.delete(ticket.id);
    this.#byNumber.delete(ticket.number);
    this.#inQueue(ticket.queueId).delete(ticket);
  }

  byNumber(number: unknown): StoredTicket | undefined {
    return this.#byNumber.get(String(number));
  }

  #inQueue(queueId: number): Set<StoredTicket> {
    let tickets = this.#byQueue.get(queueId);
    if (tickets === undefined) {
      tickets = new Set();
      this.#byQueue.set(queueId, tickets);
    }
    return tickets;
  }

  ticketsIn(queueIds: Iterable<number>): StoredTicket[] {
    const found: StoredTicket[] = [];
    for (const id of queueIds) found.push(...(this.#byQueue.get(id) ?? []));
    return found;
  }

  moveTicket(ticket: StoredTicket, queueId: number): void {
    this.#inQueue(ticket.queueId).delete(ticket);
    ticket.queueId = queueId;
    this.#inQueue(queueId).add(ticket);
  }

  startSession(user: Principal, address = LOOPBACK): Session {
    const session = { id: randomBytes(16).toString('hex'), user, startedAt: this.clock.now(), address };
    this.sessions.set(session.id, session);
    return session;
  }

  /** Use does not refresh it: a session ends so many seconds after SessionCreate, however busy. */
  liveSession(id: unknown, address: string): Session | undefined {
    const session = typeof id === 'string' ? this.sessions.get(id) : undefined;
    if (session === undefined) return undefined;
    const idle = this.clock.now() - session.startedAt > this.sessionMaxIdleSeconds * 1000;
    const foreign = this.sessionCheckRemoteIp && session.address !== address;
    if (!idle && !foreign) return session;
    // SessionDeleteIfNotRemoteID: one call from elsewhere ends the session for its owner too.
    this.sessions.delete(session.id);
    return undefined;
  }
}
