import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MIGRATIONS, migrate, schemaVersion } from './schema.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triaged-schema-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function emptyFile(): string {
  return join(folder, 'journal.db');
}
const ADD_COLUMN = { what: 'a colour', sql: 'ALTER TABLE fact ADD COLUMN colour TEXT' };
const BROKEN = { what: 'broken', sql: 'CREATE TABLE extra (x); INSERT INTO missing VALUES (1)' };

test('a new journal gets the newest schema and no backup', () => {
  const file = emptyFile();
  const database = new DatabaseSync(file);

  expect(migrate(database, file, 5)).toBeNull();
  expect(schemaVersion(database)).toBe(MIGRATIONS.length);
  expect(migrate(database, file, 6)).toBeNull();
});

test('an older journal is copied before it is migrated, and keeps its rows', () => {
  const file = emptyFile();
  const database = new DatabaseSync(file);
  migrate(database, file, 5, MIGRATIONS);
  database.exec("INSERT INTO fact VALUES ('first_start', '5')");

  const backup = migrate(database, file, 6, [...MIGRATIONS, ADD_COLUMN]);

  expect(backup).toBe(`${file}.v1-6.backup`);
  const old = new DatabaseSync(backup ?? '');
  expect(schemaVersion(old)).toBe(1);
  expect(old.prepare('SELECT * FROM fact').all()).toEqual([{ name: 'first_start', value: '5' }]);
  expect(database.prepare('SELECT * FROM fact').all()).toEqual([
    { name: 'first_start', value: '5', colour: null },
  ]);
});

test('a migration that fails leaves the journal as it was', () => {
  const file = emptyFile();
  const database = new DatabaseSync(file);
  migrate(database, file, 5, MIGRATIONS);

  expect(() => migrate(database, file, 6, [...MIGRATIONS, BROKEN])).toThrow(/missing/);

  expect(schemaVersion(database)).toBe(1);
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'extra'").all()).toEqual([]);
  expect(readdirSync(folder).some((name) => name.endsWith('.backup'))).toBe(true);
});
