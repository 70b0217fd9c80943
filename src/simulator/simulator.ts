/** A Znuny 6.5 Generic Interface in a box, over real HTTP on loopback. Stands alone: nothing of ours is imported. */
import { createServer, type Server } from 'node:http';
import { Clock } from './clock.ts';
import type { Delays } from './delays.ts';
import { Faults } from './faults.ts';
import {
  type CustomerDefinition,
  FIXTURE_CUSTOMERS,
  FIXTURE_FIELDS,
  FIXTURE_QUEUES,
  FIXTURE_SERVICES,
  FIXTURE_USERS,
  type FieldDefinition,
  type QueueDefinition,
  type ServiceDefinition,
  type UserDefinition,
} from './fixture.ts';
import { HttpFront } from './http.ts';
import { LaterActs } from './later-acts.ts';
import { State } from './state.ts';
import type { SysConfig } from './store.ts';
import type { Right, SimulatorCall } from './types.ts';
import { type WebServiceDefinition, type WebServiceOptions, webServiceOf } from './web-services.ts';
import { Webhook, type WebhookOptions } from './webhook.ts';

/** Of the web service options these describe the first web service. */
export type SimulatorOptions = WebServiceOptions & {
  /** default 127.0.0.1 */
  readonly host?: string;
  /** default 0: any free one */
  readonly port?: number;
  /** default TicketTriage */
  readonly webService?: string;
  /** further ones beside it, over the same tickets; WebserviceID 2, 3 … */
  readonly webServices?: readonly WebServiceDefinition[];
  /** default /otrs/nph-genericinterface.pl */
  readonly basePath?: string;
  /** OTRSTimeZone; default UTC */
  readonly timeZone?: string;
  /** epoch ms; default the real clock */
  readonly now?: () => number;
  readonly users?: readonly UserDefinition[];
  readonly queues?: readonly (string | QueueDefinition)[];
  readonly fields?: readonly FieldDefinition[];
  readonly customers?: readonly CustomerDefinition[];
  readonly services?: readonly ServiceDefinition[];
  readonly sysConfig?: Partial<SysConfig>;
  /** ms an operation takes, or the measured ones */
  readonly delays?: Delays;
  /** Apache's workers; default 2 with delays 'znuny', else no limit */
  readonly workers?: number;
  /** default 7,200 */
  readonly sessionMaxIdleSeconds?: number;
  /** a session works only from the address that made it; default false, although Znuny's is true */
  readonly sessionCheckRemoteIp?: boolean;
  /** default 1 */
  readonly firstTicketId?: number;
  readonly firstArticleId?: number;
};

type Hook = (call: SimulatorCall) => void | Promise<void>;

/** Older calls are dropped beyond this. */
const MAX_CALLS = 50_000;

export class Simulator extends LaterActs {
  readonly faults = new Faults();
  readonly #options: SimulatorOptions;
  readonly #front: HttpFront;
  readonly #calls: SimulatorCall[] = [];
  readonly #before = new Set<Hook>();
  readonly #after = new Set<Hook>();
  #server: Server | undefined;
  #port: number;
  #webhook: Webhook | undefined;

