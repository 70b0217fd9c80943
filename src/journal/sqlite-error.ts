import { ConfigError, TransientError } from '../errors.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html); the extended ones carry them in the low byte. */
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** The primary code of an error thrown by node:sqlite, null for any other error. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === BUSY;
}

/** Says in our words what SQLite met: ConfigError or TransientError; what is none of these comes back as it is. */
export function journalError(file: string, error: unknown): unknown {
  const details = { where: file, cause: error };
  switch (sqliteCode(error)) {
    case FULL:
      return new TransientError('E_JOURNAL', 'the disk of the journal is full', {
        ...details,
        hint: 'Free space on that volume; nothing is written to Znuny until the journal takes rows again.',
      });
    case IOERR:
      return new TransientError('E_JOURNAL', 'the journal could not be read or written (I/O error)', {
        ...details,
        hint: 'Look at the disk and at the quota of that volume.',
      });
    case BUSY:
    case LOCKED:
      return new TransientError('E_JOURNAL', 'the journal is busy', {
        ...details,
        hint: 'Another process holds it (a backup?); it is tried again.',
      });
    case CORRUPT:
    case NOTADB:
      return corruptJournal(file, error);
    case READONLY:
    case PERM:
    case CANTOPEN:
      return new ConfigError('E_JOURNAL', 'the journal cannot be opened for writing', {
        ...details,
        hint: 'Give the user of this process the right to write that file and its folder, on a volume that is not read-only.',
      });
    default:
      return error;
  }
}

/** A lost journal is no danger: the rows of our own UserID in a ticket's history keep it from a second note. */
export function corruptJournal(file: string, cause: unknown): ConfigError {
  return new ConfigError('E_JOURNAL', 'the journal is damaged or is no SQLite file', {
    where: file,
    cause,
    hint:
      'Stop the daemon, move the file aside together with its -wal and -shm, and start again with a new one ' +
      "or a backup: Znuny's history keeps triaged tickets from being touched or noted twice.",
  });
}
