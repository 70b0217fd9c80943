import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError } from '../errors.ts';
import { JournalDatabase } from './database.ts';
import type { Journal, JournalReader } from './journal.ts';
import { type FileSystemType, prepareLocation } from './location.ts';
import { type JournalLock, takeLock } from './lock.ts';
import { SqliteReader } from './reader.ts';
import { assertUsable, MIGRATIONS, migrate, schemaVersion } from './schema.ts';
import { journalError } from './sqlite-error.ts';
import { SqliteJournal } from './writer.ts';

/** How long one process waits for another's write; both write for milliseconds only. */
const BUSY_MILLISECONDS = 2_000;

export type OpenJournalOptions = {
  readonly file: string;
  /** the clock, epoch milliseconds */
  readonly now: () => number;
  /** for tests: which file system a folder is on */
  readonly fileSystemType?: FileSystemType;
};

/**
 * The daemon's journal: made where it is missing, checked, migrated, and locked until `close` or death.
 * Throws ConfigError E_JOURNAL (locked, damaged, newer, not writable, network file system) or
 * TransientError E_JOURNAL (disk full, busy).
 */
export async function openJournal(options: OpenJournalOptions): Promise<Journal> {
  const { file, now } = options;
  prepareLocation(file, options.fileSystemType);
  const lock = takeLock(file, now());
  try {
    return openLocked(file, now(), lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(file: string, now: number, lock: JournalLock): Journal {
  const database = open(file);
  try {
    // Checked before the switch to WAL, which would write into a file that may not be ours.
    migrate(database, file, now);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    return new SqliteJournal(new JournalDatabase(file, database), lock);
  } catch (error) {
    database.close();
    throw journalError(file, error);
  }
}

/**
 * The journal for a command beside the daemon: reads, and may put down requests. It never migrates.
 * Throws ConfigError E_JOURNAL where there is no journal yet or it is of another version.
 */
export async function readJournal(options: { readonly file: string }): Promise<JournalReader> {
  const { file } = options;
  if (!existsSync(file)) {
    throw new ConfigError('E_JOURNAL', 'there is no journal yet', {
      where: file,
      hint: 'Start the daemon once (triaged run), or check journal.path and the volume.',
    });
  }
  const database = open(file);
  try {
    assertUsable(database, file, MIGRATIONS.length);
    assertMigrated(file, schemaVersion(database));
    database.exec('PRAGMA synchronous = FULL');
    return new SqliteReader(new JournalDatabase(file, database));
  } catch (error) {
    database.close();
    throw journalError(file, error);
  }
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: BUSY_MILLISECONDS });
  } catch (error) {
    throw journalError(file, error);
  }
}

function assertMigrated(file: string, version: number): void {
  if (version === MIGRATIONS.length) return;
  throw new ConfigError(
    'E_JOURNAL',
    `the journal has schema version ${version}, this program works with ${MIGRATIONS.length}`,
    { where: file, hint: 'Start the daemon of this version once: it migrates the journal.' },
  );
}
