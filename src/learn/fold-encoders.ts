import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../errors.ts';

/** An encoder that models/training tuned without the worlds of one fold. */
export type FoldEncoder = { readonly path: string; readonly sha256: string };

const numberOf = (file: string) => Number(/^fold-(\d+)\.onnx$/.exec(file)?.[1] ?? Number.NaN);

/** `fold-1.onnx`, `fold-2.onnx` … in the folder that `tune.py` wrote. */
export async function foldEncoders(folder: string): Promise<FoldEncoder[]> {
  const files = (await readdir(folder)).filter((file) => !Number.isNaN(numberOf(file)));
  const sorted = files.toSorted((a, b) => numberOf(a) - numberOf(b));
  if (sorted.length < 2 || sorted.some((file, i) => numberOf(file) !== i + 1)) {
    throw new ConfigError(
      'E_MODEL',
      `Fold encoders 1 to n are needed, found: ${sorted.join(', ') || 'none'}.`,
      {
        where: folder,
        hint: 'models/training/README.md tells how they are made.',
      },
    );
  }
  return Promise.all(
    sorted.map(async (file) => {
      const path = join(folder, file);
      const data = await readFile(path);
      return { path, sha256: createHash('sha256').update(data).digest('hex') };
    }),
  );
}