  constructor(options: SimulatorOptions = {}) {
    super(
      new State({
        clock: new Clock(options.now ?? Date.now, options.timeZone ?? 'UTC'),
        users: options.users ?? FIXTURE_USERS,
        queues: (options.queues ?? FIXTURE_QUEUES).map((queue) =>
          typeof queue === 'string' ? { name: queue } : queue,
        ),
        fields: options.fields ?? FIXTURE_FIELDS,
        customers: options.customers ?? FIXTURE_CUSTOMERS,
        services: options.services ?? FIXTURE_SERVICES,
        sysConfig: {
          ticketType: false,
          ticketService: false,
          ticketResponsible: false,
          needAccountedTime: false,
          ...options.sysConfig,
        },
        sessionMaxIdleSeconds: options.sessionMaxIdleSeconds ?? 7200,
        sessionCheckRemoteIp: options.sessionCheckRemoteIp ?? false,
        firstTicketId: options.firstTicketId ?? 1,
        firstArticleId: options.firstArticleId ?? 1,
      }),
    );
    this.#options = options;
    this.#port = options.port ?? 0;
    this.#front = new HttpFront({
      state: this.state,
      faults: this.faults,
      webServices: [
        webServiceOf({ ...options, name: options.webService ?? 'TicketTriage' }),
        ...(options.webServices ?? []).map(webServiceOf),
      ],
      basePath: options.basePath ?? '/otrs/nph-genericinterface.pl',
      delays: options.delays,
      workers: options.workers ?? (options.delays === 'znuny' ? 2 : Number.POSITIVE_INFINITY),
      before: (call) => runHooks(this.#before, call),
      after: (call) => runHooks(this.#after, call),
      log: (call) => {
        this.#calls.push(call);
        if (this.#calls.length > MAX_CALLS) this.#calls.splice(0, MAX_CALLS / 10);
      },
    });
    this.state.listeners.push((...event) => this.#webhook?.fire(...event));
  }

  /** Listens; after `stop` again on the same port, so an outage can be played. */
  async start(): Promise<void> {
    // Ids in a query may be long: apache's own limit, 8,190, is kept by hand.
    const server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 5000 }, (request, response) => {
      this.#front.handle(request, response).catch((error: unknown) => {
        // A mistake of the simulator's own must not look like a Znuny answer.
        console.error('simulator: internal error', error);
        request.socket.destroy();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#options.host ?? '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#server = server;
  }

  /** Refuses connections from now on, breaks open ones, drops late changes. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#front.close();
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  /** Origin, `http://127.0.0.1:PORT`. */
  get url(): string {
    return `http://${this.#options.host ?? '127.0.0.1'}:${this.#port}`;
  }

  get calls(): readonly SimulatorCall[] {
    return this.#calls;
  }

  clearCalls(): void {
    this.#calls.length = 0;
  }

  /** Asked before each operation runs, so that an agent can act between a client's read and write. Returns the way to end it. */
  onCall(hook: Hook): () => void {
    this.#before.add(hook);
    return () => this.#before.delete(hook);
  }

  /** Asked after each operation ran and before its answer goes out. */
  onAnswer(hook: Hook): () => void {
    this.#after.add(hook);
    return () => this.#after.delete(hook);
  }

  /** From now on events are told to a listener; undefined ends it. Returns the webhook with its calls. */
  setWebhook(options: WebhookOptions): Webhook;
  setWebhook(options: undefined): undefined;
  setWebhook(options: WebhookOptions | undefined): Webhook | undefined {
    this.#webhook = options === undefined ? undefined : new Webhook(this.state, options);
    return this.#webhook;
  }

  /** Maintenance mode (F41): no login but an admin's, old sessions go on. */
  setMaintenance(on: boolean): void {
    this.state.maintenance = on;
  }

  /** PasswordMaxLoginFailed (F42); 0 = off. */
  setMaxLoginFailed(count: number): void {
    this.state.passwordMaxLoginFailed = count;
  }

  /** False: logins fail, an old session finds nothing and gets AccessDenied (F46). */
  setUserValid(login: string, valid: boolean): void {
    const user = this.state.user(login);
    user.valid = valid;
    if (valid) user.failedLogins = 0;
  }

  setPassword(login: string, password: string): void {
    this.state.user(login).password = password;
  }

  /** An agent's rights in one queue, or in all that are not set one by one; none = no right. */
  setRights(login: string, queue: string | undefined, rights: readonly Right[]): void {
    const user = this.state.user(login);
    if (queue === undefined) user.defaultRights = rights;
    else user.rights.set(this.state.queue(queue).id, rights);
  }

  /** The agent is mailed about new tickets in, and moves to, these queues (My Queues). */
  setMyQueues(login: string, queues: readonly string[]): void {
    const { myQueues } = this.state.user(login);
    myQueues.clear();
    for (const queue of queues) myQueues.add(this.state.queue(queue).id);
  }

  /** Sub-queues carry their parent's new name. */
  renameQueue(from: string, to: string): void {
    this.state.queue(from).name = to;
    for (const queue of this.state.queues.values()) {
      if (queue.name.startsWith(`${from}::`)) queue.name = to + queue.name.slice(from.length);
    }
  }

  /** Switches auto-reply and escalation times of a queue. */
  setQueueOptions(name: string, options: Partial<Omit<QueueDefinition, 'id' | 'name' | 'groupId'>>): void {
    const queue = this.state.queue(name);
    queue.autoReply = options.autoReply ?? queue.autoReply;
    queue.firstResponseMinutes = options.firstResponseMinutes ?? queue.firstResponseMinutes;
    queue.solutionMinutes = options.solutionMinutes ?? queue.solutionMinutes;
  }

  addQueue(queue: QueueDefinition): void {
    this.state.addQueue(queue);
  }

  addUser(user: UserDefinition): void {
    this.state.addUser(user);
  }

  expireSessions(): void {
    this.state.sessions.clear();
  }
}

async function runHooks(hooks: ReadonlySet<Hook>, call: SimulatorCall): Promise<void> {
  for (const hook of hooks) await hook(call);
}
