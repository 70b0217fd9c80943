import type { Prediction } from '../ticket.ts';

/** One text to judge: already cleaned (text/). `language` is ISO 639-1, null where it could not be told. */
export type ModelInput = {
  readonly subject: string;
  readonly body: string;
  readonly language: string | null;
};

/** What the loaded model is and can say; known after `start`. */
export type ModelInfo = {
  readonly name: string;
  readonly directory: string;
  /** sha256 over the hashes of all its files: the model's identity in journal and log */
  readonly hash: string;
  readonly categories: readonly {
    readonly name: string;
    readonly group: string;
    readonly description: string;
  }[];
  /** Znuny's names, low → high; empty without a priority head */
  readonly priorities: readonly string[];
  readonly calibrated: boolean;
  /** threshold for 95 % precision that the model brings, else null */
  readonly threshold: number | null;
  readonly priorityThreshold: number | null;
  /** ISO 639-1; empty = not told */
  readonly languages: readonly string[];
};

/** Counters for metrics, and the child's memory. */
export type ClassifierStats = {
  readonly restarts: number;
  /** resident set of the child in bytes, null while it is down */
  readonly childResidentBytes: number | null;
};

/**
 * Judges texts in a child process.
 * `classify` answers in the order of its input. Errors: TransientError `E_CLASSIFIER` where the child
 * died or hung on this batch (it is replaced; the caller retries one text at a time to find the poison).
 */
export type Classifier = {
  readonly info: ModelInfo;
  start(): Promise<void>;
  stop(): Promise<void>;
  classify(inputs: readonly ModelInput[]): Promise<readonly Prediction[]>;
  stats(): ClassifierStats;
};
