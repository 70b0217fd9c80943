import { pause } from '../wiring/pause.ts';

/** Wakes a loop before its time: a reload, a webhook, a finished poll. */
export class Bell {
  #ring: (() => void) | null = null;
  #rung = false;

  ring(): void {
    this.#rung = true;
    this.#ring?.();
  }

  /** Resolves after `milliseconds`, when the bell rings (or has rung since the last wait), or on abort. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const timer = new AbortController();
      const rung = new Promise<void>((resolve) => {
        this.#ring = resolve;
      });
      await Promise.race([rung, pause(milliseconds, AbortSignal.any([signal, timer.signal]))]);
      timer.abort();
      this.#ring = null;
    }
    this.#rung = false;
  }
}

/** Runs `work` at the abort, and resolves when it is done. */
export function onAbort(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const run = () => work().then(resolve, reject);
    if (signal.aborted) run();
    else signal.addEventListener('abort', run, { once: true });
  });
}

/**
 * Does `work` again and again, never overlapping, until aborted. A failure goes to `failed` and the loop goes on.
 * The wait gets ±10 % jitter, so that several daemons do not ask in step.
 */
export async function repeat(loop: {
  readonly signal: AbortSignal;
  readonly work: () => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly intervalMs: () => number;
  readonly bell?: Bell;
}): Promise<void> {
  const bell = loop.bell ?? new Bell();
  while (!loop.signal.aborted) {
    try {
      await loop.work();
    } catch (error) {
      // What the end itself cuts off is no failure.
      if (!loop.signal.aborted) loop.failed(error);
    }
    await bell.wait(loop.intervalMs() * (0.9 + Math.random() * 0.2), loop.signal);
  }
}
