import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError } from '../errors.ts';
import { isBusy, journalError } from './sqlite-error.ts';

export type JournalLock = { release(): void };

type Holder = { readonly pid: number; readonly host: string; readonly startedAt: string };

/**
 * The one-writer lock: a second SQLite file kept in an exclusive transaction. Node has no flock; SQLite's
 * locks are the system's, which frees them however the process ends, so that no stale lock is ever left.
 * Never open that file by `fs` in this process: closing any descriptor of it drops its POSIX locks.
 * The holder's pid stands in `<file>.lock.json`, a mere note for the message (the lock file cannot be read).
 * Throws ConfigError E_JOURNAL where another daemon holds it.
 */
export function takeLock(file: string, now: number): JournalLock {
  const lockFile = `${file}.lock`;
  const noteFile = `${lockFile}.json`;
  const database = openLockFile(lockFile);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw isBusy(error) ? heldByAnother(file, noteFile) : journalError(lockFile, error);
  }

  const holder: Holder = { pid: process.pid, host: hostname(), startedAt: new Date(now).toISOString() };
  try {
    writeFileSync(noteFile, JSON.stringify(holder));
  } catch {
    // The note is a courtesy; the lock holds without it.
  }
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(noteFile, { force: true });
      database.close();
    },
  };
}

function openLockFile(lockFile: string): DatabaseSync {
  try {
    return new DatabaseSync(lockFile, { timeout: 0 });
  } catch (error) {
    throw journalError(lockFile, error);
  }
}

function heldByAnother(file: string, noteFile: string): ConfigError {
  const holder = readHolder(noteFile);
  const who = holder ? ` (pid ${holder.pid} on ${holder.host}, since ${holder.startedAt})` : '';
  return new ConfigError('E_JOURNAL', `another daemon${who} works on this journal`, {
    where: file,
    hint: 'Stop it first; two instances need a journal each and source queues of their own.',
  });
}

function readHolder(noteFile: string): Holder | null {
  try {
    const note: unknown = JSON.parse(readFileSync(noteFile, 'utf8'));
    if (typeof note !== 'object' || note === null) return null;
    const { pid, host, startedAt } = note as Partial<Record<keyof Holder, unknown>>;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof startedAt !== 'string') return null;
    return { pid, host, startedAt };
  } catch {
    return null;
  }
}
