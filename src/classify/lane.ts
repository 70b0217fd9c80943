import { TransientError } from '../errors.ts';
import { type ChildOptions, ModelChild } from './child.ts';
import type { RawOutput } from './prediction.ts';
import type { ChildText, LoadRequest } from './protocol.ts';

export type LaneOptions = ChildOptions & {
  /** checks the files again before each start, so that a replaced child never runs another model */
  readonly prepare: () => Promise<LoadRequest>;
  /** throws ConfigError where the graph does not give what the model folder says */
  readonly accept: (probe: RawOutput) => void;
  /** wait before the second replacement in a row; doubles up to `maxBackoffMs`; the first comes at once */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
};

/** One child and its replacements. Calls must not overlap: the supervisor hands a lane to one at a time. */
export class Lane {
  readonly #options: LaneOptions;
  #current: Promise<ModelChild> | null = null;
  #child: ModelChild | null = null;
  #stopped = false;
  #wake: (() => void) | null = null;
  #failuresInRow = 0;
  #restarts = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get residentBytes(): number | null {
    return this.#child?.residentBytes ?? null;
  }

  /** First start: an error is told instead of tried again. */
  async start(): Promise<void> {
    this.#current = this.#spawn();
    await this.#current;
  }

  /**
   * Waits for a child that is being replaced. Errors: TransientError `E_CLASSIFIER` where the child failed
   * on these texts or no replacement came up (then `where` says "start"), ConfigError `E_MODEL` where the
   * replacement finds the model damaged.
   */
  async classify(texts: readonly ChildText[]): Promise<readonly RawOutput[]> {
    if (this.#stopped || !this.#current) throw stopped();
    const child = await this.#current;
    const outputs = await child.classify(texts);
    this.#failuresInRow = 0;
    return outputs;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#child?.stop();
    await this.#current?.catch(() => {});
  }

  async #spawn(): Promise<ModelChild> {
    const request = await this.#options.prepare();
    if (this.#stopped) throw stopped();
    let serving = false;
    const child = new ModelChild(this.#options, () => {
      // Before it served, the caller of #spawn hears of it by the rejection.
      if (serving) this.#replace();
    });
    this.#child = child;
    try {
      this.#options.accept(await child.start(request));
    } catch (error) {
      await child.stop();
      throw error;
    }
    serving = true;
    return child;
  }

  #replace(): void {
    if (this.#stopped) return;
    this.#failuresInRow++;
    this.#restarts++;
    const replacement = this.#pause().then(() => this.#spawn());
    this.#current = replacement.catch((error: unknown) => {
      this.#replace();
      throw error instanceof TransientError ? notUp(error) : error;
    });
    // Whoever waits for it hears of the failure; with nobody waiting it is no unhandled rejection.
    this.#current.catch(() => {});
  }

  async #pause(): Promise<void> {
    if (this.#failuresInRow <= 1 || this.#stopped) return;
    const { backoffMs, maxBackoffMs } = this.#options;
    const wait = Math.min(maxBackoffMs, backoffMs * 2 ** (this.#failuresInRow - 2));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}

function stopped(): TransientError {
  return new TransientError('E_CLASSIFIER', 'The classifier is stopped.', { where: 'stop' });
}

function notUp(error: TransientError): TransientError {
  return new TransientError('E_CLASSIFIER', error.message, { where: 'start', cause: error });
}
