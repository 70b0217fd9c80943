import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyModel, GraphBuilder, valueInfo } from './graph.ts';
import { countText, coverage, fitLexical, lexicalRows } from './lexical.ts';
import { bucketList, characterList, lexicalScores, pieceList, tfIdfValues } from './ngram-nodes.ts';
import { charSpace, charSymbols, ngramCounts, pieceSpace, pieceSymbols, pieceTables } from './ngrams.ts';
import { randomNumbers } from './random.ts';
import { openGraph } from './session.ts';

const folder = join(import.meta.dirname, '..', '..', 'models', 'shipped', 'triage-de-en');
const pieces = ['<s>', '<pad>', '</s>', '<unk>', '▁WLAN', '▁wlan', '▁wl', 'an', '▁12', '▁90', 'AN'];

function smallTables() {
  return pieceTables(
    JSON.stringify({
      model: { type: 'Unigram', vocab: pieces.map((piece) => [piece, 0]) },
      added_tokens: pieces.slice(0, 4).map((content, id) => ({ id, content })),
    }),
  );
}

test('case, digits and the way a word is cut into pieces make no difference to its characters', () => {
  const tables = smallTables();

  expect(charSymbols([4], tables)).toEqual(charSymbols([5], tables));
  expect(charSymbols([6, 7], tables)).toEqual(charSymbols([5], tables));
  expect(charSymbols([8], tables)).toEqual(charSymbols([9], tables));
  expect(pieceSymbols([4, 7], tables)).toEqual(pieceSymbols([5, 10], tables));
});

test('padding and special pieces say nothing, the end of a text is a space', () => {
  const tables = smallTables();

  expect(charSymbols([0, 1, 3], tables)).toEqual([]);
  expect(charSymbols([2], tables)).toHaveLength(1);
  expect(pieceSymbols([1], tables)).toEqual([]);
});

test('every n-gram of the sizes asked for is counted', () => {
  const counts = ngramCounts([3, 4, 3, 4], { base: 10, sizes: [1, 2], buckets: 997 });

  expect(Object.fromEntries(counts)).toEqual({ 3: 2, 4: 2, 34: 2, 43: 1 });
});

test('an n-gram of one training text alone is not learned, and coverage tells what is familiar', () => {
  const tables = smallTables();
  const branch = fitLexical([countText([4], tables), countText([5], tables), countText([8], tables)]);

  expect(coverage(countText([6, 7], tables).characters, branch.characters)).toBe(1);
  expect(coverage(countText([8], tables).characters, branch.characters)).toBe(0);
});

test('graph and JavaScript compute the same lexical scores, in a batch of texts of any length', async () => {
  const tables = pieceTables(await readFile(join(folder, 'tokenizer.json'), 'utf8'));
  const random = randomNumbers(5);
  const text = () => [
    0,
    ...Array.from({ length: 1 + Math.floor(random() * 40) }, () => 4 + Math.floor(random() ** 3 * 900)),
    2,
  ];
  const branch = fitLexical(Array.from({ length: 30 }, () => countText(text(), tables)));
  const classes = 3;
  const weights = (rows: number) =>
    Int8Array.from({ length: rows * classes }, () => Math.floor(random() * 255) - 127);
  const characterRows = weights(charSpace.buckets + 1);
  const pieceRows = weights(pieceSpace.buckets + 1);
  const model = emptyModel([
    valueInfo('input_ids', 'int64', ['batch', 'seq']),
    valueInfo('attention_mask', 'int64', ['batch', 'seq']),
  ]);
  const builder = new GraphBuilder(model, 'own/');
  const chars = tfIdfValues(
    builder,
    bucketList(builder, characterList(builder, 'input_ids', tables), charSpace),
    branch.characters,
  );
  const words = tfIdfValues(
    builder,
    bucketList(builder, pieceList(builder, 'input_ids', tables), pieceSpace),
    branch.pieces,
  );
  builder.output('characters', lexicalScores(builder, chars, characterRows, classes), 'float32', [
    'batch',
    classes,
  ]);
  builder.output('pieces', lexicalScores(builder, words, pieceRows, classes), 'float32', ['batch', classes]);
  builder.output('coverage', chars.coverage, 'float32', ['batch', 1]);
  const session = await openGraph(model, JSON.stringify({ model_type: 'bert' }));
  const batch = [...Array.from({ length: 8 }, text), [0, 2]];

  const outputs = await session.run(batch);
  await session.close();

  for (const [i, ids] of batch.entries()) {
    const counts = countText(ids, tables);
    const rows = lexicalRows([counts], branch);
    for (let c = 0; c < classes; c++) {
      const sums = { characters: 0, pieces: 0 };
      for (const [k, column] of rows.columns.entries()) {
        const isCharacter = column < charSpace.buckets;
        const row = isCharacter ? column : column - charSpace.buckets;
        const weight = (isCharacter ? characterRows : pieceRows)[row * classes + c] ?? 0;
        sums[isCharacter ? 'characters' : 'pieces'] += (rows.values[k] ?? 0) * weight;
      }
      expect(outputs.characters?.[i * classes + c]).toBeCloseTo(sums.characters, 2);
      expect(outputs.pieces?.[i * classes + c]).toBeCloseTo(sums.pieces, 2);
    }
    expect(outputs.coverage?.[i]).toBeCloseTo(coverage(counts.characters, branch.characters), 5);
  }
});
