import { ConfigError, isKnownError } from '../errors.ts';
import { linesOf } from '../terminal/answer-lines.ts';
import { errorFacts } from '../znuny/call-context.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import { layOver, openLines, readData, unreadable } from '../znuny-cli/data.ts';
import { runLines } from '../znuny-cli/lines.ts';
import { DATA_FLAGS, type Data, type Operation } from '../znuny-cli/operation.ts';
import { showProgress } from '../znuny-cli/progress.ts';
import { get, history } from '../znuny-cli/read-operations.ts';
import { search } from '../znuny-cli/search-operation.ts';
import { session } from '../znuny-cli/session-operation.ts';
import { create, remove, update } from '../znuny-cli/write-operations.ts';
import type { Command, CommandCall, ExitCode, OptionHelp } from './command.ts';
import { CONNECTION_OPTIONS, connect, hasOwnSession } from './znuny-connection.ts';

const OPERATIONS: readonly Operation[] = [create, search, get, update, remove, history, session];
const MOST_AT_ONCE = 32;

/** Options of an operation; an option that two of them know has to be of the same kind in both. */
const OPERATION_OPTIONS: Readonly<Record<string, OptionHelp>> = Object.assign(
  {},
  ...OPERATIONS.map(({ flags }) => flags),
  // search takes several where the others take one: the last one counts there
  search.flags,
);

export const znuny: Command = {
  name: 'znuny',
  summary: 'one operation of the Generic Interface: create, search, get, update, delete, history, session',
  usage: `triaged znuny ${OPERATIONS.map(({ name }) => name).join('|')} … (each with --help)`,
  example: OPERATIONS.map(({ example }) => example).join('\n  '),
  positionals: 'OPERATION …',
  options: { ...OPERATION_OPTIONS, ...DATA_FLAGS, ...CONNECTION_OPTIONS },
  helpOn: ([name]) => {
    const operation = OPERATIONS.find((candidate) => candidate.name === name);
    return operation === undefined ? { options: CONNECTION_OPTIONS } : helpOn(operation);
  },
  async run(call) {
    const [name, ...words] = call.positionals;
    const operation = OPERATIONS.find((candidate) => candidate.name === name);
    if (operation === undefined) {
      const known = OPERATIONS.map((candidate) => candidate.name).join(', ');
      throw wrong(name === undefined ? `which operation? ${known}` : `there is no "${name}": ${known}`);
    }
    refuseStrays(call, operation);
    const flagged = await operation.read({ flags: call, words });
    const client = connect(call, concurrencyOf(call));
    try {
      return call.text('lines') === undefined
        ? await once(call, { operation, client, words, flagged })
        : await many(call, { operation, client, words, flagged });
    } finally {
      // A row in Znuny's database for each run, else.
      if (operation !== session && !hasOwnSession(call)) await client.sessionRemove().catch(() => {});
      await client.close();
    }
  },
};

type Job = {
  readonly operation: Operation;
  readonly client: ZnunyClient;
  readonly words: readonly string[];
  readonly flagged: Data;
};

async function once(call: CommandCall, { operation, client, words, flagged }: Job): Promise<ExitCode> {
  const argument = call.text('data');
  const given = argument === undefined ? {} : await readData(argument);
  const print = (data: unknown) =>
    call.terminal.out(JSON.stringify(data, null, call.flag('json') ? undefined : 2));
  try {
    const { answer, failed } = await operation.call(layOver(given, flagged), { client, flags: call, words });
    print(answer);
    return failed ? 1 : 0;
  } catch (error) {
    if (call.flag('json') && isKnownError(error)) print({ Error: errorFacts(error) });
    throw error;
  }
}

async function many(call: CommandCall, { operation, client, words, flagged }: Job): Promise<ExitCode> {
  if (words.length > 0) throw wrong('--lines names the tickets: leave TICKET out');
  if (call.text('data') !== undefined) throw wrong('--lines and --data exclude each other');
  const file = call.text('lines') ?? '';
  const input = openLines(file);
  const stop = () => input.destroy();
  call.signal.addEventListener('abort', stop);
  const progress = showProgress(process.stderr, () => performance.now());
  const { terminal } = call;
  try {
    const report = await runLines(
      interruptible(linesOf(input), file, call.signal),
      async (data) => operation.call(layOver(flagged, data), { client, flags: call, words }),
      {
        concurrency: concurrencyOf(call) ?? 2,
        signal: call.signal,
        write: (line) => terminal.out(line),
        progress: progress.count,
      },
    );
    progress.end();
    const { done, failed, stopped } = report;
    if (failed.length > 0) terminal.error(`${failed.length} of ${done} failed: lines ${failed.join(', ')}`);
    if (stopped)
      terminal.error(`stopped after line ${stopped.after}, nothing further was sent: ${stopped.why}`);
    return failed.length === 0 && stopped === null ? 0 : 1;
  } finally {
    call.signal.removeEventListener('abort', stop);
    input.destroy();
  }
}

/** A file that cannot be read is told as such; one that is closed by an interrupt ends. */
async function* interruptible(
  lines: AsyncIterable<string>,
  file: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (error) {
    if (!signal.aborted) throw unreadable(file, error);
  }
}

function concurrencyOf(call: CommandCall): number | undefined {
  const text = call.text('concurrency');
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MOST_AT_ONCE) return number;
  throw wrong(`--concurrency must be a whole number from 1 to ${MOST_AT_ONCE}, not "${text}"`);
}

function refuseStrays(call: CommandCall, operation: Operation): void {
  const known = { ...operation.flags, ...(operation.takesData ? DATA_FLAGS : {}) };
  const stray = Object.keys({ ...OPERATION_OPTIONS, ...DATA_FLAGS }).find(
    (flag) => !(flag in known) && (call.flag(flag) || call.texts(flag).length > 0),
  );
  if (stray !== undefined) throw wrong(`${operation.name} knows no --${stray}`, operation.name);
}

function helpOn(operation: Operation): Partial<Command> {
  const { name, summary, usage, example, flags, takesData } = operation;
  return {
    name: `znuny ${name}`,
    summary,
    usage: `triaged znuny ${name} ${usage}`,
    example,
    options: { ...flags, ...(takesData ? DATA_FLAGS : {}), ...CONNECTION_OPTIONS },
  };
}

function wrong(message: string, operation?: string): ConfigError {
  return new ConfigError('E_CONFIG', message, {
    hint: `See triaged znuny ${operation === undefined ? '' : `${operation} `}--help.`,
  });
}
