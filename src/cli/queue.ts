import { runningDaemon } from '../check/journal.ts';
import { ConfigError } from '../errors.ts';
import type { JournalReader } from '../journal/journal.ts';
import { obstacle, type TicketRequest, type WaitingTicket, waiting } from '../terminal/queue-requests.ts';
import { printable, printableTime } from '../text/printable.ts';
import type { Command, CommandCall, ExitCode } from './command.ts';
import { findRow, withJournal } from './journal-option.ts';
import { limitOf } from './limit-option.ts';

const ACTIONS = ['list', 'release', 'retry', 'hold', 'pause', 'resume'] as const;
type Action = (typeof ACTIONS)[number];

export const queue: Command = {
  name: 'queue',
  summary:
    'list the tickets that wait, and ask the daemon to release, retry or hold some, to pause or resume',
  usage:
    'triaged queue [list | release TICKET… | retry TICKET… | hold TICKET… | pause | resume] [--limit N] [--json]',
  example: 'triaged queue retry 2026112410000126',
  positionals: 'ACTION TICKET…',
  options: { limit: { type: 'string', value: 'N', description: 'list at most so many (default: 100)' } },
  async run(call) {
    const [word = 'list', ...tickets] = call.positionals;
    const action = ACTIONS.find((candidate) => candidate === word);
    if (action === undefined) throw usage(`there is no "${word}": ${ACTIONS.join(', ')}`);
    const takesTickets = action === 'release' || action === 'retry' || action === 'hold';
    if (takesTickets && tickets.length === 0) throw usage(`${action} whom? Name tickets by id or number`);
    if (!takesTickets && tickets.length > 0) throw usage(`${action} takes no ticket`);
    return withJournal(call, async (journal, file) => {
      if (action === 'list') return list(call, journal);
      return takesTickets
        ? change(call, { journal, file }, action, tickets)
        : brake(call, { journal, file }, action);
    });
  },
};

type Place = { readonly journal: JournalReader; readonly file: string };

async function list(call: CommandCall, journal: JournalReader): Promise<ExitCode> {
  const { terminal } = call;
  const found = await waiting(journal, limitOf(call, 100));
  if (call.flag('json')) {
    terminal.out(JSON.stringify(found, null, 2));
    return 0;
  }
  if (found.paused)
    terminal.out('paused: new tickets are taken down, nothing is written (triaged queue resume)');
  const counts = Object.entries(found.counts).filter(([, count]) => count > 0);
  terminal.out(
    counts.length === 0
      ? 'the journal holds no ticket'
      : counts.map(([state, count]) => `${state} ${count}`).join(', '),
  );
  for (const ticket of found.tickets) terminal.out(lineOf(ticket));
  return 0;
}

function lineOf({ ticketId, ticketNumber, state, reason, detail, attempts, until }: WaitingTicket): string {
  const why = [reason, detail].filter((part) => part !== null).join(': ');
  const due = until === null ? '' : `until ${printableTime(until)}`;
  const tries = attempts === 0 ? '' : `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  const facts = [why, due, tries].filter((part) => part !== '').join(', ');
  const name = `${ticketNumber ?? '(not read yet)'} (id ${ticketId})`;
  return printable(`${state.padEnd(11)} ${name}  ${facts}`);
}

async function change(
  call: CommandCall,
  { journal, file }: Place,
  kind: TicketRequest,
  tickets: readonly string[],
): Promise<ExitCode> {
  const results: { ticket: string; ticketId: number | null; requested: boolean; why: string | null }[] = [];
  for (const ticket of tickets) {
    const row = await findRow(journal, ticket);
    const why = row === null ? 'is not in the journal' : obstacle(kind, row);
    const requested = row !== null && why === null;
    if (requested) await journal.request({ kind, ticketId: row.ticketId }, Date.now());
    results.push({ ticket, ticketId: row?.ticketId ?? null, requested, why });
  }
  const done = results.filter(({ requested }) => requested);
  if (call.flag('json')) {
    call.terminal.out(JSON.stringify({ action: kind, daemon: runningDaemon(file) !== null, results }));
  } else {
    for (const { ticket, why } of results)
      if (why !== null) call.terminal.error(printable(`ticket ${ticket} ${why}`));
    const names = done.map(({ ticket }) => ticket).join(', ');
    if (done.length > 0) call.terminal.out(printable(`${kind} of ${names} is requested: ${when(file)}`));
  }
  return done.length === results.length ? 0 : 1;
}

async function brake(
  call: CommandCall,
  { journal, file }: Place,
  kind: Extract<Action, 'pause' | 'resume'>,
): Promise<ExitCode> {
  await journal.request({ kind }, Date.now());
  const daemon = runningDaemon(file) !== null;
  call.terminal.out(
    call.flag('json')
      ? JSON.stringify({ action: kind, daemon, requested: true })
      : `${kind} is requested: ${when(file)}`,
  );
  return 0;
}

function when(file: string): string {
  return runningDaemon(file) === null
    ? 'no daemon runs on this journal, the next one does it when it starts'
    : 'the running daemon does it within seconds';
}

function usage(message: string): ConfigError {
  return new ConfigError('E_CONFIG', message, { hint: 'See triaged queue --help.' });
}
