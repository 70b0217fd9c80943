import { extname } from 'node:path';
import PQueue from 'p-queue';
import { ConfigError, TransientError } from '../errors.ts';
import type { Prediction } from '../ticket.ts';
import type { Classifier, ClassifierStats, ModelInfo, ModelInput } from './classifier.ts';
import type { Anchors } from './description.ts';
import { Lane } from './lane.ts';
import { type ModelFolder, openModelFolder } from './model-folder.ts';
import { describeModel, type ModelMapping, type NamingOptions } from './model-info.ts';
import { modelText, PLAIN_TEMPLATE } from './model-text.ts';
import { type RawOutput, toPrediction } from './prediction.ts';
import type { ChildText, GraphRequest, LoadRequest } from './protocol.ts';

export type ChildClassifierOptions = NamingOptions & {
  readonly modelDirectory: string;
  /** what people call the model; default: the manifest's name, else the folder's */
  readonly modelName?: string;
  /** a second text-classification folder whose labels are priorities */
  readonly priorityModelDirectory?: string;
  /** tokens that a text is cut to; default: the model's own, never more than it takes */
  readonly maxTokens?: number;
  /** threads inside one child */
  readonly threads: number;
  /** child processes, each with the whole model in memory; default 1 */
  readonly workers?: number;
  /** for up to 16 texts that go to a child at once; default 30,000 */
  readonly deadlineMs?: number;
  /** for process start and loading; default 60,000 */
  readonly startDeadlineMs?: number;
  /** default 250: wait before the second replacement in a row, doubled up to 30 s */
  readonly backoffMs?: number;
  /** the child's program; default: worker.ts beside this file */
  readonly workerModule?: URL;
};

type Loaded = {
  readonly folder: ModelFolder;
  readonly priority: ModelFolder | null;
  readonly mapping: ModelMapping;
  /** null where no category is known by its description alone */
  anchors: Anchors | null;
};

/** Few enough that a slow machine answers within the deadline, many enough that IPC costs nothing. */
const TEXTS_PER_REQUEST = 16;
const MAX_BACKOFF_MS = 30_000;

/** The classifier of classifier.ts: models in child processes that are watched and replaced. */
export class ChildClassifier implements Classifier {
  readonly #options: ChildClassifierOptions;
  readonly #queue: PQueue;
  #loaded: Loaded | null = null;
  #lanes: readonly Lane[] = [];
  #free: Lane[] = [];
  #starting: Promise<void> | null = null;
  /** starts and stops follow one another; each stop begins an epoch, which outdates the starts before it */
  #last: Promise<void> = Promise.resolve();
  #epoch = 0;

