import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LoadedConfig, loadConfig, readConfig } from './load.ts';
import type { Environment } from './substitute.ts';

/** For tests only: a valid connector, to which a test adds what it is about. */
export const CONNECTOR = `connector: {url: https://znuny.example.com, username: bot, password: "\${PW}"}\n`;

type Rest = { readonly sets?: readonly string[]; readonly env?: Environment };

/** A folder of its own that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'triaged-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeConfig(content: string | Uint8Array, folder = temporaryFolder()): string {
  const file = join(folder, 'config.yaml');
  writeFileSync(file, content);
  return file;
}

export function load(content: string | Uint8Array, rest: Rest = {}): LoadedConfig {
  return loadConfig({ file: writeConfig(content), env: { PW: 'hunter2-secret' }, ...rest });
}

/** The problems of a file, as `line:col key: message`. */
export function problems(content: string | Uint8Array, rest: Rest = {}): readonly string[] {
  const file = writeConfig(content);
  const result = readConfig({ file, env: { PW: 'hunter2-secret' }, ...rest });
  if (result.ok) return [];
  return result.problems.map(({ where, key, message }) => {
    const place = where.startsWith(`${file}:`) ? where.slice(file.length + 1) : where.replace(file, 'FILE');
    return `${place} ${key}: ${message}`;
  });
}
