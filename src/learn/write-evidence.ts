import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Labels } from './branches.ts';
import {
  briefPath,
  evidencePath,
  firstBrief,
  novelPath,
  openEncoder,
  prepare,
  readCorpus,
  shippedFolder,
  shippedTasks,
  textsHash,
  tokenIds,
} from './corpus.ts';
import { foldOf, insideFold, type LeftOut, leaveOut } from './cross-validate.ts';
import { type EvidenceFile, writeEvidence } from './evidence-file.ts';
import { briefEncoders, encoderAt, foldCount, foldEncoders } from './fold-encoders.ts';
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

const { seeds, unknown } = await readCorpus();
const encoders = foldEncoders(options.folds, foldCount);
const texts = textsHash(seeds, await tokenIds([...seeds, ...unknown], options.tokenizer));
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
  await writeEvidence(briefPath, await briefEvidence(options.folds));
  await writeNovel(novelPath, await novelEvidence(join(options.folds, 'novel.onnx'), encoders.length));
  const hashes = await Promise.all(encoders.map(({ sha256 }) => sha256()));
  await writeEvidence(options.out, { texts, encoders: hashes, leftOut });
  console.log(`written to ${options.out}, ${briefPath} and ${novelPath}`);
}

async function judgeFold(fold: number, path: string): Promise<LeftOut> {
  console.error(`fold ${fold + 1} of ${encoders.length}`);
  const prepared = await prepare([...seeds, ...unknown], await openEncoder(path), options.tokenizer);
  const all = { known: prepared.slice(0, seeds.length), unknown: prepared.slice(seeds.length) };
  return leaveOut(insideFold(fold, encoders.length, seeds, unknown.length), all, seeds, shippedTasks);
}

/** All tickets of one brief by a model that saw the other brief's only, and the other way round. */
async function briefEvidence(folder: string): Promise<EvidenceFile> {
  const leftOut: LeftOut = { known: [], unknown: [] };
  const hashes: string[] = [];
  for (const [k, encoder] of briefEncoders(folder).entries()) {
    console.error(`brief ${k + 1} of 2`);
    const inside = {
      known: seeds.map(({ world }) => firstBrief.includes(world) === (k === 0)),
      unknown: unknown.map(() => false),
    };
    const prepared = await prepare(
      [...seeds, ...unknown],
      await openEncoder(encoder.path),
      options.tokenizer,
    );
    const all = { known: prepared.slice(0, seeds.length), unknown: prepared.slice(seeds.length) };
    const part = leaveOut(inside, all, seeds, shippedTasks);
    for (const [i, row] of part.known.entries()) if (row) leftOut.known[i] = row;
    hashes.push(await encoder.sha256());
  }
  return { texts, encoders: hashes, leftOut };
}

/** The encoder that never saw some categories, on the worlds that it did not see either (fold 1's). */
async function novelEvidence(path: string, folds: number): Promise<NovelEvidence> {
  console.error('described categories');
  const texts = [...seeds, ...describedTexts(shippedCategories)];
  const prepared = await prepare(texts, await openEncoder(path), options.tokenizer);
  const outside = ({ world }: Labels) => foldOf(world, seeds, folds) !== 0;
  const descriptions = prepared.slice(seeds.length);
  const encoder = await encoderAt(path).sha256();
  const rows = readNovel(prepared.slice(0, seeds.length), seeds, descriptions, novelCategories, outside);
  return { encoder, novel: novelCategories, rows };
}
