import type { KnownError } from '../errors.ts';

/** How one try went. `now`: at once (a stale socket); `later`: after a pause, at least `afterMs` where given. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: KnownError;
      readonly retry: 'no' | 'now' | 'later';
      readonly afterMs?: number;
    };

export type RetryOptions = {
  readonly tries: number;
  /** by the same clock as `now` */
  readonly deadlineAt: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

const FIRST_PAUSE_MS = 250;

/** Tries until it works, may not be repeated, or the next pause would pass the deadline; then throws the last error. */
export async function withRetry<T>(
  attempt: (number: number) => Promise<Attempt<T>>,
  options: RetryOptions,
): Promise<T> {
  for (let number = 1; ; number++) {
    const result = await attempt(number);
    if (result.ok) return result.value;
    if (result.retry === 'no' || number >= options.tries) throw result.error;
    if (result.retry === 'later') {
      const backoff = FIRST_PAUSE_MS * 2 ** (number - 1) * (0.5 + options.random());
      const pause = Math.max(backoff, result.afterMs ?? 0);
      if (options.now() + pause >= options.deadlineAt) throw result.error;
      await options.sleep(pause);
    }
  }
}

/** `Retry-After`: seconds or an HTTP date; undefined where it says nothing usable. */
export function retryAfterMs(header: string, epochNow: number): number | undefined {
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - epochNow);
}
