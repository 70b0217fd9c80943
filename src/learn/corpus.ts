import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanText } from '../text/clean.ts';
import type { Prepared, Tasks } from './branches.ts';
import type { Folds } from './cross-validate.ts';
import { embedTexts, encodeIds, type InputText, inputOf, loadTokenizer } from './embed.ts';
import { bareEncoder } from './encoder-nodes.ts';
import { readFolds } from './folds-file.ts';
import { readModel } from './graph.ts';
import { countText } from './lexical.ts';
import { pieceTables } from './ngrams.ts';
import type { OnnxModel } from './onnx-messages.ts';
import { type Example, readExamples, readTexts } from './seeds.ts';
import { shippedCategories, znunyPriorities } from './shipped-categories.ts';

export const modelsFolder = join(import.meta.dirname, '..', '..', 'models');
export const shippedName = 'triage-de-en';
export const shippedFolder = join(modelsFolder, 'shipped', shippedName);
export const evidencePath = join(modelsFolder, 'training', 'evidence.jsonl');
export const novelPath = join(modelsFolder, 'training', 'novel.jsonl');

export const shippedTasks: Tasks = {
  categories: shippedCategories.length,
  steps: znunyPriorities.length - 1,
};

/** Everything that the shipped model is trained on, and what is left out together to judge it. */
export type Corpus = {
  readonly seeds: readonly Example[];
  readonly unknown: readonly InputText[];
  readonly folds: Folds;
};

const clean = (text: InputText) => cleanText(text);

export async function readCorpus(): Promise<Corpus> {
  const data = join(modelsFolder, 'data');
  const seeds = await readExamples(join(data, 'seed'), shippedCategories, znunyPriorities, clean);
  const folds = await readFolds(
    join(data, 'folds.json'),
    seeds.map(({ world }) => world),
  );
  return { seeds, unknown: await readTexts(join(data, 'unknown'), clean), folds };
}

/** Token ids of each text; `folder` holds the tokenizer. */
export async function tokenIds(texts: readonly InputText[], folder: string): Promise<number[][]> {
  const tokenizer = await loadTokenizer(folder);
  return texts.map((text) => encodeIds(tokenizer, inputOf(text)));
}

/** Which texts, labels and folds these are: evidence is worth nothing where a fold's encoder saw what it judges. */
export function corpusHash({ seeds, folds }: Corpus, ids: readonly (readonly number[])[]): string {
  const labels = seeds.map(({ world, category, priority }) => [world, category, priority]);
  return createHash('sha256')
    .update(JSON.stringify([folds, labels, ids]))
    .digest('hex');
}

/** An encoder's graph, taken out of whatever was built on it. */
export async function openEncoder(path: string): Promise<OnnxModel> {
  return bareEncoder(readModel(await readFile(path)), 384);
}

/** Texts as both branches see them. */
export async function prepare(
  texts: readonly InputText[],
  encoder: OnnxModel,
  folder: string,
): Promise<Prepared[]> {
  const tables = pieceTables(await readFile(join(folder, 'tokenizer.json'), 'utf8'));
  const encoded = await embedTexts(encoder, folder, texts);
  return encoded.map((text) => ({ encoded: text, counts: countText(text.ids, tables) }));
}
