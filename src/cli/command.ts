import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { ConfigError } from '../errors.ts';

/** 0 fine, 1 the answer is no, 75 try again later, 78 the file or the model is wrong. */
export type ExitCode = 0 | 1 | 75 | 78;

export type OptionHelp = {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** shown in --help */
  readonly description: string;
  /** what stands for the value in --help, e.g. FILE */
  readonly value?: string;
};

export type Terminal = {
  out(line: string): void;
  error(line: string): void;
  readonly interactive: boolean;
};

export type CommandCall = {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** aborted by SIGINT and SIGTERM */
  readonly signal: AbortSignal;
  /** calls back on SIGHUP */
  onHangup(callback: () => void): void;
};

export type Command = {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly example: string;
  readonly options?: Readonly<Record<string, OptionHelp>>;
  /** names of positional arguments, for --help; none are allowed where it is absent */
  readonly positionals?: string;
  /** what --help says instead where positionals name a part of the command */
  helpOn?(positionals: readonly string[]): Partial<Command>;
  run(call: CommandCall): Promise<ExitCode>;
};

/** Every command knows these. */
export const COMMON_OPTIONS = {
  config: { type: 'string', value: 'FILE', description: 'configuration file (default: ./config.yaml)' },
  set: { type: 'string', multiple: true, value: 'KEY=VALUE', description: 'overrides a key; repeatable' },
  json: { type: 'boolean', description: 'output for machines' },
  help: { type: 'boolean', short: 'h', description: 'this text' },
} as const satisfies Record<string, OptionHelp>;

export type ParsedCall = Pick<CommandCall, 'positionals' | 'flag' | 'text' | 'texts'>;

/** Arguments of one command; anything unknown is a ConfigError that names it. */
export function parseCall(command: Command, args: readonly string[]): ParsedCall {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, { type, short, multiple }] of Object.entries(allOptions(command))) {
    options[name] = { type, multiple: multiple ?? false, ...(short ? { short } : {}) };
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: command.positionals !== undefined,
      strict: true,
    });
    const list = (name: string) => [values[name] ?? []].flat().filter((value) => typeof value === 'string');
    return {
      positionals,
      flag: (name) => values[name] === true,
      text: (name) => list(name).at(-1),
      texts: list,
    };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ConfigError('E_CONFIG', message, { hint: `See triaged ${command.name} --help.` });
  }
}

export function helpText(command: Command): string {
  const rows = Object.entries(allOptions(command)).map(([name, { short, value, description }]) => {
    const flag = `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`;
    return `  ${flag.padEnd(28)} ${description}`;
  });
  return [
    `triaged ${command.name} – ${command.summary}`,
    '',
    `Usage: ${command.usage}`,
    '',
    ...rows,
    '',
    'Example:',
    `  ${command.example}`,
    '',
    'Exit codes: 0 fine, 1 the answer is no, 75 try again later, 78 the file or the model is wrong.',
  ].join('\n');
}

function allOptions(command: Command): Readonly<Record<string, OptionHelp>> {
  return { ...command.options, ...COMMON_OPTIONS };
}
