import { setTimeout as sleep } from 'node:timers/promises';

/** A sleep that ends early, and quietly, on abort. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
