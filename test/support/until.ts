import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 20;
const PATIENCE_MS = 15_000;

/** Waits for a condition; a failure says what did not come, and what `why` knows of it. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  options: { readonly timeoutMs?: number | undefined; readonly why?: () => string } = {},
): Promise<void> {
  const end = Date.now() + (options.timeoutMs ?? PATIENCE_MS);
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}\n${options.why?.() ?? ''}`);
    await sleep(LOOK_MS);
  }
}
