import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import {
  corpusHash,
  evidencePath,
  modelsFolder,
  novelPath,
  readCorpus,
  shippedFolder,
  shippedTasks,
  tokenIds,
} from '../../src/learn/corpus.ts';
import { evaluate } from '../../src/learn/evaluate.ts';
import { readEvidence } from '../../src/learn/evidence-file.ts';
import { figureLines } from '../../src/learn/model-card.ts';
import { fitSimilarity, novelFigures, readNovelFile } from '../../src/learn/novel.ts';
import { shippedCategories, znunyPriorities } from '../../src/learn/shipped-categories.ts';
import { judgeLeftOut, weigh } from '../../src/learn/train.ts';
import { answer, openShipped } from './answers.ts';
import { movedByDefault } from './default-routing.ts';
import { detailTables } from './details.ts';
import { externalLines } from './external.ts';
import { fewShotLines } from './few-shot.ts';
import { type Matter, readMatters, readShort, readUnknown } from './judge.ts';
import {
  calibrationLines,
  categoryLines,
  ceilingLines,
  type JudgedMatters,
  type Line,
  priorityLines,
  shortLines,
  unknownLines,
} from './quality.ts';
import { memoryLines, speedLines } from './speed.ts';
import { replaceSection, table } from './table.ts';

/**
 * `npm run bench:model`: every figure of the shipped model, from what lies in the repository. Sets that lie
 * beside it only are read where they are present. `--write` puts the tables into models/README.md.
 */
const { values: options } = parseArgs({
  options: {
    'encoder-start': { type: 'string', default: process.env.TRIAGED_ENCODER_START },
    data: { type: 'string', default: process.env.TRIAGED_DATA },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const sections: { title: string; text: string }[] = [];

function show(title: string, text: string): void {
  sections.push({ title, text });
  console.log(`\n## ${title}\n\n${text}`);
}

const lined = (lines: readonly Line[]) => table(['figure', 'measured', 'to reach'], lines);

async function judge(of: readonly Matter[]): Promise<JudgedMatters> {
  const texts = (lang: 'de' | 'en') => of.map((matter) => matter[lang]);
  const de = await answer(classifier, texts('de'));
  return { matters: of, de, en: await answer(classifier, texts('en')) };
}

const matters = await readMatters();
const unknown = await readUnknown();
const classifier = await openShipped();
try {
  const judged = await judge(matters);
  const strange = await answer(classifier, unknown);
  const { info } = classifier;
  const moved = movedByDefault(info);
  const languages = unknown.map(({ lang }) => lang);
  show(
    'Judge',
    lined([
      ...ceilingLines(matters),
      ...categoryLines(judged),
      ...calibrationLines(judged, info.threshold ?? 1),
      ...priorityLines(judged),
      ...unknownLines(judged, strange, languages, moved),
    ]),
  );
  for (const { title, text } of detailTables(judged)) show(title, text);
  show('Short tickets', lined(shortLines(await judge(await readShort()))));
  const inScope = [...judged.de, ...judged.en];
  const external = await externalLines(classifier, options.data, inScope, moved);
  if (external.length > 0) show('Sets that lie beside the project', lined(external));
} finally {
  await classifier.stop();
}

const corpus = await readCorpus();
const { seeds, unknown: trained } = corpus;
const ids = await tokenIds([...seeds, ...trained], shippedFolder);
const { leftOut } = await readEvidence(evidencePath, corpusHash(corpus, ids));
const weighing = weigh(leftOut, seeds, shippedTasks);
const evidence = judgeLeftOut(leftOut, weighing, shippedTasks);
const { figures, decisions } = evaluate(evidence, seeds, shippedCategories, znunyPriorities);
const novel = await readNovelFile(novelPath);
const described = novelFigures(novel, fitSimilarity(novel));
show('Worlds left out', table(['figure', 'measured'], figureLines(figures, decisions, described)));
show(
  'Worlds left out, each by itself',
  table(
    ['set', 'category macro-F1'],
    figures.worldF1
      .toSorted((a, b) => a.macroF1 - b.macroF1)
      .map(({ world, macroF1 }) => [world, macroF1.toFixed(3)]),
  ),
);

if (!options.quick) {
  show('A few examples', lined(await fewShotLines(matters, options['encoder-start'])));
  const texts = matters.flatMap(({ de, en }) => [de, en]);
  const [cpu] = cpus();
  show(
    'Speed and memory',
    `${availableParallelism()} cores, ${cpu?.model.trim() ?? 'unknown'}\n\n${lined([
      ...(await speedLines(texts, options['encoder-start'])),
      ...(await memoryLines(texts)),
    ])}`,
  );
}

if (options.write) {
  for (const path of [join(modelsFolder, 'README.md'), join(modelsFolder, '..', 'README.md')]) {
    let document = await readFile(path, 'utf8');
    for (const { title, text } of sections) document = replaceSection(document, title, text);
    await writeFile(path, document);
    console.log(`\nwritten to ${path}`);
  }
}
