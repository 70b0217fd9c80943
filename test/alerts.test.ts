import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
// On a bare machine the tool may be missing; CI installs it, so that a skip there is a failure.
const mayRun = hasPromtool || process.env.CI === 'true';

test.skipIf(!mayRun)('promtool accepts ops/alerts.yml (needs promtool)', async () => {
  const file = join(import.meta.dirname, '..', 'ops', 'alerts.yml');

  const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', file]);

  expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
});
