import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, TransientError } from '../errors.ts';
import type { JournalReader } from './journal.ts';
import { sampleRecord } from './sample-record.ts';
import { openJournal, readJournal } from './sqlite.ts';
import { journalError } from './sqlite-error.ts';

const CHILD = fileURLToPath(new URL('./kill-nine.child.ts', import.meta.url));
const now = () => 1_700_000_000_000;

let folder: string;
let file: string;
let opened: JournalReader[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triaged-sqlite-'));
  file = join(folder, 'journal.db');
  opened = [];
});
afterEach(async () => {
  for (const journal of opened) await journal.close();
  rmSync(folder, { recursive: true });
});

async function open(path = file) {
  const journal = await openJournal({ file: path, now });
  opened.push(journal);
  return journal;
}
async function read() {
  const reader = await readJournal({ file });
  opened.push(reader);
  return reader;
}
/** The ConfigError that opening `path` throws; fails where it opens. */
async function refusal(opening: Promise<unknown>): Promise<ConfigError> {
  const error = await opening.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ code: 'E_JOURNAL' });
  return error as ConfigError;
}

test('what was written is there after a restart', async () => {
  const first = await open();
  await first.see([1], 'poll', 1_000);
  await first.claim(1, 1_001);
  await first.move(1, { to: 'decided', decision: sampleRecord(1, 'd1') }, 1_002);
  await first.close();

  const second = await open();

  expect((await second.ticket(1))?.state).toBe('decided');
  expect((await second.decision('d1'))?.plan).toEqual(sampleRecord(1, 'd1').plan);
});

test('a second daemon is refused and told the pid of the first', async () => {
  await open();

  const error = await refusal(openJournal({ file, now }));

  expect(error.message).toContain(`another daemon (pid ${process.pid}`);
  expect(error.message).toContain('2023-11-14T22:13:20');
});

test('a daemon of another process is refused too', async () => {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  child.stdout.resume();

  const error = await refusal(openJournal({ file, now }));
  child.kill('SIGKILL');
  await closed;

  expect(error.message).toContain(`pid ${child.pid}`);
  expect(await (await open()).counts()).toMatchObject({ held: 0 });
});

test('closing frees the lock', async () => {
  await (await open()).close();

  await expect(open()).resolves.toBeDefined();
});

test('a failed opening frees the lock', async () => {
  writeFileSync(file, 'no database'.repeat(500));
  await refusal(openJournal({ file, now }));
  renameSync(file, `${file}.aside`);

  await expect(open()).resolves.toBeDefined();
});

test('a command beside the daemon reads, and its requests reach the daemon', async () => {
  const daemon = await open();
  await daemon.see([1], 'poll', 1_000);
  const reader = await read();

  await reader.request({ kind: 'hold', ticketId: 1 }, 2_000);
  await daemon.claim(1, 2_000);

  expect(await daemon.takeRequests()).toEqual([{ kind: 'hold', ticketId: 1 }]);
  expect((await reader.ticket(1))?.state).toBe('claimed');
});

test('a command reads the journal of a stopped daemon', async () => {
  const daemon = await open();
  await daemon.see([1], 'poll', 1_000);
  await daemon.close();

  expect((await (await read()).ticket(1))?.state).toBe('seen');
});

test('a command without a journal says that the daemon never ran', async () => {
  const error = await refusal(readJournal({ file }));

  expect(error.message).toContain('no journal yet');
  expect(error.where).toBe(file);
});

test('a damaged file is refused with what to do', async () => {
  writeFileSync(file, 'no database'.repeat(500));

  const error = await refusal(openJournal({ file, now }));

  expect(error.message).toContain('damaged');
  expect(error.hint).toContain('move the file aside');
});

test('a journal with a damaged page is found out at start', async () => {
  const journal = await open();
  await journal.see(
    Array.from({ length: 5_000 }, (_, index) => index + 1),
    'poll',
    1_000,
  );
  await journal.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4_096 * 12, 4_096 * 16);
  writeFileSync(file, bytes);

  const error = await refusal(openJournal({ file, now }));

  expect(error.message).toContain('damaged');
});

