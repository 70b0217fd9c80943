import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { ConfigError, type KnownError } from '../errors.ts';
import { type Json, readPayload } from './answer.ts';
import { type Deadline, ended, isAuthFail, judge, scrubber, within, writes } from './attempt.ts';
import type { CallContext } from './call-context.ts';
import { findEndpoint, isBodiless, type ProbeResult } from './endpoint.ts';
import { type Target, target, type ZnunyClientOptions } from './options.ts';
import { fromPayload } from './refusal.ts';
import { type Attempt, withRetry } from './retry.ts';
import { Login } from './session.ts';
import { Transport } from './transport.ts';
import { fromFailure } from './transport-error.ts';
import type { Endpoint, OperationName, Route } from './types.ts';
import { type Credentials, type Encoded, encode } from './wire.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const CLOSE_GRACE_MS = 20_000;
const DEFAULT_CONCURRENCY = 2;
const DEFAULT_RENEW_MS = 6_600_000;
const READ_TRIES = 3;

type Job<T> = {
  readonly operation: OperationName;
  readonly data: Json;
  readonly route: Route;
  readonly read: (answer: Json) => T | null;
  readonly tries: number;
  readonly deadline: Deadline;
};

type Try = { readonly route: Route; readonly credentials: Credentials; readonly number: number };

/** One operation from data to data: endpoint, queue, login, tries, errors. */
export class Caller {
  readonly login: Login;
  readonly #options: ZnunyClientOptions;
  readonly #now: () => number;
  readonly #queue: PQueue;
  readonly #probes: PQueue;
  /** reads are cut off at `close` */
  readonly #ending = new AbortController();
  /** writes are waited for, but not longer than a service manager waits before it kills */
  readonly #cutting = new AbortController();
  #transport: Transport | null = null;
  #endpoint: Promise<Endpoint> | null = null;

  constructor(options: ZnunyClientOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    const concurrency = options.maxConcurrency ?? DEFAULT_CONCURRENCY;
    this.#queue = new PQueue({ concurrency });
    this.#probes = new PQueue({ concurrency });
    this.login = new Login({
      auth: options.auth ?? 'session',
      given: options.sessionId,
      own: () => this.ownCredentials(),
      renewAfterMs: options.sessionRenewAfterMs ?? DEFAULT_RENEW_MS,
      now: this.#now,
      create: () => this.#createSession(),
    });
  }

