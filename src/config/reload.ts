import { setTimeout as sleep } from 'node:timers/promises';
import { changedKeys, requiresRestart } from './changes.ts';
import { readText } from './file.ts';
import { type LoadedConfig, type LoadOptions, loadConfig } from './load.ts';

export type ReloadResult =
  | {
      readonly ok: true;
      /** keys whose values differ from what was live before */
      readonly changed: readonly string[];
      /** keys that differ from those at start and wait for a restart; told until it comes */
      readonly needRestart: readonly string[];
    }
  | { readonly ok: false; readonly error: unknown };

export type ReloaderOptions = LoadOptions & {
  /** refuses by throwing; nothing is live yet when it runs (rules against the model, queues against Znuny …) */
  readonly validate?: (next: LoadedConfig, live: LoadedConfig) => Promise<void>;
  /** ms between the two reads that must agree before a file counts as completely written */
  readonly stillMs?: number;
};

const MOST_READS = 20;

/** Holds the live configuration. A reload swaps all of it or nothing (F31, I10). */
export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #atStart: LoadedConfig;
  #live: LoadedConfig;
  #running: Promise<ReloadResult>;

  constructor(atStart: LoadedConfig, options: ReloaderOptions) {
    this.#options = options;
    this.#atStart = atStart;
    this.#live = atStart;
    this.#running = Promise.resolve({ ok: true, changed: [], needRestart: [] });
  }

  get live(): LoadedConfig {
    return this.#live;
  }

  /** Never rejects. A second signal during a reload waits for it and then reads the file again. */
  reload(): Promise<ReloadResult> {
    this.#running = this.#running.then(() => this.#once());
    return this.#running;
  }

  async #once(): Promise<ReloadResult> {
    try {
      await this.#untilStill();
      const next = loadConfig(this.#options);
      const before = this.#live;
      await this.#options.validate?.(next, before);
      this.#live = next;
      return {
        ok: true,
        changed: changedKeys(before.config, next.config),
        needRestart: requiresRestart(this.#atStart.config, next.config),
      };
    } catch (error) {
      return { ok: false, error };
    }
  }

  /** An editor or a copy may be in the middle of writing: half a file can be valid YAML with half the rules. */
  async #untilStill(): Promise<void> {
    let last = textOf(this.#options.file);
    for (let reads = 1; reads < MOST_READS; reads += 1) {
      await sleep(this.#options.stillMs ?? 100);
      const now = textOf(this.#options.file);
      if (now === last) return;
      last = now;
    }
  }
}

function textOf(file: string): string {
  const read = readText(file);
  return read.ok ? read.text : read.reason;
}