test('another SQLite file is not taken for a journal', async () => {
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE notes (text TEXT)');
  other.close();

  expect((await refusal(openJournal({ file, now }))).message).toContain('not a journal of triaged');
  expect((await refusal(readJournal({ file }))).message).toContain('not a journal of triaged');
});

test('a journal of a newer version is refused, with both versions', async () => {
  await (await open()).close();
  const newer = new DatabaseSync(file);
  newer.exec('PRAGMA user_version = 99');
  newer.close();

  for (const opening of [openJournal({ file, now }), readJournal({ file })]) {
    expect((await refusal(opening)).message).toMatch(/version 99, this program knows 1/);
  }
});

test('a network file system is refused, a local one is not', async () => {
  for (const type of [0x6969, 0xff534d42, 0xff534d42 | 0, 0xfe534d42, 0x517b, 0x65735546]) {
    const error = await refusal(openJournal({ file, now, fileSystemType: () => type }));
    expect(error.message).toContain('network file system');
  }
  opened.push(await openJournal({ file, now, fileSystemType: () => 0xef53 }));
});

test('the last folder is made, a missing parent is an error', async () => {
  await open(join(folder, 'data', 'journal.db'));

  const error = await refusal(openJournal({ file: join(folder, 'a', 'b', 'journal.db'), now }));

  expect(error.message).toContain('does not exist');
  expect(error.where).toBe(join(folder, 'a', 'b'));
});

test('a folder in the place of the file is an error', async () => {
  mkdirSync(file);

  expect((await refusal(openJournal({ file, now }))).message).toContain('is a folder');
});

test('a place where nobody can write is an error', async () => {
  // /proc refuses even root, whom file modes do not stop.
  const error = await refusal(openJournal({ file: '/proc/journal.db', now }));

  expect(error.hint).toContain('write');
});

test('a full disk is worth another try, a read-only file is not', () => {
  const small = new DatabaseSync(':memory:');
  small.exec('CREATE TABLE filler (text TEXT); PRAGMA max_page_count = 3');
  const readOnly = new DatabaseSync(':memory:');
  readOnly.exec('PRAGMA query_only = 1');

  const full = thrown(() => small.exec('INSERT INTO filler VALUES (hex(zeroblob(90000)))'));
  const locked = thrown(() => readOnly.exec('CREATE TABLE t (x)'));

  expect(journalError(file, full)).toBeInstanceOf(TransientError);
  expect(journalError(file, full)).toMatchObject({ message: expect.stringContaining('full'), where: file });
  expect(journalError(file, locked)).toBeInstanceOf(ConfigError);
});

function thrown(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('a journal deleted under the daemon stops it from claiming', async () => {
  const journal = await open();
  await journal.see([1], 'poll', 1_000);
  renameSync(file, `${file}.gone`);

  const error = await refusal(journal.claim(1, 1_001));
  renameSync(`${file}.gone`, file);

  expect(error.message).toContain('deleted or replaced');
  expect(await journal.claim(1, 1_001)).toHaveLength(1);
});

test('a write that another process holds up leaves as a transient error', async () => {
  const journal = await open();
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');

  const error: unknown = await journal.see([1], 'poll', 1_000).catch((caught: unknown) => caught);
  holder.close();

  expect(error).toBeInstanceOf(TransientError);
  expect(await journal.see([1], 'poll', 1_000)).toEqual([1]);
});

test('10,000 tickets are seen in less than a second', async () => {
  const journal = await open();
  const ids = Array.from({ length: 10_000 }, (_, index) => index + 1);
  const started = performance.now();

  const fresh = await journal.see(ids, 'poll', 1_000);
  const milliseconds = performance.now() - started;

  expect(fresh).toHaveLength(10_000);
  expect(milliseconds).toBeLessThan(1_000);
});
