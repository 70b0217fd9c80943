import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Bell, repeat } from './loop.ts';

const NEVER = new AbortController().signal;

async function took(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

test('a bell ends a wait', async () => {
  const bell = new Bell();
  const wait = took(bell.wait(10_000, NEVER));
  bell.ring();

  expect(await wait).toBeLessThan(1_000);
});

test('a bell that rang before the wait is not lost, and rings once', async () => {
  const bell = new Bell();
  bell.ring();
  bell.ring();

  expect(await took(bell.wait(10_000, NEVER))).toBeLessThan(1_000);
  expect(await took(bell.wait(30, NEVER))).toBeGreaterThan(20);
});

test('an abort ends a wait, also one that begins afterwards', async () => {
  const abort = new AbortController();
  const bell = new Bell();
  const wait = took(bell.wait(10_000, abort.signal));
  abort.abort();

  expect(await wait).toBeLessThan(1_000);
  expect(await took(bell.wait(10_000, abort.signal))).toBeLessThan(1_000);
});

test('work never overlaps itself, and a failure does not end the loop', async () => {
  const abort = new AbortController();
  const failures: unknown[] = [];
  let running = 0;
  let most = 0;
  let rounds = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(5);
    running -= 1;
    rounds += 1;
    if (rounds === 2) throw new Error('round 2');
    if (rounds === 4) abort.abort();
  };

  await repeat({ signal: abort.signal, work, failed: (error) => failures.push(error), intervalMs: () => 1 });

  expect({ rounds, most, failures: failures.length }).toEqual({ rounds: 4, most: 1, failures: 1 });
});

test('an aborted loop ends after the work under way', async () => {
  const abort = new AbortController();
  let finished = false;
  const loop = repeat({
    signal: abort.signal,
    work: async () => {
      await sleep(30);
      finished = true;
    },
    failed: () => {},
    intervalMs: () => 10_000,
  });
  abort.abort();
  await loop;

  expect(finished).toBe(true);
});
