import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeJournalContract } from './contract.ts';
import { openJournal } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'triaged-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

let opened = 0;
describeJournalContract(() => {
  opened += 1;
  return openJournal({ file: join(folder, `journal-${opened}.db`), now: () => 1_000 });
});
