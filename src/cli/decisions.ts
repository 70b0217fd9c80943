import { ConfigError } from '../errors.ts';
import type { JournalReader, StoredDecision } from '../journal/journal.ts';
import { decisionLine, decisionText } from '../terminal/decision-text.ts';
import type { Command, CommandCall, ExitCode } from './command.ts';
import { findRow, withJournal } from './journal-option.ts';
import { limitOf } from './limit-option.ts';

export const decisions: Command = {
  name: 'decisions',
  summary: 'list what was decided, newest first, or show one decision in full',
  usage: 'triaged decisions [ID | TICKET] [--ticket N] [--limit N] [--json]',
  example: 'triaged decisions --ticket 2026112410000126',
  positionals: 'ID',
  options: {
    ticket: { type: 'string', value: 'N', description: 'those of one ticket, by its id or number' },
    limit: { type: 'string', value: 'N', description: 'at most so many (default: 20)' },
  },
  async run(call) {
    const [id, ...more] = call.positionals;
    if (more.length > 0 || (id !== undefined && call.text('ticket') !== undefined)) {
      const hint = 'See triaged decisions --help.';
      throw new ConfigError('E_CONFIG', 'give one decision id, or --ticket, or neither', { hint });
    }
    // Digits alone are a ticket's id or number: no decision's id is made of them.
    const ticket = id !== undefined && /^\d+$/.test(id) ? id : call.text('ticket');
    return withJournal(call, async (journal) =>
      id === undefined || id === ticket ? list(call, journal, ticket) : showOne(call, journal, id),
    );
  },
};

async function showOne(call: CommandCall, journal: JournalReader, id: string): Promise<ExitCode> {
  const stored = await journal.decision(id);
  if (stored === null) return notFound(call, `there is no decision ${id}`);
  if (call.flag('json')) call.terminal.out(JSON.stringify(stored, null, 2));
  else for (const line of decisionText(stored)) call.terminal.out(line);
  return 0;
}

async function list(
  call: CommandCall,
  journal: JournalReader,
  ticket: string | undefined,
): Promise<ExitCode> {
  const limit = limitOf(call, 20);
  let found: readonly StoredDecision[];
  if (ticket === undefined) found = await journal.decisions({ limit });
  else {
    const row = await findRow(journal, ticket);
    if (row === null) return notFound(call, `ticket ${ticket} is not in the journal`);
    found = (await journal.decisionsOf(row.ticketId)).slice(0, limit);
  }
  if (call.flag('json')) call.terminal.out(JSON.stringify(found, null, 2));
  else if (found.length === 0) call.terminal.out('nothing was decided yet');
  else for (const stored of found) call.terminal.out(decisionLine(stored));
  return 0;
}

function notFound(call: CommandCall, message: string): ExitCode {
  call.terminal.error(`triaged decisions: ${message}`);
  return 1;
}
