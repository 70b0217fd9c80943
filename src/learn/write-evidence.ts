import { parseArgs } from 'node:util';
import {
  evidencePath,
  openEncoder,
  prepare,
  readCorpus,
  shippedFolder,
  shippedTasks,
  textsHash,
} from './corpus.ts';
import { type LeftOut, leaveFoldOut } from './cross-validate.ts';
import { writeEvidence } from './evidence-file.ts';
import { foldEncoders } from './fold-encoders.ts';

/**
 * `npm run -s model:evidence -- --folds FOLDER`: heads on each fold's encoder, and what they say of the texts
 * left out. Minutes a fold; the result is kept in models/training/evidence.jsonl.
 */
const { values: options } = parseArgs({
  options: {
    folds: { type: 'string' },
    tokenizer: { type: 'string', default: shippedFolder },
    out: { type: 'string', default: evidencePath },
  },
});
if (options.folds === undefined) throw new Error('--folds FOLDER is missing');

const { seeds, unknown } = await readCorpus();
const encoders = await foldEncoders(options.folds);
const leftOut: LeftOut = { known: [], unknown: [] };
let texts = '';
for (const [fold, { path }] of encoders.entries()) {
  console.error(`fold ${fold + 1} of ${encoders.length}`);
  const prepared = await prepare([...seeds, ...unknown], await openEncoder(path), options.tokenizer);
  texts = textsHash(
    seeds,
    prepared.map((text) => [...text.encoded.ids]),
  );
  leaveFoldOut(
    fold,
    encoders.length,
    { known: prepared.slice(0, seeds.length), unknown: prepared.slice(seeds.length) },
    seeds,
    shippedTasks,
    leftOut,
  );
}
await writeEvidence(options.out, { texts, encoders: encoders.map((e) => e.sha256), leftOut });
console.log(`written to ${options.out}`);
