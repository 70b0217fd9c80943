import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { Scrubber } from './scrub.ts';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export type LogOptions = {
  readonly level: LogLevel;
  /** lines for people instead of JSON */
  readonly pretty: boolean;
  /** where finished lines go; default: stdout, written at once, so that a crash loses none */
  readonly write?: (line: string) => void;
};

export type LogFacts = Readonly<Record<string, unknown>>;

/** C0, DEL, C1, line separators and bidi marks: what could drive a terminal or fake a second line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are made harmless
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON lines with a static `msg` and facts as fields; no secret and no control character leaves through it. */
export class Log {
  readonly #scrubber = new Scrubber();
  readonly #logger: pino.Logger;

  constructor(options: LogOptions) {
    const write = options.write ?? stdout();
    const pretty = options.pretty ? prettyFactory({ colorize: false, translateTime: 'SYS:standard' }) : null;
    this.#logger = pino(
      {
        level: options.level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      {
        write: (line: string) => {
          const clean = this.#clean(line);
          write(pretty === null ? clean : this.#scrubber.scrub(pretty(clean)));
        },
      },
    );
  }

  /** Values that must never appear in any form; those shorter than 4 characters are not looked for. */
  addSecrets(values: readonly string[]): void {
    this.#scrubber.add(values);
  }

  setLevel(level: LogLevel): void {
    this.#logger.level = level;
  }

  write(level: LogLevel, message: string, facts: LogFacts = {}): void {
    this.#logger[level](facts, message);
  }

  /**
   * The serialized line is searched, since a value may hide in any message, stack or cause. Only strings of the
   * parsed line are replaced: a secret like `1234` inside a number must not make the line invalid.
   */
  #clean(line: string): string {
    if (!this.#scrubber.finds(line) && !line.includes('\\') && line.slice(0, -1).search(UNSAFE) < 0)
      return line;
    return `${JSON.stringify(this.#cleanValue(JSON.parse(line)))}\n`;
  }

  #cleanValue(value: unknown): unknown {
    if (typeof value === 'string') return visible(this.#scrubber.scrub(value));
    if (Array.isArray(value)) return value.map((item) => this.#cleanValue(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        visible(this.#scrubber.scrub(name)),
        this.#cleanValue(item),
      ]),
    );
  }
}

function visible(text: string): string {
  return text.replace(UNSAFE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function stdout(): (line: string) => void {
  const destination = pino.destination({ dest: 1, sync: true });
  return (line) => {
    destination.write(line);
  };
}
