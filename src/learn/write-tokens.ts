import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readCorpus, shippedFolder, tokenIds } from './corpus.ts';

/**
 * `npm run -s model:tokens -- --out FILE`: seeds and unknown texts as token ids for models/training, cleaned
 * and cut exactly as they are when tickets are read.
 */
const { values: options } = parseArgs({
  options: { tokenizer: { type: 'string', default: shippedFolder }, out: { type: 'string' } },
});
if (options.out === undefined) throw new Error('--out FILE is missing');

const { seeds, unknown } = await readCorpus();
const ids = await tokenIds([...seeds, ...unknown], options.tokenizer);
const lines = ids.map((row, i) => {
  const seed = seeds[i];
  if (!seed) return { set: 'unknown', ids: row };
  const { world, category, priority, pair } = seed;
  return { set: 'seed', world, category, priority, pair, ids: row };
});
await writeFile(options.out, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
console.log(`${seeds.length} tickets and ${unknown.length} unknown texts in ${options.out}`);
