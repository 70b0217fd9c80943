import { expect, test } from 'vitest';
import { TransientError } from '../errors.ts';
import { type Attempt, retryAfterMs, withRetry } from './retry.ts';

const error = new TransientError('E_ZNUNY_UNREACHABLE', 'broken');

async function pausesOf(
  failures: readonly Attempt<string>[],
  options: { tries?: number; deadlineAt?: number } = {},
) {
  const pauses: number[] = [];
  let now = 0;
  const attempt = async (number: number): Promise<Attempt<string>> =>
    failures[number - 1] ?? { ok: true, value: 'done' };
  const result = await withRetry(attempt, {
    tries: options.tries ?? 3,
    deadlineAt: options.deadlineAt ?? 10_000,
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds) => {
      now += milliseconds;
      pauses.push(milliseconds);
    },
  }).catch((thrown: unknown) => thrown);
  return { pauses, result };
}

const later = { ok: false, error, retry: 'later' } as const;

test('pauses double', async () => {
  expect(await pausesOf([later, later])).toEqual({ pauses: [250, 500], result: 'done' });
});

test('the last try throws its error', async () => {
  expect(await pausesOf([later, later, later])).toEqual({ pauses: [250, 500], result: error });
});

test('what may not be repeated is not', async () => {
  expect(await pausesOf([{ ...later, retry: 'no' }])).toEqual({ pauses: [], result: error });
});

test('now means without a pause', async () => {
  expect(await pausesOf([{ ...later, retry: 'now' }])).toEqual({ pauses: [], result: 'done' });
});

test('a pause asked for by the server is kept, and none that passes the deadline is begun', async () => {
  expect((await pausesOf([{ ...later, afterMs: 4000 }])).pauses).toEqual([4000]);
  expect(await pausesOf([{ ...later, afterMs: 10_000 }])).toEqual({ pauses: [], result: error });
});

test('Retry-After is seconds or a date; anything else is no wish', () => {
  const now = Date.parse('2026-11-24T10:00:00Z');
  expect(retryAfterMs('120', now)).toBe(120_000);
  expect(retryAfterMs('Tue, 24 Nov 2026 10:00:30 GMT', now)).toBe(30_000);
  expect(retryAfterMs('Tue, 24 Nov 2026 09:00:00 GMT', now)).toBe(0);
  expect(retryAfterMs('', now)).toBeUndefined();
  expect(retryAfterMs('soon', now)).toBeUndefined();
});
