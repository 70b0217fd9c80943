import type { TriagedEvent } from './events.ts';
import { lineOf } from './lines.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** The one place from which log line and metric of an event come. Only pipeline and daemon call it. */
export class Recorder {
  readonly #log: Log;
  readonly #metrics: Metrics;

  constructor(parts: { readonly log: Log; readonly metrics: Metrics }) {
    this.#log = parts.log;
    this.#metrics = parts.metrics;
  }

  record(event: TriagedEvent): void {
    const { level, message, facts } = lineOf(event);
    this.#log.write(level, message, facts);
    this.#metrics.observe(event);
  }

  /** Values of secrets that must never be logged, in any form; also those of a reloaded configuration. */
  addSecrets(values: readonly string[]): void {
    this.#log.addSecrets(values);
  }
}
