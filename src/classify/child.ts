import { type ChildProcess, fork } from 'node:child_process';
import { ConfigError, TransientError } from '../errors.ts';
import type { RawOutput } from './prediction.ts';
import {
  type ChildMessage,
  type ChildText,
  type LoadRequest,
  type ParentMessage,
  parseChildMessage,
} from './protocol.ts';

export type ChildOptions = {
  readonly workerModule: URL;
  readonly startDeadlineMs: number;
  readonly deadlineMs: number;
};

/** What the child needs of the environment; secrets stay with the parent. */
const PASSED_ENVIRONMENT = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'SystemRoot', 'OMP_NUM_THREADS'];

/**
 * glibc gives large blocks back at once: else what one long text needed stays with the process for ever
 * (measured: 60 MB of 250). Other C libraries ignore this.
 */
const THRIFTY_MALLOC = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

type Pending = { readonly answer: (message: ChildMessage) => void; readonly fail: (error: Error) => void };

/**
 * One life of one child process: `start` once, then `classify` one call at a time, until it is down.
 * Whatever it does that is not an orderly answer (hang, exit, signal, garbage) ends it by SIGKILL.
 */
export class ModelChild {
  readonly #options: ChildOptions;
  readonly #onDown: () => void;
  #process: ChildProcess | null = null;
  #pending: Pending | null = null;
  #exited: Promise<void> = Promise.resolve();
  #isDown = false;
  #lastWords = '';
  #nextId = 1;
  #residentBytes: number | null = null;

  /** `onDown` is told once, as soon as the child is given up, which may be before the process is gone */
  constructor(options: ChildOptions, onDown: () => void) {
    this.#options = options;
    this.#onDown = onDown;
  }

  /** resident set as the child last reported it, null while it is down */
  get residentBytes(): number | null {
    return this.#isDown ? null : this.#residentBytes;
  }

  /**
   * Loads the model; returns the answer to a probe text. Errors: ConfigError `E_MODEL` with the child's
   * reason where the model cannot be used, TransientError `E_CLASSIFIER` where the child did not come up.
   */
  async start(request: LoadRequest): Promise<RawOutput> {
    try {
      this.#spawn();
    } catch (cause) {
      throw this.giveUp(transient(`The classifier process cannot be made: ${String(cause)}`));
    }
    const message = await this.#ask(request, this.#options.startDeadlineMs, 'loading the model');
    if (message.type === 'ready') {
      this.#residentBytes = message.residentBytes;
      return message.probe;
    }
    if (message.type === 'failed') {
      throw this.giveUp(
        new ConfigError('E_MODEL', `The model cannot be loaded: ${shortened(message.reason)}`, {
          where: request.main.directory,
          hint: 'Copy the model folder again, or name another model.',
        }),
      );
    }
    throw this.giveUp(garbage());
  }

  /** Answers in the order of `texts`. Errors: TransientError `E_CLASSIFIER`. */
  async classify(texts: readonly ChildText[]): Promise<readonly RawOutput[]> {
    const id = this.#nextId++;
    const message = await this.#ask({ type: 'classify', id, texts }, this.#options.deadlineMs, 'classifying');
    if (message.type === 'refused' && message.id === id) {
      throw new TransientError('E_CLASSIFIER', `The model failed on a text: ${shortened(message.reason)}`);
    }
    if (message.type !== 'result' || message.id !== id || message.outputs.length !== texts.length) {
      throw this.giveUp(garbage());
    }
    this.#residentBytes = message.residentBytes;
    return message.outputs;
  }

  /** Kills the process (SIGKILL: it keeps nothing, and a hung one hears nothing else); resolves when it is gone. */
  async stop(): Promise<void> {
    this.giveUp(new TransientError('E_CLASSIFIER', 'The classifier was stopped.'));
    await this.#exited;
  }

  /** Ends this child for the given reason, which the call in progress gets as its error; returns it. */
  giveUp<E extends Error>(error: E): E {
    if (this.#isDown) return error;
    this.#isDown = true;
    this.#process?.kill('SIGKILL');
    const pending = this.#pending;
    this.#pending = null;
    pending?.fail(error);
    this.#onDown();
    return error;
  }

  #spawn(): void {
    const child = fork(this.#options.workerModule, [], {
      env: {
        ...THRIFTY_MALLOC,
        ...Object.fromEntries(
          PASSED_ENVIRONMENT.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
        ),
      },
      execArgv: [],
      serialization: 'advanced', // JSON would turn NaN into null
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'], // stdout belongs to the parent's log
    });
    this.#process = child;
    // A process that could not be made says `error` and no `close`.
    this.#exited = new Promise((resolve) => child.once('close', resolve).once('error', resolve)).then(
      () => {},
    );
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
    });
    child.on('message', (message) => this.#hear(message));
    child.on('error', (error) => this.giveUp(transient(`The classifier process failed: ${error.message}`)));
    child.on('close', (code, signal) => this.giveUp(this.#died(code, signal)));
  }

  #hear(message: unknown): void {
    const pending = this.#pending;
    const known = parseChildMessage(message);
    if (known === null || pending === null) {
      this.giveUp(garbage());
      return;
    }
    this.#pending = null;
    pending.answer(known);
  }

  #ask(message: ParentMessage, deadlineMs: number, doing: string): Promise<ChildMessage> {
    return new Promise((resolve, reject) => {
      const child = this.#process;
      if (this.#isDown || !child) return reject(transient('The classifier process is down.'));
      const timer = setTimeout(() => {
        this.giveUp(transient(`The classifier did not answer within ${deadlineMs} ms (${doing}).`));
      }, deadlineMs);
      this.#pending = {
        answer: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      child.send(message, (error) => {
        // EPIPE where it just died: `close` follows and tells more, but need not come for a hung one.
        if (error) this.giveUp(transient(`The classifier process cannot be reached: ${error.message}`));
      });
    });
  }

  #died(code: number | null, signal: NodeJS.Signals | null): TransientError {
    const how = signal ? `by ${signal}` : `with exit code ${code}`;
    // Only before the first text: later words of a dying process might quote a ticket.
    const words =
      this.#residentBytes === null ? shortened(this.#lastWords.trim().split('\n').at(-1) ?? '') : '';
    return transient(`The classifier process ended ${how}${words ? `: ${words}` : ''}.`);
  }
}

function garbage(): TransientError {
  return transient('The classifier process answered nonsense.');
}

function transient(message: string): TransientError {
  return new TransientError('E_CLASSIFIER', message);
}

function shortened(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
