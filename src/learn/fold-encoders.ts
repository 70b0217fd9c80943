import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An encoder that models/training tuned without the worlds of one fold. */
export type FoldEncoder = { readonly path: string; sha256(): Promise<string> };

export function encoderAt(path: string): FoldEncoder {
  return {
    path,
    sha256: async () =>
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
  };
}

/** `fold-1.onnx`, `fold-2.onnx` … in the folder that `tune.py` writes; they need not all be there yet. */
export function foldEncoders(folder: string, count: number): FoldEncoder[] {
  return Array.from({ length: count }, (_, i) => encoderAt(join(folder, `fold-${i + 1}.onnx`)));
}
