import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { describeError } from '../errors.ts';
import { changedKeys, requiresRestart } from './changes.ts';
import { loadConfig } from './load.ts';
import { Reloader, type ReloaderOptions } from './reload.ts';
import { CONNECTOR, load, writeConfig } from './testing.ts';

function reloader(content: string, more: Partial<ReloaderOptions> = {}) {
  const file = writeConfig(content);
  const options = { file, env: { PW: 'x' }, stillMs: 5, ...more };
  return { file, reloader: new Reloader(loadConfig(options), options) };
}

describe('changes', () => {
  test('changed keys are named to the leaf, those that need a restart apart', () => {
    const before = load(`${CONNECTOR}routing: {rules: [{category: A, queue: B}]}\n`).config;
    const after = load(
      `${CONNECTOR}mode: observe\nrouting: {rules: [{category: A, queue: C}]}\njournal: {path: x.db, retention_days: 3}\nserver: {listen: "127.0.0.1:1"}\n`,
      { env: { PW: 'another password' } },
    ).config;

    expect(changedKeys(before, before)).toEqual([]);
    expect(changedKeys(before, after)).toEqual([
      'mode',
      'connector.password',
      'routing.rules[0].queue',
      'journal.path',
      'journal.retention_days',
      'server.listen',
    ]);
    expect(requiresRestart(before, after)).toEqual(['connector.password', 'journal.path', 'server.listen']);
  });

  test('a list of another length is one change', () => {
    const before = load(CONNECTOR).config;
    const after = load(`${CONNECTOR}routing: {rules: [{queue: C}]}\n`).config;

    expect(changedKeys(before, after)).toEqual(['routing.rules']);
    expect(requiresRestart(before, after)).toEqual([]);
  });
});

describe('reload-atomic', () => {
  test('a good file becomes live and tells what changed', async () => {
    const { file, reloader: subject } = reloader(`${CONNECTOR}mode: observe\n`);
    writeFileSync(file, `${CONNECTOR}mode: suggest\n`);

    const result = await subject.reload();

    expect(result).toEqual({ ok: true, changed: ['mode'], needRestart: [] });
    expect(subject.live.config.mode).toBe('suggest');
  });

  test('a key that needs a restart is told at every reload until then', async () => {
    const { file, reloader: subject } = reloader(CONNECTOR);
    writeFileSync(file, `${CONNECTOR}journal: {path: other.db}\n`);

    await subject.reload();
    const second = await subject.reload();

    expect(second).toEqual({ ok: true, changed: [], needRestart: ['journal.path'] });
  });

  test.each([
    ['invalid', 'mode: [\n'],
    ['empty', ''],
    ['refused by the schema', `${CONNECTOR}mode: aply\n`],
  ])('a file that is %s changes nothing (F31)', async (_, content) => {
    const { file, reloader: subject } = reloader(`${CONNECTOR}mode: observe\n`);
    const before = subject.live;
    writeFileSync(file, content);

    const result = await subject.reload();

    expect(result.ok).toBe(false);
    expect(result.ok || describeError(result.error)).toContain('E_CONFIG');
    expect(subject.live).toBe(before);
  });

  test('a removed file changes nothing, and the next good one is taken', async () => {
    const { file, reloader: subject } = reloader(`${CONNECTOR}mode: observe\n`);
    rmSync(file);

    expect((await subject.reload()).ok).toBe(false);
    expect(subject.live.config.mode).toBe('observe');

    writeFileSync(file, `${CONNECTOR}mode: apply\n`);
    expect((await subject.reload()).ok).toBe(true);
    expect(subject.live.config.mode).toBe('apply');
  });

  test('what validate refuses does not become live, and validate sees the old one as live', async () => {
    const seen: string[] = [];
    const { file, reloader: subject } = reloader(`${CONNECTOR}mode: observe\n`, {
      validate: async (next, live) => {
        seen.push(`${live.config.mode} → ${next.config.mode}`);
        await sleep(1);
        throw new Error('no such queue');
      },
    });
    writeFileSync(file, `${CONNECTOR}mode: apply\n`);

    const result = await subject.reload();

    expect(result).toMatchObject({ ok: false, error: { message: 'no such queue' } });
    expect(seen).toEqual(['observe → apply']);
    expect(subject.live.config.mode).toBe('observe');
  });

  test('a file in the middle of being written is awaited: half of it would be valid too (F31)', async () => {
    const { file, reloader: subject } = reloader(CONNECTOR, { stillMs: 60 });
    const half = `${CONNECTOR}routing:\n  rules:\n    - {category: A, queue: B}\n`;
    writeFileSync(file, half);

    const reloading = subject.reload();
    await sleep(20);
    writeFileSync(file, `${half}    - {category: C, queue: D}\n`);
    await reloading;

    expect(subject.live.config.routing.rules).toHaveLength(2);
  });

  test('two reloads at once run one after the other', async () => {
    let running = 0;
    let most = 0;
    const { file, reloader: subject } = reloader(`${CONNECTOR}mode: observe\n`, {
      validate: async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(5);
        running -= 1;
      },
    });
    writeFileSync(file, `${CONNECTOR}mode: apply\n`);

    const [first, second] = await Promise.all([subject.reload(), subject.reload()]);

    expect(most).toBe(1);
    expect(first).toMatchObject({ ok: true, changed: ['mode'] });
    expect(second).toMatchObject({ ok: true, changed: [] });
  });
});