  constructor(options: ChildClassifierOptions) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.workers ?? 1 });
  }

  get info(): ModelInfo {
    if (!this.#loaded) throw new Error('The classifier was never started.');
    return this.#loaded.mapping.info;
  }

  /**
   * Repeated calls share one start. Errors: ConfigError `E_MODEL` for a folder or graph that cannot be
   * used, TransientError `E_CLASSIFIER` where the child does not come up or `stop` came in between.
   */
  start(): Promise<void> {
    this.#starting ??= this.#begin(this.#epoch);
    return this.#starting;
  }

  /** Ends the children at once; calls in progress reject. May be started again afterwards. */
  stop(): Promise<void> {
    this.#epoch++;
    this.#starting = null;
    const killed = this.#stopLanes();
    // A start in progress fails on its stopped lanes, or on the epoch where it has not made them yet.
    this.#last = this.#last.then(() => killed);
    return this.#last;
  }

  async classify(inputs: readonly ModelInput[]): Promise<readonly Prediction[]> {
    const loaded = this.#loaded;
    if (!loaded || !this.#starting) throw notRunning();
    const texts = inputs.map((input) => this.#texts(loaded, input));
    let failed = false;
    const answers = await Promise.all(
      chunks(texts).map((chunk) =>
        this.#queue.add(async () => {
          // The whole call is lost already: let the next one have the child.
          if (failed) return [];
          return this.#runChunk(chunk).catch((error: unknown) => {
            failed = true;
            throw error;
          });
        }),
      ),
    );
    const outputs = answers.flat();
    return inputs.map((input, index) => {
      const output = outputs[index];
      if (!output) throw new TransientError('E_CLASSIFIER', 'The classifier left a text out.');
      return toPrediction(output, loaded.mapping, input, loaded.anchors);
    });
  }

  stats(): ClassifierStats {
    const sizes = this.#lanes.map((lane) => lane.residentBytes).filter((bytes) => bytes !== null);
    return {
      restarts: this.#lanes.reduce((sum, lane) => sum + lane.restarts, 0),
      childResidentBytes: sizes.length > 0 ? sizes.reduce((sum, bytes) => sum + bytes, 0) : null,
    };
  }

  #begin(epoch: number): Promise<void> {
    const starting = this.#last
      .then(() => this.#start(epoch))
      .catch(async (error: unknown) => {
        await this.#stopLanes();
        if (this.#epoch === epoch) this.#starting = null;
        throw error;
      });
    this.#last = starting.catch(() => {});
    return starting;
  }

  async #start(epoch: number): Promise<void> {
    const loaded = await this.#open();
    if (this.#epoch !== epoch) throw notRunning();
    this.#loaded = loaded;
    this.#lanes = Array.from({ length: this.#options.workers ?? 1 }, () => this.#newLane(loaded));
    this.#free = [...this.#lanes];
    await Promise.all(this.#lanes.map((lane) => lane.start()));
    if (loaded.mapping.addedOf.length > 0) loaded.anchors = await this.#anchors(loaded);
  }

  /** Embeddings of all descriptions, by the model that judges the tickets. */
  async #anchors(loaded: Loaded): Promise<Anchors> {
    const { info, addedOf } = loaded.mapping;
    const [lane] = this.#lanes;
    if (!lane) throw notRunning();
    const texts = info.categories.map(({ name, description }) =>
      this.#texts(loaded, { subject: name, body: description, language: null }),
    );
    const vectors = (await lane.classify(texts)).map((output) => output.embedding ?? []);
    return {
      own: vectors.filter((_, index) => !addedOf.includes(index)),
      added: addedOf.map((index) => vectors[index] ?? []),
    };
  }

  async #stopLanes(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }

  async #open(): Promise<Loaded> {
    const { modelDirectory, modelName, priorityModelDirectory } = this.#options;
    const folder = await openModelFolder(modelDirectory, modelName);
    const priority = priorityModelDirectory ? await openModelFolder(priorityModelDirectory) : null;
    return { folder, priority, mapping: describeModel(folder, priority, this.#options), anchors: null };
  }

  #newLane(loaded: Loaded): Lane {
    return new Lane({
      workerModule: this.#options.workerModule ?? besideThisFile(),
      startDeadlineMs: this.#options.startDeadlineMs ?? 60_000,
      deadlineMs: this.#options.deadlineMs ?? 30_000,
      backoffMs: this.#options.backoffMs ?? 250,
      maxBackoffMs: MAX_BACKOFF_MS,
      prepare: () => this.#prepare(loaded),
      accept: (probe) => accept(probe, loaded),
    });
  }

  async #prepare(loaded: Loaded): Promise<LoadRequest> {
    const now = await this.#open();
    if (now.mapping.info.hash !== loaded.mapping.info.hash) {
      throw new ConfigError('E_MODEL', 'The model folder was changed while the classifier ran.', {
        where: loaded.folder.directory,
        hint: 'Restart to use the new model.',
      });
    }
    const outputs = loaded.folder.manifest?.outputs;
    return {
      type: 'load',
      main: this.#graphRequest(loaded.folder),
      outputs: {
        priority: outputs?.priority ?? null,
        unknownScore: outputs?.unknownScore ?? null,
        embedding: loaded.mapping.addedOf.length > 0 ? (outputs?.embedding ?? null) : null,
      },
      priority: loaded.priority && this.#graphRequest(loaded.priority),
      threads: this.#options.threads,
    };
  }

  #graphRequest(folder: ModelFolder): GraphRequest {
    return { directory: folder.directory, dtype: folder.dtype, maxTokens: this.#maxTokens(folder) };
  }

  #maxTokens(folder: ModelFolder): number {
    return Math.min(this.#options.maxTokens ?? folder.maxTokens, folder.tokenLimit);
  }

  #texts(loaded: Loaded, input: ModelInput): ChildText {
    const textFor = (folder: ModelFolder): string =>
      modelText(folder.manifest?.input.template ?? PLAIN_TEMPLATE, input, this.#maxTokens(folder));
    return { text: textFor(loaded.folder), priorityText: loaded.priority && textFor(loaded.priority) };
  }

  async #runChunk(texts: readonly ChildText[]): Promise<readonly RawOutput[]> {
    const lane = this.#free.pop();
    // The queue lets no more run than there are lanes; none is left only after a stop.
    if (!lane) throw notRunning();
    try {
      return await lane.classify(texts);
    } finally {
      if (this.#lanes.includes(lane)) this.#free.push(lane);
    }
  }
}

function accept(probe: RawOutput, { folder, mapping }: Loaded): void {
  const counts = [
    ['category', probe.logits.length, mapping.categoryOf.length],
    ['priority', probe.priorityLogits?.length ?? 0, mapping.priorityOf.length],
  ] as const;
  for (const [what, given, named] of counts) {
    if (given === named) continue;
    throw new ConfigError('E_MODEL', `The graph gives ${given} ${what} numbers, the folder names ${named}.`, {
      where: folder.directory,
      hint: 'Graph and names are of different models: copy the whole folder again.',
    });
  }
}

/** worker.ts in the sources, worker.js in the built package. */
function besideThisFile(): URL {
  return new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);
}

function chunks(texts: readonly ChildText[]): readonly (readonly ChildText[])[] {
  const parts: (readonly ChildText[])[] = [];
  for (let from = 0; from < texts.length; from += TEXTS_PER_REQUEST)
    parts.push(texts.slice(from, from + TEXTS_PER_REQUEST));
  return parts;
}

function notRunning(): TransientError {
  return new TransientError('E_CLASSIFIER', 'The classifier is not running.', { where: 'stop' });
}
