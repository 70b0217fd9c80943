import { createHash } from 'node:crypto';
import { ConfigError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { Recorder } from '../observe/recorder.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import { pause } from './pause.ts';

const MINUTE_MS = 60_000;
/** after the first, second and every further refusal: Znuny locks an agent after a few wrong logins */
const LONGEST_MS = 60 * MINUTE_MS;
const DISTANCES_MS: readonly number[] = [5 * MINUTE_MS, 30 * MINUTE_MS, LONGEST_MS];

export type LoginParts = {
  readonly client: Pick<ZnunyClient, 'login' | 'sessionGet'>;
  readonly journal: Journal;
  readonly recorder: Recorder;
  readonly clock: () => number;
  /** what the count is about: a corrected password may be tried at once */
  readonly identity: { readonly url: string; readonly userLogin: string; readonly password: string };
};

/**
 * One credential attempt at a time, at growing distances. The count stands in the journal, so that restarts
 * (a container that is started again and again) do not lock the account.
 */
export class Login {
  readonly #parts: LoginParts;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /** When the next attempt is allowed, epoch ms; 0 = now. */
  async notBefore(): Promise<number> {
    const { journal } = this.#parts;
    if ((await journal.fact('login_fingerprint')) !== this.#fingerprint()) return 0;
    return Number((await journal.fact('next_login_at')) ?? 0);
  }

  /**
   * Waits for the allowed time, then tries once. Answers our UserID, or null where the login was refused although
   * it worked before. Throws the refusal where this login has never worked, and what is no refusal as it is.
   */
  async attempt(signal: AbortSignal): Promise<number | null> {
    const { client, journal, clock, recorder } = this.#parts;
    // Never longer than the longest distance, whatever clock wrote the time down.
    const allowed = Math.min(await this.notBefore(), clock() + LONGEST_MS);
    if (allowed > clock()) {
      recorder.record({ kind: 'login waits', until: allowed });
      await pause(allowed - clock(), signal);
      if (signal.aborted) return null;
    }
    try {
      await client.login();
    } catch (error) {
      if (!(error instanceof ConfigError) || error.code !== 'E_ZNUNY_AUTH') throw error;
      const worked = await this.#refused(error);
      if (worked) return null;
      throw error;
    }
    await journal.setFact('login_fingerprint', this.#fingerprint());
    await journal.setFact('login_worked', '1');
    await journal.setFact('login_failures', null);
    await journal.setFact('next_login_at', null);
    return (await client.sessionGet()).userId;
  }

  /**
   * After a session was lost. The client asks Znuny for a new one by itself, once: where that was refused, it was
   * an attempt like any other, and null says that the next one has to wait.
   */
  async resume(): Promise<number | null> {
    // Already put down: the client only repeats what it was told then.
    if ((await this.notBefore()) > 0) return null;
    try {
      return (await this.#parts.client.sessionGet()).userId;
    } catch (error) {
      if (!(error instanceof ConfigError) || error.code !== 'E_ZNUNY_AUTH') throw error;
      await this.#refused(error);
      return null;
    }
  }

  /** Puts the refusal down before anything else happens; true where the same login worked earlier. */
  async #refused(error: ConfigError): Promise<boolean> {
    const { journal, clock, recorder } = this.#parts;
    const same = (await journal.fact('login_fingerprint')) === this.#fingerprint();
    const failures = same ? Number((await journal.fact('login_failures')) ?? 0) + 1 : 1;
    const worked = same && (await journal.fact('login_worked')) === '1';
    const next = clock() + (DISTANCES_MS[failures - 1] ?? LONGEST_MS);
    await journal.setFact('login_fingerprint', this.#fingerprint());
    await journal.setFact('login_failures', String(failures));
    await journal.setFact('next_login_at', String(next));
    if (!same) await journal.setFact('login_worked', null);
    recorder.record({ kind: 'login refused', failures, next, error });
    return worked;
  }

  /** 16 bits: enough to notice another password, too few to check a guess by. */
  #fingerprint(): string {
    const { url, userLogin, password } = this.#parts.identity;
    return createHash('sha256').update(`${url}\n${userLogin}\n${password}`).digest('hex').slice(0, 4);
  }
}
