import type { ZnunyClient } from '../znuny/client.ts';

export type Data = Readonly<Record<string, unknown>>;

/** What was given on the command line. */
export type Flags = {
  flag(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
};

export type FlagHelp = {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly value?: string;
  readonly description: string;
};

/** `answer` goes out as JSON. `failed`: a part of what was asked for is missing in it. */
export type Answered = { readonly answer: Data; readonly failed: boolean };

export type Around = {
  readonly client: ZnunyClient;
  readonly flags: Flags;
  /** what stands after the operation's name */
  readonly words: readonly string[];
};

/** One operation of the Generic Interface on the command line. */
export type Operation = {
  readonly name: string;
  readonly summary: string;
  /** what follows `triaged znuny NAME` */
  readonly usage: string;
  readonly example: string;
  readonly flags: Readonly<Record<string, FlagHelp>>;
  /** whether `--data` and `--lines` are taken */
  readonly takesData: boolean;
  /** checks words and flags and turns them into data under Znuny's names, files included; nothing is sent yet */
  read(around: Omit<Around, 'client'>): Promise<Data>;
  /** `data`: what `read` gave, laid over `--data` or over one line */
  call(data: Data, around: Around): Promise<Answered>;
};

export const DATA_FLAGS = {
  data: {
    type: 'string',
    value: 'JSON',
    description: "JSON in Znuny's names: the text itself, @FILE, or - for standard input",
  },
  lines: { type: 'string', value: 'FILE', description: 'many: one JSON object a line; - for standard input' },
  concurrency: { type: 'string', value: 'N', description: 'lines at the same time (default: 2)' },
} as const satisfies Record<string, FlagHelp>;
