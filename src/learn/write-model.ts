import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  corpusHash,
  evidencePath,
  novelPath,
  openEncoder,
  prepare,
  readCorpus,
  shippedFolder,
  shippedName,
  shippedTasks,
} from './corpus.ts';
import { evaluate } from './evaluate.ts';
import { readEvidence } from './evidence-file.ts';
import { appendModel } from './head-nodes.ts';
import { classLines, figureLines, modelCard } from './model-card.ts';
import { pieceTables } from './ngrams.ts';
import { notice } from './notice.ts';
import { fitSimilarity, novelFigures, readNovelFile } from './novel.ts';
import { shipModel } from './ship.ts';
import { shippedCategories, znunyPriorities } from './shipped-categories.ts';
import { judgeLeftOut, train, weigh } from './train.ts';

/**
 * `npm run -s model:heads`: trains the heads of the shipped model and writes its folder. The encoder is taken
 * out of the model shipped before, or from `--encoder FILE` (what tune.py wrote). Some minutes; twice the same
 * input gives the same ONNX file.
 */
const { values: options } = parseArgs({
  options: {
    encoder: { type: 'string', default: join(shippedFolder, 'onnx', 'model_quantized.onnx') },
    tokenizer: { type: 'string', default: shippedFolder },
    evidence: { type: 'string', default: evidencePath },
    out: { type: 'string', default: shippedFolder },
    date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  },
});

const corpus = await readCorpus();
const { seeds, unknown } = corpus;
const encoder = await openEncoder(options.encoder);
console.error(`reading ${seeds.length + unknown.length} texts`);
const prepared = await prepare([...seeds, ...unknown], encoder, options.tokenizer);
const ids = prepared.map((text) => text.encoded.ids);
const { leftOut } = await readEvidence(options.evidence, corpusHash(corpus, ids));
const weighing = weigh(leftOut, seeds, shippedTasks);
const evidence = judgeLeftOut(leftOut, weighing, shippedTasks);
const { figures, decisions } = evaluate(evidence, seeds, shippedCategories, znunyPriorities);
const novel = await readNovelFile(novelPath);
const similarity = fitSimilarity(novel);
const described = novelFigures(novel, similarity);
for (const [figure, value] of figureLines(figures, decisions, described))
  console.log(`${figure.padEnd(46)} ${value}`);
for (const [category = '', ...cells] of classLines(figures, shippedCategories)) {
  console.log(`${category.padEnd(46)} precision ${cells[0]}, recall ${cells[1]}, ${cells[2]} tickets`);
}

console.error('training the heads');
const known = prepared.slice(0, seeds.length);
const model = train(known, seeds, prepared.slice(seeds.length), shippedTasks, weighing);
const tables = pieceTables(await readFile(join(options.tokenizer, 'tokenizer.json'), 'utf8'));
const { operating } = figures.group;
await shipModel(
  {
    name: shippedName,
    graph: appendModel(encoder, model, tables),
    categories: shippedCategories,
    priorities: znunyPriorities,
    decisions,
    similarity,
    languages: ['de', 'en'],
    training: {
      data: `${seeds.length} made-up tickets in ${figures.worlds} sets (models/data/seed) and ${unknown.length} unknown texts (models/data/unknown)`,
      date: options.date,
      evidence:
        `worlds left out: the summed probability of a group has ${(100 * operating.precision).toFixed(1)} % precision ` +
        `at the threshold, coverage ${operating.coverage.toFixed(3)}`,
    },
    card: modelCard(
      shippedName,
      figureLines(figures, decisions, described),
      figures,
      decisions,
      shippedCategories,
    ),
    notice,
  },
  options.tokenizer,
  options.out,
);
console.log(`written to ${options.out}`);
