import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { Folds } from './cross-validate.ts';

const schema = z.array(z.array(z.string()).min(1)).min(2);

/** Errors: ConfigError `E_MODEL` where a world has no fold or several, or a fold names a world that is not there. */
export async function readFolds(path: string, worlds: readonly string[]): Promise<Folds> {
  const read = schema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!read.success) throw wrong(path, 'At least two lists of names of worlds are needed.');
  const placed = read.data.flat();
  const misplaced =
    worlds.find((world) => placed.filter((w) => w === world).length !== 1) ??
    placed.find((world) => !worlds.includes(world));
  if (misplaced === undefined) return read.data;
  throw wrong(path, `The world ${misplaced} must be a file of seeds and stand in one fold.`);
}

const wrong = (path: string, message: string) =>
  new ConfigError('E_MODEL', message, {
    where: path,
    hint: 'A fold holds the worlds that are left out together.',
  });
