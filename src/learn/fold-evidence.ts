import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { LeftOut } from './cross-validate.ts';
import { fromLine, toLine } from './evidence-file.ts';
import type { FoldEncoder } from './fold-encoders.ts';

/** One fold's part of the evidence, beside its encoder: numbers of the texts left out, and their rows. */
const partSchema = z.strictObject({
  texts: z.string(),
  encoder: z.string(),
  known: z.array(z.tuple([z.int(), z.string()])),
  unknown: z.array(z.tuple([z.int(), z.string()])),
});

const pathOf = ({ path }: FoldEncoder) => path.replace(/\.onnx$/, '.evidence.json');

/** What an earlier run found with this very encoder on these very texts, if any. */
export async function readPart(encoder: FoldEncoder, texts: string): Promise<LeftOut | undefined> {
  if (!existsSync(pathOf(encoder))) return undefined;
  const part = partSchema.parse(JSON.parse(await readFile(pathOf(encoder), 'utf8')));
  if (part.texts !== texts || part.encoder !== (await encoder.sha256())) return undefined;
  const rows = (list: readonly (readonly [number, string])[]) => {
    const found: LeftOut['known'] = [];
    for (const [i, line] of list) found[i] = fromLine(line);
    return found;
  };
  return { known: rows(part.known), unknown: rows(part.unknown) };
}

export async function writePart(encoder: FoldEncoder, texts: string, leftOut: LeftOut): Promise<void> {
  const lines = (rows: LeftOut['known']) =>
    [...rows.entries()].flatMap(([i, row]): [number, string][] => (row ? [[i, toLine(row)]] : []));
  const part = {
    texts,
    encoder: await encoder.sha256(),
    known: lines(leftOut.known),
    unknown: lines(leftOut.unknown),
  };
  await writeFile(pathOf(encoder), JSON.stringify(part));
}
