import { closest } from 'fastest-levenshtein';
import { ConfigError, describeError, isKnownError, TransientError } from '../errors.ts';
import {
  type Command,
  type CommandCall,
  type ExitCode,
  helpText,
  parseCall,
  type Terminal,
} from './command.ts';
import { VERSION } from './version.ts';

export type Surroundings = Pick<CommandCall, 'env' | 'signal' | 'onHangup' | 'terminal'>;

/** Arguments → command → exit code. */
export async function dispatch(
  commands: readonly Command[],
  args: readonly string[],
  surroundings?: Surroundings,
): Promise<ExitCode> {
  const terminal = surroundings?.terminal ?? processTerminal();
  const [name, ...rest] = args;
  if (name === '--version') {
    terminal.out(VERSION);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview(commands));
    return name === undefined ? 78 : 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const nearest = closest(
      name,
      commands.map((candidate) => candidate.name),
    );
    terminal.error(`triaged: there is no command "${name}". Did you mean "${nearest}"? See triaged --help.`);
    return 78;
  }
  try {
    const parsed = parseCall(command, rest);
    if (parsed.flag('help')) {
      terminal.out(helpText({ ...command, ...command.helpOn?.(parsed.positionals) }));
      return 0;
    }
    const around = surroundings ?? processSurroundings(terminal);
    return await command.run({
      ...parsed,
      terminal,
      env: around.env,
      onHangup: around.onHangup,
      // Not copied: asking for it is what changes the meaning of signals.
      get signal() {
        return around.signal;
      },
    });
  } catch (error) {
    terminal.error(`triaged ${command.name}: ${describeError(error)}`);
    if (!isKnownError(error) && error instanceof Error) terminal.error(error.stack ?? '');
    return exitCodeOf(error);
  }
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ConfigError) return 78;
  return error instanceof TransientError ? 75 : 1;
}

function processTerminal(): Terminal {
  // `triaged decisions | head` closes the pipe: the rest is not wanted
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    error: (line) => process.stderr.write(`${line}\n`),
    interactive: process.stdout.isTTY === true,
  };
}

/**
 * A command that asks for `signal` ends in its own time after SIGINT or SIGTERM (a second one ends the process);
 * one that never asks is ended by them at once, as any program.
 */
function processSurroundings(terminal: Terminal): Surroundings {
  let controller: AbortController | null = null;
  return {
    terminal,
    env: process.env,
    get signal() {
      controller ??= abortedBySignals();
      return controller.signal;
    },
    onHangup: (callback) => {
      process.on('SIGHUP', callback);
    },
  };
}

function abortedBySignals(): AbortController {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort();
    });
  }
  return controller;
}

function overview(commands: readonly Command[]): string {
  const rows = commands.map((command) => `  ${command.name.padEnd(12)} ${command.summary}`);
  return [
    'triaged – on-premise ticket triage for Znuny',
    '',
    'Usage: triaged COMMAND [options]      triaged COMMAND --help',
    '',
    ...rows,
  ].join('\n');
}
