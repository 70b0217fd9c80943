import { type ConfigError, isKnownError, TransientError } from '../errors.ts';
import { type Json, readPayload } from './answer.ts';
import type { CallContext } from './call-context.ts';
import { fromPayload } from './refusal.ts';
import { type Attempt, retryAfterMs } from './retry.ts';
import type { WireAnswer, WireFailure } from './transport.ts';
import { fromFailure, garbled } from './transport-error.ts';
import type { OperationName } from './types.ts';

export type Deadline = { readonly at: number; readonly signal: AbortSignal };

/** What one try gave, and whether another may follow. `read` says `null` to an answer of the wrong shape. */
export function judge<T>(
  result: WireAnswer | WireFailure,
  context: CallContext,
  fresh: boolean,
  read: (answer: Json) => T | null,
): Attempt<T> {
  if (result.kind === 'failure') {
    const error = fromFailure(result, context);
    if (!(error instanceof TransientError) || result.reason === 'breaker' || result.reason === 'ended') {
      return { ok: false, error, retry: 'no' };
    }
    // Apache ends a kept-alive socket after some 100 requests without a word: ask again on a new one, at once.
    const stale = !fresh && result.reason === 'closed' && result.silent;
    return { ok: false, error, retry: stale ? 'now' : 'later' };
  }
  const payload = readPayload(result);
  const error = fromPayload(result, payload, context);
  if (error) {
    const afterMs = retryAfterMs(result.retryAfter, Date.now());
    const retry = error instanceof TransientError ? 'later' : 'no';
    return { ok: false, error, retry, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  const value = payload.kind === 'data' ? read(payload.data) : null;
  if (value !== null) return { ok: true, value };
  return { ok: false, error: garbled('other keys than expected', context), retry: 'no' };
}

export function writes(operation: OperationName): boolean {
  return operation === 'TicketUpdate' || operation === 'TicketCreate' || operation === 'TicketDelete';
}

export function isAuthFail(error: unknown): error is ConfigError {
  return isKnownError(error) && error.kind === 'config' && error.code === 'E_ZNUNY_AUTH';
}

export function ended(operation: OperationName): TransientError {
  return new TransientError('E_ZNUNY_UNREACHABLE', `${operation}: the client was closed`);
}

/** Shared work (endpoint, session) has a deadline of its own; a call does not wait for it longer than for itself. */
export function within<T>(deadline: Deadline, operation: OperationName, work: Promise<T>): Promise<T> {
  const { signal } = deadline;
  return new Promise((resolve, reject) => {
    const give = () =>
      reject(
        signal.reason === 'ended'
          ? ended(operation)
          : new TransientError(
              'E_ZNUNY_UNREACHABLE',
              `${operation}: not sent, no answer to the login in time`,
            ),
      );
    if (signal.aborted) return give();
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}

/** Short values are left alone: replacing every `a` would destroy the text and name the secret. */
export function scrubber(secrets: readonly (string | undefined)[]): (text: string) => string {
  const values = secrets.filter((secret) => secret !== undefined && secret.length > 3);
  const forms = values.flatMap((value) => [value, encodeURIComponent(value ?? '')]);
  return (text) => forms.reduce<string>((result, form) => result.replaceAll(form ?? '', '***'), text);
}
