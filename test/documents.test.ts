import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/cli/commands.ts';
import { loadConfig } from '../src/config/load.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFile(join(ROOT, file), 'utf8');

describe('what the documents say is so', () => {
  test("README's configuration by example loads", async () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(await read('README.md'))?.[1] ?? '';
    const file = join(await mkdtemp(join(tmpdir(), 'triaged-readme-')), 'config.yaml');
    await writeFile(file, yaml);

    const { config } = loadConfig({ file, env: { ZNUNY_PASSWORD: 'a-password' } });

    expect(config.routing.rules).toHaveLength(5);
  });

  test('README explains every error code that the program can print', async () => {
    const codes = new Set((await read('src/errors.ts')).match(/E_[A-Z_]+(?=')/g));
    const readme = await read('README.md');

    expect(codes.size).toBeGreaterThan(10);
    expect([...codes].filter((code) => !readme.includes(code))).toEqual([]);
  });

  test('README names exactly the commands that there are', async () => {
    const line = /`triaged ([a-z |]+)`, each with/.exec(await read('README.md'))?.[1] ?? '';

    expect(line.split(' | ').sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  test('every dependency has an exact version and a sentence in ARCHITECTURE.md', async () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(await read('package.json'));
    const all: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies };
    const architecture = await read('ARCHITECTURE.md');
    const named = Object.keys(all).filter((name) => !name.startsWith('@types/'));

    expect(Object.values(all).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(named.filter((name) => !architecture.includes(name))).toEqual([]);
  });

  test('every test that ARCHITECTURE.md calls a proof exists', async () => {
    const files = [...(await read('ARCHITECTURE.md')).matchAll(/`((?:test|src)\/[\w./-]+\.test\.ts)`/g)];

    expect(files.length).toBeGreaterThan(10);
    for (const [, file] of files) await stat(join(ROOT, file ?? ''));
  });

  test('no source file has grown past 300 lines', async () => {
    const entries = await readdir(join(ROOT, 'src'), { recursive: true });
    const long: string[] = [];
    for (const entry of entries.filter((name) => name.endsWith('.ts'))) {
      const lines = (await read(join('src', entry))).split('\n').length - 1;
      if (lines > 300 && !entry.endsWith('.test.ts')) long.push(`${entry}: ${lines}`);
    }

    expect(long).toEqual([]);
  });
});
