import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import {
  briefPath,
  evidencePath,
  modelsFolder,
  novelPath,
  readCorpus,
  shippedFolder,
  shippedTasks,
  textsHash,
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
import { readMatters, readUnknown } from './judge.ts';
import {
  calibrationLines,
  categoryLines,
  ceilingLines,
  type Line,
  priorityLines,
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

const matters = await readMatters();
const unknown = await readUnknown();
const classifier = await openShipped();
try {
  const de = await answer(
    classifier,
    matters.map((m) => m.de),
  );
  const en = await answer(
    classifier,
    matters.map((m) => m.en),
  );
  const judged = { matters, de, en };
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
  const external = await externalLines(classifier, options.data, [...de, ...en], moved);
  if (external.length > 0) show('Sets that lie beside the project', lined(external));
} finally {
  await classifier.stop();
}

const { seeds, unknown: trained } = await readCorpus();
const ids = await tokenIds([...seeds, ...trained], shippedFolder);
const { leftOut } = await readEvidence(evidencePath, textsHash(seeds, ids));
const { known: otherBrief } = (await readEvidence(briefPath, textsHash(seeds, ids))).leftOut;
const weighing = weigh(leftOut, otherBrief, seeds, shippedTasks);
const evidence = judgeLeftOut(leftOut, otherBrief, weighing, shippedTasks);
const { figures, decisions } = evaluate(evidence, seeds, shippedCategories, znunyPriorities);
const novel = await readNovelFile(novelPath);
const described = novelFigures(novel, fitSimilarity(novel));
show('Worlds left out', table(['figure', 'measured'], figureLines(figures, decisions, described)));

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
