import { ConfigError } from '../errors.ts';
import { AUTH_HINT } from './refusal.ts';
import type { Credentials } from './wire.ts';

export type LoginOptions = {
  readonly auth: 'session' | 'password' | 'headers';
  /** a session that somebody else made: no login is ever done */
  readonly given: (() => string) | undefined;
  /** for `password` */
  readonly own: () => Credentials;
  readonly renewAfterMs: number;
  readonly now: () => number;
  /** one SessionCreate, no repetition */
  readonly create: () => Promise<string>;
};

const RENEW_AGAIN_MS = 60_000;

/**
 * Who we are to Znuny. Znuny locks an agent after a few wrong logins, so that a refused login is never tried
 * again from here: calls then fail at once until `login` is called. A session is used as long as it works, since
 * in maintenance mode an old one goes on working where a new one is refused.
 */
export class Login {
  readonly #options: LoginOptions;
  #session: string | null = null;
  #renewAt = 0;
  #refused: ConfigError | null = null;
  #creating: Promise<string> | null = null;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** Exactly one SessionCreate; one that is under way is shared. */
  login(): Promise<string> {
    return this.#create();
  }

  /** Password mode: a later call may try the password again. */
  allow(): void {
    this.#refused = null;
  }

  valid(): boolean {
    if (this.#options.given) return true;
    return this.#options.auth === 'session' ? this.#session !== null : this.#refused === null;
  }

  sessionId(): string | null {
    return this.#options.given?.() ?? this.#session;
  }

  /** Drops the session; the next call makes a new one. */
  forget(): void {
    this.#session = null;
  }

  /** Credentials for one call, after a login or a renewal where one is due. */
  async credentials(): Promise<Credentials> {
    const { auth, given, own } = this.#options;
    if (given) return { SessionID: given() };
    if (auth !== 'session') {
      if (this.#refused) throw stillRefused(this.#refused);
      return auth === 'headers' ? {} : own();
    }
    const session = this.#session;
    if (session === null) {
      if (this.#refused) throw stillRefused(this.#refused);
      return { SessionID: await this.#create() };
    }
    const due = this.#options.now() >= this.#renewAt;
    return { SessionID: due && this.#refused === null ? await this.#renewEarly(session) : session };
  }

  /** The old session works for some minutes yet: without a new one, calls go on with it. */
  async #renewEarly(old: string): Promise<string> {
    try {
      return await this.#create();
    } catch {
      this.#renewAt = this.#options.now() + RENEW_AGAIN_MS;
      return old;
    }
  }

  /** Znuny refused these: gives others, made by at most one SessionCreate for all calls that ask at once. */
  async replace(used: Credentials, refusal: ConfigError): Promise<Credentials> {
    const { given } = this.#options;
    if (given) {
      const other = given();
      if (other === used.SessionID) throw refusedSession(refusal);
      return { SessionID: other };
    }
    if (used.SessionID === undefined) {
      this.#refused = refusal;
      throw refusal;
    }
    const current = this.#session;
    if (current !== null && current !== used.SessionID) return { SessionID: current };
    this.#session = null;
    if (this.#refused) throw stillRefused(this.#refused);
    return { SessionID: await this.#create() };
  }

  /** A new session was refused at once: another one would be, too. */
  giveUp(refusal: ConfigError): void {
    this.#session = null;
    this.#refused = refusal;
  }

  #create(): Promise<string> {
    this.#creating ??= this.#createOnce().finally(() => {
      this.#creating = null;
    });
    return this.#creating;
  }

  async #createOnce(): Promise<string> {
    // Before the request: the session's life begins in Znuny while we wait.
    const createdAt = this.#options.now();
    try {
      const id = await this.#options.create();
      this.#session = id;
      this.#renewAt = createdAt + this.#options.renewAfterMs;
      this.#refused = null;
      return id;
    } catch (error) {
      if (error instanceof ConfigError && error.code === 'E_ZNUNY_AUTH') this.#refused = error;
      throw error;
    }
  }
}

function refusedSession(refusal: ConfigError): ConfigError {
  return new ConfigError('E_ZNUNY_AUTH', refusal.message, {
    hint: 'The session has ended (Znuny keeps one for about 2 hours), or was made from another address (SessionCheckRemoteIP): make a new one.',
    ...(refusal.where === undefined ? {} : { where: refusal.where }),
    cause: refusal.cause,
  });
}

function stillRefused(refusal: ConfigError): ConfigError {
  return new ConfigError('E_ZNUNY_AUTH', 'Znuny refused the last login; it is not repeated by itself', {
    hint: AUTH_HINT,
    ...(refusal.where === undefined ? {} : { where: refusal.where }),
    cause: refusal,
  });
}
