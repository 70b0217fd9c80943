import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Labels } from './branches.ts';
import {
  corpusHash,
  evidencePath,
  novelPath,
  openEncoder,
  prepare,
  readCorpus,
  shippedFolder,
  shippedTasks,
  tokenIds,
} from './corpus.ts';
import { foldOf, insideFold, type LeftOut, leaveOut } from './cross-validate.ts';
import { writeEvidence } from './evidence-file.ts';
import { encoderAt, foldEncoders } from './fold-encoders.ts';
import { readPart, writePart } from './fold-evidence.ts';
import { describedTexts, type NovelEvidence, novelCategories, readNovel, writeNovel } from './novel.ts';
import { shippedCategories } from './shipped-categories.ts';

/**
 * `npm run -s model:evidence -- --folds FOLDER`: heads on each fold's encoder, and what they say of the texts
 * left out. Minutes a fold, which are kept beside the encoder: what was broken off goes on, and `--fold K` does
 * one alone, so that several can run at once. The result is kept in models/training.
 */
const { values: options } = parseArgs({
  options: {
    folds: { type: 'string' },
    fold: { type: 'string' },
    tokenizer: { type: 'string', default: shippedFolder },
    out: { type: 'string', default: evidencePath },
  },
});
if (options.folds === undefined) throw new Error('--folds FOLDER is missing');

const corpus = await readCorpus();
const { seeds, unknown, folds } = corpus;
const encoders = foldEncoders(options.folds, folds.length);
const texts = corpusHash(corpus, await tokenIds([...seeds, ...unknown], options.tokenizer));
const leftOut: LeftOut = { known: [], unknown: [] };
for (const [fold, encoder] of encoders.entries()) {
  if (options.fold !== undefined && Number(options.fold) !== fold + 1) continue;
  const known = await readPart(encoder, texts);
  const part = known ?? (await judgeFold(fold, encoder.path));
  if (!known) await writePart(encoder, texts, part);
  for (const kind of ['known', 'unknown'] as const) {
    for (const [i, row] of part[kind].entries()) if (row) leftOut[kind][i] = row;
  }
}
if (options.fold === undefined) {
  await writeNovel(novelPath, await novelEvidence(join(options.folds, 'novel.onnx')));
  const hashes = await Promise.all(encoders.map(({ sha256 }) => sha256()));
  await writeEvidence(options.out, { texts, encoders: hashes, leftOut });
  console.log(`written to ${options.out} and ${novelPath}`);
}

async function judgeFold(fold: number, path: string): Promise<LeftOut> {
  console.error(`fold ${fold + 1} of ${encoders.length}`);
  const prepared = await prepare([...seeds, ...unknown], await openEncoder(path), options.tokenizer);
  const all = { known: prepared.slice(0, seeds.length), unknown: prepared.slice(seeds.length) };
  return leaveOut(insideFold(fold, folds, seeds, unknown.length), all, seeds, shippedTasks);
}

/** The encoder that never saw some categories, on the worlds that it did not see either (fold 1's). */
async function novelEvidence(path: string): Promise<NovelEvidence> {
  console.error('described categories');
  const texts = [...seeds, ...describedTexts(shippedCategories)];
  const prepared = await prepare(texts, await openEncoder(path), options.tokenizer);
  const outside = ({ world }: Labels) => foldOf(world, folds) !== 0;
  const descriptions = prepared.slice(seeds.length);
  const encoder = await encoderAt(path).sha256();
  const rows = readNovel(prepared.slice(0, seeds.length), seeds, descriptions, novelCategories, outside);
  return { encoder, novel: novelCategories, rows };
}
