import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Prepared } from '../../src/learn/branches.ts';
import { centred, fitCentre } from '../../src/learn/centre.ts';
import { openEncoder, prepare, readCorpus, shippedFolder } from '../../src/learn/corpus.ts';
import { argmax } from '../../src/learn/figures.ts';
import { linearScores, trainLogistic } from '../../src/learn/logistic.ts';
import { randomNumbers } from '../../src/learn/random.ts';
import { shippedCategories } from '../../src/learn/shipped-categories.ts';
import { fromDense } from '../../src/learn/sparse.ts';
import { cleanText } from '../../src/text/clean.ts';
import type { Matter } from './judge.ts';
import type { Line } from './quality.ts';
import { bootstrap, withInterval } from './statistics.ts';

const shots = 8;
const draws = 10;

/** The judge's texts, an operator's few examples and the categories' sentences, as one encoder sees them. */
type Seen = { readonly judge: Prepared[]; readonly seeds: Prepared[]; readonly descriptions: Prepared[] };

/** `shots` numbers of seeds for each category, drawn without repetition. */
function drawShots(categories: readonly number[], random: () => number): number[] {
  const byCategory = Map.groupBy(categories.keys(), (i) => categories[i] ?? 0);
  return [...byCategory.values()].flatMap((list) => {
    const left = [...list];
    return Array.from({ length: shots }, () => left.splice(Math.floor(random() * left.length), 1)[0] ?? 0);
  });
}

/** Share of draws in which a head trained on nothing but the draw gets each judge text right. */
function hits(
  seen: Seen,
  drawn: readonly number[][],
  categories: readonly number[],
  truth: readonly number[],
): number[] {
  const right = truth.map(() => 0);
  for (const draw of drawn) {
    const texts = [...draw.flatMap((i) => seen.seeds[i] ?? []), ...seen.descriptions];
    const labels = [...draw.map((i) => categories[i] ?? 0), ...shippedCategories.keys()];
    const centre = fitCentre(texts.map(({ encoded }) => encoded));
    const rows = (list: readonly Prepared[]) =>
      fromDense(list.map(({ encoded }) => centred(encoded, centre)));
    const head = trainLogistic(rows(texts), labels, {
      classes: shippedCategories.length,
      l2: 1e-3,
      smoothing: 0.1,
      maxIterations: 120,
    });
    for (const [i, scores] of linearScores(rows(seen.judge), head).entries()) {
      if (argmax(scores) === truth[i]) right[i] = (right[i] ?? 0) + 1 / drawn.length;
    }
  }
  return right;
}

/**
 * What the encoder is worth to an operator with a few labelled tickets of his own: heads from nothing on
 * 8 tickets a category and its description, beside the same on encoder-start where that lies at `start`.
 */
export async function fewShotLines(matters: readonly Matter[], start: string | undefined): Promise<Line[]> {
  const { seeds } = await readCorpus();
  const categories = seeds.map(({ category }) => category);
  const judge = matters.flatMap(({ de, en }) => [cleanText(de), cleanText(en)]);
  const truth = matters.flatMap(({ category }) => [category, category]);
  const random = randomNumbers(22);
  const drawn = Array.from({ length: draws }, () => drawShots(categories, random));
  const used = [...new Set(drawn.flat())];
  const descriptions = shippedCategories.map(({ name, description }) => ({
    subject: name,
    body: description,
  }));

  const see = async (encoder: string): Promise<number[]> => {
    const graph = await openEncoder(encoder);
    const ready = await prepare(
      [...judge, ...descriptions, ...used.flatMap((i) => seeds[i] ?? [])],
      graph,
      shippedFolder,
    );
    const all: Prepared[] = [];
    for (const [k, i] of used.entries()) {
      const text = ready[judge.length + descriptions.length + k];
      if (text) all[i] = text;
    }
    const seen: Seen = {
      judge: ready.slice(0, judge.length),
      descriptions: ready.slice(judge.length, judge.length + descriptions.length),
      seeds: all,
    };
    return hits(seen, drawn, categories, truth);
  };

  const tuned = await see(join(shippedFolder, 'onnx', 'model_quantized.onnx'));
  const meanOf = (values: readonly number[]) => (units: readonly number[]) =>
    units.reduce((sum, i) => sum + ((values[2 * i] ?? 0) + (values[2 * i + 1] ?? 0)) / 2, 0) / units.length;
  const lines: Line[] = [
    [
      `${shots} seeds and a description a category, heads from nothing`,
      withInterval(bootstrap(matters.length, meanOf(tuned))),
      'aim 0.70',
    ],
  ];
  if (start === undefined || !existsSync(start)) {
    lines.push(['— better than encoder-start by', 'not measured: --encoder-start FILE is not there', '> 0']);
    return lines;
  }
  const before = await see(start);
  const gain = tuned.map((value, i) => value - (before[i] ?? 0));
  lines.push([
    '— better than encoder-start by',
    withInterval(bootstrap(matters.length, meanOf(gain))),
    '> 0',
  ]);
  return lines;
}
