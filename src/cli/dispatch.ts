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

/** Arguments → command → exit code. Signals become an AbortSignal; a second one ends the process at once. */
export async function dispatch(commands: readonly Command[], args: readonly string[]): Promise<ExitCode> {
  const terminal = processTerminal();
  const [name, ...rest] = args;
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
      terminal.out(helpText(command));
      return 0;
    }
    return await command.run({ ...parsed, ...processSurroundings(), terminal });
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
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    error: (line) => process.stderr.write(`${line}\n`),
    interactive: process.stdout.isTTY === true,
  };
}

function processSurroundings(): Pick<CommandCall, 'env' | 'signal' | 'onHangup'> {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort();
    });
  }
  return {
    env: process.env,
    signal: controller.signal,
    onHangup: (callback) => {
      process.on('SIGHUP', callback);
    },
  };
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