  /** Found out once; a failure is not kept. */
  endpoint(): Promise<Endpoint> {
    this.#endpoint ??= this.#findEndpoint().catch((error: unknown) => {
      this.#endpoint = null;
      throw error;
    });
    return this.#endpoint;
  }

  /** `more` replaces the login of the client where an operation wants another. */
  async call<T>(
    operation: OperationName,
    data: Json,
    read: (answer: Json) => T | null,
    more?: { readonly credentials?: Credentials; readonly tries?: number },
  ): Promise<T> {
    if (this.#ending.signal.aborted) throw ended(operation);
    return this.#queue.add(() =>
      this.#withDeadline(operation, async (deadline) => {
        // It may have waited in the queue while the client was closed.
        if (this.#ending.signal.aborted) throw ended(operation);
        const route = await within(deadline, operation, this.route(operation));
        const tries = writes(operation) ? 1 : (more?.tries ?? READ_TRIES);
        const attempt = (credentials: Credentials) =>
          this.#tries({ operation, data, route, read, tries, deadline }, credentials);
        if (more?.credentials) return attempt(more.credentials);
        const credentials = await within(deadline, operation, this.login.credentials());
        try {
          return await attempt(credentials);
        } catch (error) {
          if (!isAuthFail(error)) throw error;
          // Safe for writes too: Znuny looks at the session before anything else.
          const renewed = await within(deadline, operation, this.login.replace(credentials, error));
          return await attempt(renewed).catch((again: unknown) => {
            throw isAuthFail(again) ? this.#refusedAgain(again, operation, route) : again;
          });
        }
      }),
    );
  }

  async route(operation: OperationName): Promise<Route> {
    const { routes, baseUrl } = await this.endpoint();
    const route = routes[operation];
    if (route) return route;
    if (operation === 'TicketDelete') throw noDelete(baseUrl);
    throw new ConfigError('E_ZNUNY_URL', `the web service does not offer ${operation}`, {
      where: baseUrl,
      hint: `Add an operation of the type ${operation} with the route /${operation} to the web service.`,
    });
  }

  ownCredentials(): Required<Pick<Credentials, 'UserLogin' | 'Password'>> {
    const { userLogin = '', password } = this.#options;
    const Password = password?.() ?? '';
    if (userLogin !== '' && Password !== '') return { UserLogin: userLogin, Password };
    if (userLogin === '') {
      throw new ConfigError('E_CONFIG', 'the login of the Znuny agent is missing', {
        hint: 'Name the agent (userLogin, connector.username, --user) and its password.',
      });
    }
    throw new ConfigError('E_CONFIG', 'the password of the Znuny agent is empty', {
      hint: 'Set the password, its file or its environment variable.',
    });
  }

  async close(): Promise<void> {
    this.#ending.abort('ended');
    const grace = setTimeout(
      () => this.#cutting.abort('ended'),
      this.#options.closeGraceMs ?? CLOSE_GRACE_MS,
    );
    await Promise.all([this.#queue.onIdle(), this.#probes.onIdle()]);
    clearTimeout(grace);
    await this.#transport?.close();
  }

  async #createSession(): Promise<string> {
    return this.#withDeadline('SessionCreate', async (deadline) => {
      const route = await this.route('SessionCreate');
      const read = (data: Json) =>
        typeof data.SessionID === 'string' && data.SessionID ? data.SessionID : null;
      const job = { operation: 'SessionCreate', data: {}, route, read, tries: 1, deadline } as const;
      return this.#tries(job, this.ownCredentials());
    });
  }

  #tries<T>(job: Job<T>, credentials: Credentials): Promise<T> {
    return withRetry((number) => this.#attempt(job, { route: job.route, credentials, number }), {
      tries: job.tries,
      deadlineAt: job.deadline.at,
      now: this.#now,
      random: this.#options.random ?? Math.random,
      sleep: async (milliseconds) => {
        // Ending early: the next try then says why.
        await sleep(milliseconds, undefined, { signal: job.deadline.signal }).catch(() => undefined);
      },
    });
  }

  async #attempt<T>(job: Job<T>, { route, credentials, number }: Try): Promise<Attempt<T>> {
    const { baseUrl } = await this.endpoint();
    const context = this.#context(
      job.operation,
      `${route.method} ${baseUrl}${route.path}`,
      job.data,
      credentials,
    );
    const byHeader = this.#options.credentials === 'header';
    const request = encode(new URL(baseUrl).pathname, route, job.data, credentials, byHeader);
    const fresh = context.writes || number > 1 || job.operation === 'SessionCreate';
    const started = this.#now();
    const result = await this.#send(request, { fresh, probe: false }, job.deadline.signal);
    const attempt = judge(result, context, fresh, job.read);
    this.#report(job.operation, number, started, attempt.ok ? null : attempt.error);
    return attempt;
  }

  #send(request: Encoded, how: { readonly fresh: boolean; readonly probe: boolean }, signal: AbortSignal) {
    this.#transport ??= new Transport(this.#target().origin, this.#options);
    return this.#transport.exchange({
      ...request,
      headers: {
        'user-agent': 'triaged',
        accept: 'application/json',
        ...this.#extraHeaders(),
        ...request.headers,
      },
      ...how,
      signal,
    });
  }

  #extraHeaders(): Record<string, string> {
    const own = Object.entries(this.#options.headers ?? {});
    return Object.fromEntries(
      own.map(([name, value]) => [name.toLowerCase(), typeof value === 'function' ? value() : value]),
    );
  }

  async #findEndpoint(): Promise<Endpoint> {
    const where = this.#target();
    return findEndpoint(where, this.#options.routes, (route, basePath, { headers, data }) =>
      this.#probes.add(() =>
        this.#withDeadline('TicketSearch', async ({ signal }): Promise<ProbeResult> => {
          const url = `${route.method} ${where.origin}${basePath}${route.path}`;
          const context = this.#context('TicketSearch', url, {}, {});
          const filled = route.path.includes(':TicketID') ? { TicketID: 0, ...data } : data;
          const nobody = route.path.includes(':SessionID') ? { SessionID: 'none' } : {};
          const request = encode(basePath, route, filled, nobody);
          const result = await this.#send(
            { ...request, headers: { ...request.headers, ...headers } },
            { fresh: true, probe: true },
            signal,
          );
          if (result.kind === 'failure') return { failure: result, known: fromFailure(result, context) };
          const payload = readPayload(result);
          return { answer: result, payload, known: fromPayload(result, payload, context) };
        }),
      ),
    );
  }

  #target(): Target {
    return target(this.#options);
  }

  #context(operation: OperationName, where: string, data: Json, credentials: Credentials): CallContext {
    const secrets = [credentials.SessionID, credentials.Password, ...Object.values(this.#extraHeaders())];
    return { operation, where, data, writes: writes(operation), scrub: scrubber(secrets) };
  }

  #refusedAgain(refusal: ConfigError, operation: OperationName, route: Route): ConfigError {
    const hint = isBodiless(route)
      ? `This Znuny may not read X-OTRS-Header-SessionID: allow POST on ${route.path}.`
      : 'Does this host reach Znuny from changing addresses (SessionCheckRemoteIP)?';
    const error = new ConfigError(
      'E_ZNUNY_AUTH',
      `${operation}: Znuny refused a session that it had just given out`,
      {
        hint,
        ...(refusal.where === undefined ? {} : { where: refusal.where }),
      },
    );
    this.login.giveUp(error);
    return error;
  }

  /** A timer of our own, not AbortSignal.timeout: that one would not keep the process alive to see it. */
  async #withDeadline<T>(operation: OperationName, job: (deadline: Deadline) => Promise<T>): Promise<T> {
    const milliseconds = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const timer = new AbortController();
    const handle = setTimeout(() => timer.abort('timeout'), milliseconds);
    const end = writes(operation) ? this.#cutting : this.#ending;
    const signal = AbortSignal.any([timer.signal, end.signal]);
    try {
      return await job({ at: this.#now() + milliseconds, signal });
    } finally {
      clearTimeout(handle);
    }
  }

  #report(operation: OperationName, attempt: number, started: number, error: KnownError | null): void {
    const milliseconds = this.#now() - started;
    try {
      this.#options.onCall?.(
        error
          ? { operation, milliseconds, outcome: 'error', code: error.code, attempt }
          : { operation, milliseconds, outcome: 'ok', attempt },
      );
    } catch {
      // A broken listener must not make a write that was done look like one that failed.
    }
  }
}

function noDelete(baseUrl: string): ConfigError {
  const hint =
    'Close the ticket (TicketUpdate with a closed state) and let Znuny archive or delete closed tickets (archive system, GenericAgent); where an add-on brings TicketDelete, configure its route.';
  return new ConfigError('E_ZNUNY_URL', "TicketDelete: Znuny's Generic Interface cannot delete tickets", {
    where: baseUrl,
    hint,
  });
}
