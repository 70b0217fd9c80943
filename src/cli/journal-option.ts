import type { JournalReader, TicketRow } from '../journal/journal.ts';
import { readJournal } from '../journal/sqlite.ts';
import { fromConfigFolder } from '../wiring/live.ts';
import type { CommandCall } from './command.ts';
import { loadFor } from './config-option.ts';

/** Asks the journal of the configuration beside a running daemon, and closes it. */
export async function withJournal<T>(
  call: CommandCall,
  ask: (journal: JournalReader, file: string) => Promise<T>,
): Promise<T> {
  const loaded = loadFor(call);
  const file = fromConfigFolder(loaded, loaded.config.journal.path);
  const journal = await readJournal({ file });
  try {
    return await ask(journal, file);
  } finally {
    await journal.close();
  }
}

/** The journal's row of a ticket named by id or number; ids go first. Null where the journal knows neither. */
export async function findRow(journal: JournalReader, text: string): Promise<TicketRow | null> {
  const id = /^\d+$/.test(text) ? Number(text) : 0;
  const byId = Number.isSafeInteger(id) && id > 0 ? await journal.ticket(id) : null;
  return byId ?? (await journal.ticketByNumber(text));
}
