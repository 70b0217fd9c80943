import { statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { ConfigError } from '../errors.ts';
import { journalError } from './sqlite-error.ts';

/** An open SQLite file: prepared once, transactions, and every failure as ConfigError or TransientError. */
export class JournalDatabase {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #inode: number;

  constructor(file: string, database: DatabaseSync) {
    this.file = file;
    this.#database = database;
    this.#inode = inodeOf(file);
  }

  row<Columns>(sql: string, ...values: readonly SQLInputValue[]): Columns | null {
    return this.#guarded(() => (this.#statement(sql).get(...values) as Columns | undefined) ?? null);
  }

  rows<Columns>(sql: string, ...values: readonly SQLInputValue[]): readonly Columns[] {
    return this.#guarded(() => this.#statement(sql).all(...values) as Columns[]);
  }

  /** Answers the number of rows that changed. */
  write(sql: string, ...values: readonly SQLInputValue[]): number {
    return this.#guarded(() => Number(this.#statement(sql).run(...values).changes));
  }

  /** Commits all of `work` or nothing; it is on disk (synchronous FULL) when this returns. */
  transaction<Result>(work: () => Result): Result {
    return this.#guarded(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk may have rolled back already.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /**
   * A file deleted or replaced under a running daemon goes on taking writes that the next start will not
   * find. Throws ConfigError E_JOURNAL.
   */
  assertStillThere(): void {
    if (inodeOf(this.file) === this.#inode) return;
    throw new ConfigError('E_JOURNAL', 'the journal was deleted or replaced while the daemon runs', {
      where: this.file,
      hint: 'Stop the daemon, put the file back or let a new one be made, and start again.',
    });
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw journalError(this.file, error);
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function inodeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? 0;
}
