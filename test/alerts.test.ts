import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { lacks } from './support/needs.ts';

test.skipIf(lacks('promtool', '--version'))('promtool accepts ops/alerts.yml (needs promtool)', async () => {
  const file = join(import.meta.dirname, '..', 'ops', 'alerts.yml');

  const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', file]);

  expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
});
