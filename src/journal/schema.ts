import type { DatabaseSync } from 'node:sqlite';
import { ConfigError } from '../errors.ts';
import { corruptJournal } from './sqlite-error.ts';

/** One step of the schema. Never edit a released one: add the next. */
export type Migration = { readonly what: string; readonly sql: string };

/** "TRIA": tells a journal from any other SQLite file. */
const APPLICATION_ID = 0x54524941;

export const MIGRATIONS: readonly Migration[] = [
  {
    what: 'tickets, decisions, transitions, facts and requests',
    sql: `
      CREATE TABLE ticket (
        ticket_id INTEGER PRIMARY KEY,
        ticket_number TEXT,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_attempt_at INTEGER,
        source TEXT NOT NULL,
        reason TEXT,
        detail TEXT,
        seen_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        decision_id TEXT
      ) STRICT;
      CREATE INDEX ticket_by_state ON ticket (state, ticket_id);
      CREATE INDEX ticket_by_number ON ticket (ticket_number);
      CREATE INDEX ticket_by_change ON ticket (changed_at);

      CREATE TABLE decision (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        ticket_id INTEGER NOT NULL,
        ticket_number TEXT NOT NULL,
        kind TEXT NOT NULL,
        rule TEXT,
        decision TEXT NOT NULL,
        plan TEXT NOT NULL,
        prediction TEXT NOT NULL,
        model_hash TEXT NOT NULL,
        config_hash TEXT NOT NULL,
        ticket_created_at INTEGER NOT NULL,
        decided_at INTEGER NOT NULL,
        applying_at INTEGER,
        sends INTEGER NOT NULL DEFAULT 0,
        outcome TEXT,
        ended_at INTEGER,
        verification TEXT,
        verified_at INTEGER,
        pruned INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX decision_by_ticket ON decision (ticket_id);
      CREATE INDEX decision_by_time ON decision (decided_at);
      CREATE INDEX decision_by_write ON decision (applying_at);
      CREATE INDEX decision_unverified ON decision (ended_at) WHERE outcome = 'applied' AND verification IS NULL;
      CREATE INDEX decision_unpruned ON decision (ended_at) WHERE pruned = 0;

      CREATE TABLE transition (
        sequence INTEGER PRIMARY KEY,
        ticket_id INTEGER NOT NULL,
        from_state TEXT,
        to_state TEXT NOT NULL,
        at INTEGER NOT NULL,
        reason TEXT
      ) STRICT;
      CREATE INDEX transition_by_ticket ON transition (ticket_id);

      CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE request (
        sequence INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        ticket_id INTEGER,
        at INTEGER NOT NULL
      ) STRICT;`,
  },
];

export function schemaVersion(database: DatabaseSync): number {
  return pragma(database, 'user_version');
}

/** Throws ConfigError E_JOURNAL where a program of this version cannot use the file as it is. */
export function assertUsable(database: DatabaseSync, file: string, known: number): void {
  const version = schemaVersion(database);
  if (version > known) {
    throw new ConfigError(
      'E_JOURNAL',
      `the journal has schema version ${version}, this program knows ${known}`,
      {
        where: file,
        hint: 'Start the newer triaged again, or restore the backup made before its migration.',
      },
    );
  }
  if (pragma(database, 'application_id') !== APPLICATION_ID && tableCount(database) > 0) {
    throw new ConfigError('E_JOURNAL', 'this SQLite file is not a journal of triaged', {
      where: file,
      hint: 'Name another file in journal.path.',
    });
  }
}

/**
 * Checks the file and brings it to the newest version, each step in one transaction; before the first
 * step an older journal is copied to `<file>.v<version>-<time>.backup`.
 * Answers that copy's name, null where none was needed. Throws ConfigError E_JOURNAL.
 */
export function migrate(
  database: DatabaseSync,
  file: string,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): string | null {
  assertUsable(database, file, migrations.length);
  assertSound(database, file);
  const version = schemaVersion(database);
  if (version === migrations.length) return null;

  const backup = version === 0 ? null : `${file}.v${version}-${now}.backup`;
  if (backup !== null) {
    // Not copyFile: it misses the write-ahead log, and closing its descriptor drops SQLite's locks.
    database.prepare('VACUUM INTO ?').run(backup);
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(migration.sql);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${index + 1};`);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
  return backup;
}

function assertSound(database: DatabaseSync, file: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get();
  if (found?.quick_check !== 'ok') throw corruptJournal(file, new Error(String(found?.quick_check)));
}

function tableCount(database: DatabaseSync): number {
  return Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
