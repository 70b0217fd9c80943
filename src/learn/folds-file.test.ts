import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFolds } from './folds-file.ts';

describe('folds', () => {
  let folder: string;
  let path: string;
  const write = (folds: readonly (readonly string[])[]) => writeFile(path, JSON.stringify(folds));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folds-'));
    path = join(folder, 'folds.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('hold every world once', async () => {
    await write([['bank', 'airport'], ['school']]);

    expect(await readFolds(path, ['airport', 'bank', 'bank', 'school'])).toEqual([
      ['bank', 'airport'],
      ['school'],
    ]);
  });

  test.each([
    ['a world without a fold', [['bank'], ['school']], ['airport', 'bank', 'school'], 'airport'],
    ['a world in two folds', [['bank'], ['bank', 'school']], ['bank', 'school'], 'bank'],
    ['a fold of a world that is not there', [['bank'], ['school', 'zoo']], ['bank', 'school'], 'zoo'],
  ])('%s is refused by name', async (_, folds, worlds, name) => {
    await write(folds);

    await expect(readFolds(path, worlds)).rejects.toThrow(`The world ${name} must`);
  });

  test('one fold is none: nothing would be left to train', async () => {
    await write([['bank', 'school']]);

    await expect(readFolds(path, ['bank', 'school'])).rejects.toThrow('At least two lists');
  });
});
