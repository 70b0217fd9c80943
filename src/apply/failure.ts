import { ConfigError, describeError, type ErrorCode, isKnownError, TransientError } from '../errors.ts';
import type { Arrow } from '../journal/journal.ts';

export type RetrySettings = {
  /** own failures of a ticket before it is quarantined */
  readonly maxAttempts: number;
  /** wait after the first, second … own failure, ms */
  readonly retryDelaysMs: readonly number[];
  /** wait where Znuny cannot be reached, ms */
  readonly znunyDelayMs: number;
  /** wait where the configuration does not fit Znuny, ms */
  readonly configDelayMs: number;
};

/**
 * Whose failure is it? Znuny's and the configuration's do not count against the ticket; everything else,
 * defects included, is the ticket's own until it has had its attempts.
 */
export function failureArrow(
  error: unknown,
  attempts: number,
  settings: RetrySettings,
  now: number,
): Extract<Arrow, { to: 'deferred' | 'quarantined' }> {
  const detail = describeError(error);
  if (isConnections(error) || (error instanceof TransientError && !isTicketsOwn(error))) {
    return {
      to: 'deferred',
      until: now + settings.znunyDelayMs,
      reason: 'znuny',
      detail,
      countsAsAttempt: false,
    };
  }
  if (error instanceof ConfigError) {
    return {
      to: 'deferred',
      until: now + settings.configDelayMs,
      reason: 'config',
      detail,
      countsAsAttempt: false,
    };
  }
  if (attempts >= settings.maxAttempts) return { to: 'quarantined', error: detail };
  const delays = settings.retryDelaysMs;
  const delay = delays[Math.min(attempts, delays.length) - 1] ?? delays[0] ?? 0;
  return { to: 'deferred', until: now + delay, reason: 'retry', detail, countsAsAttempt: true };
}

const CONNECTION: readonly ErrorCode[] = ['E_ZNUNY_AUTH', 'E_ZNUNY_URL', 'E_ZNUNY_UNREACHABLE'];

/** About the way to Znuny, login included: of every ticket alike, and of no rule. Readiness tells it. */
export function isConnections(error: unknown): boolean {
  return isKnownError(error) && CONNECTION.includes(error.code);
}

/** The classifier broke on this very text; where it does not come up at all (`start`, `stop`), no text is to blame. */
function isTicketsOwn(error: TransientError): boolean {
  return error.code === 'E_CLASSIFIER' && error.where !== 'start' && error.where !== 'stop';
}
