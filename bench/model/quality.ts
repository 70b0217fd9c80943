import { auroc, type Judged } from '../../src/learn/calibrate.ts';
import {
  categoryFigures,
  groupFigures,
  judgeGroups,
  levelFigures,
  missedHighest,
  type PriorityFigures,
  priorityFigures,
} from '../../src/learn/evaluate.ts';
import { argmax } from '../../src/learn/figures.ts';
import { priorityCosts, quadraticKappa } from '../../src/learn/ordinal.ts';
import { shippedCategories, znunyPriorities } from '../../src/learn/shipped-categories.ts';
import type { Answered } from './answers.ts';
import type { Matter } from './judge.ts';
import { priorityByWords } from './priority-rules.ts';
import {
  bootstrap,
  chanceCalibration,
  type Estimate,
  mcnemar,
  share,
  three,
  withInterval,
} from './statistics.ts';

/** A line of a printed table. */
export type Line = readonly [figure: string, value: string, reach: string];

/** What the model says of every matter, in both languages. */
export type JudgedMatters = {
  readonly matters: readonly Matter[];
  readonly de: readonly Answered[];
  readonly en: readonly Answered[];
};

const rightOf = (answers: readonly Answered[], matters: readonly Matter[]) =>
  answers.map(({ scores }, i) => argmax(scores) === matters[i]?.category);

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
const is = (values: readonly boolean[]) => mean(values.map(Number));

/** Both languages' answers as one list, with the labels that belong to them. */
function both({ matters, de, en }: JudgedMatters): { answers: Answered[]; labels: Matter[] } {
  return { answers: [...de, ...en], labels: [...matters, ...matters] };
}

export function groupedAnswers(judged: JudgedMatters): Judged[] {
  const { answers, labels } = both(judged);
  return judgeGroups(
    answers.map(({ scores }) => scores),
    labels.map(({ category }) => category),
    shippedCategories,
  );
}

/** How far two people agree who know the guide: no model can be asked for more. */
export function ceilingLines(matters: readonly Matter[]): Line[] {
  const same = (of: (m: Matter) => readonly [number, number]) =>
    withInterval(share(matters.map((m) => of(m)[0] === of(m)[1])));
  const kappa = quadraticKappa(
    matters.map((m) => m.first.priority),
    matters.map((m) => m.second.priority),
    znunyPriorities.length,
  );
  return [
    ['two hands, same category', same((m) => [m.first.category, m.second.category]), 'the ceiling'],
    ['two hands, priority, quadratic weighted kappa', three(kappa), 'the ceiling'],
  ];
}

/** Accuracy, mean of both languages; how often both get the same category; and which got a matter right alone. */
function languageFigures({ matters, de, en }: JudgedMatters) {
  const right = { de: rightOf(de, matters), en: rightOf(en, matters) };
  return {
    right,
    accuracy: bootstrap(matters.length, (units) =>
      mean(units.map((i) => (Number(right.de[i]) + Number(right.en[i])) / 2)),
    ),
    same: share(matters.map((_, i) => argmax(de[i]?.scores ?? []) === argmax(en[i]?.scores ?? []))),
    onlyGerman: matters.filter((_, i) => right.de[i] && !right.en[i]).length,
    onlyEnglish: matters.filter((_, i) => right.en[i] && !right.de[i]).length,
  };
}

export function categoryLines(judged: JudgedMatters): Line[] {
  const { matters } = judged;
  const { right, accuracy, same, onlyGerman, onlyEnglish } = languageFigures(judged);
  const { answers, labels } = both(judged);
  const figures = categoryFigures(
    answers.map(({ scores }) => scores),
    labels.map(({ category }) => category),
  );
  const hard = (flag: boolean) =>
    three(
      mean([
        is(right.de.filter((_, i) => matters[i]?.hard === flag)),
        is(right.en.filter((_, i) => matters[i]?.hard === flag)),
      ]),
    );
  return [
    ['judge, category accuracy, mean of both languages', withInterval(accuracy), '≥ 0.86'],
    ['— German, English', `${three(is(right.de))}, ${three(is(right.en))}`, ''],
    ['— hard matters, the others', `${hard(true)}, ${hard(false)}`, ''],
    ['— right one among the first two', three(figures.firstTwo), ''],
    ['— macro-F1', three(figures.macroF1), ''],
    ['same top category in both languages', withInterval(same), '≥ 0.88'],
    [
      'McNemar between the languages',
      `p = ${three(mcnemar(onlyGerman, onlyEnglish))} (only German right ${onlyGerman}, only English ${onlyEnglish})`,
      'not significant',
    ],
  ];
}

export function calibrationLines(judged: JudgedMatters, threshold: number): Line[] {
  const { answers, labels } = both(judged);
  const single = answers.map(
    ({ scores }, i): Judged => ({
      probability: Math.exp(Math.max(...scores)),
      right: argmax(scores) === labels[i]?.category,
    }),
  );
  const grouped = groupedAnswers(judged);
  const chance = { single: chanceCalibration(single), grouped: chanceCalibration(grouped) };
  const { accuracy, calibrationError, operating } = groupFigures(grouped, threshold);
  const beside = ({ mean: m, percentile95 }: { mean: number; percentile95: number }) =>
    `by chance ${three(m)}, 95th percentile ${three(percentile95)}`;
  const all = categoryFigures(
    answers.map(({ scores }) => scores),
    labels.map(({ category }) => category),
  );
  const kept = (units: readonly number[]) =>
    units.flatMap((i) => grouped[i] ?? []).filter((j) => j.probability >= threshold);
  const precision: Estimate = bootstrap(grouped.length, (units) => is(kept(units).map((j) => j.right)));
  return [
    [
      'category ECE, 10 equal-mass bins',
      `${three(all.calibrationError)} (${beside(chance.single)})`,
      'within the 95th',
    ],
    ['group ECE', `${three(calibrationError)} (${beside(chance.grouped)})`, 'within the 95th'],
    ['group accuracy', three(accuracy), ''],
    [`group, precision at the shipped threshold ${threshold.toFixed(2)}`, withInterval(precision), '≥ 0.94'],
    ['group, coverage there', three(operating.coverage), '≥ 0.65'],
  ];
}

/** Rules see the raw text, as an administrator's would. */
function figuresByWords({ matters }: JudgedMatters): PriorityFigures {
  return levelFigures(
    matters.flatMap(({ de, en }) => [priorityByWords(de), priorityByWords(en)]),
    matters.flatMap(({ priority }) => [priority, priority]),
    znunyPriorities.length,
  );
}

export function modelPriorities(judged: JudgedMatters): PriorityFigures {
  const { answers, labels } = both(judged);
  return priorityFigures(
    answers.map(({ priorities }) => priorities),
    labels.map(({ priority }) => priority),
    priorityCosts(znunyPriorities.length, missedHighest),
  );
}

export function priorityLines(judged: JudgedMatters): Line[] {
  const figures = modelPriorities(judged);
  const highest = figures.classes.at(-1);
  const byWords = figuresByWords(judged);
  const highestByWords = byWords.classes.at(-1);
  return [
    ['priority, quadratic weighted kappa', three(figures.kappa), '≥ 0.55'],
    ['"5 very high", precision', three(highest?.precision ?? 0), '≥ 0.8'],
    ['"5 very high", recall', three(highest?.recall ?? 0), '≥ 0.5'],
    [
      'priority accuracy (always the most frequent)',
      `${three(figures.accuracy)} (${three(figures.majority)})`,
      '',
    ],
    [
      '— by rules over words alone: kappa, accuracy',
      `${three(byWords.kappa)}, ${three(byWords.accuracy)}`,
      '',
    ],
    [
      '— "5 very high" by rules: precision, recall',
      `${three(highestByWords?.precision ?? 0)}, ${three(highestByWords?.recall ?? 0)}`,
      '',
    ],
  ];
}

/** `moved`: by a rule of the default configuration, not into its default queue. */
export function unknownLines(
  judged: JudgedMatters,
  unknown: readonly Answered[],
  languages: readonly string[],
  moved: (answered: Answered) => boolean,
): Line[] {
  const { answers } = both(judged);
  const score = ({ prediction }: Answered) => prediction.unknownScore;
  const known = answers.map(score);
  const inLanguages = unknown.filter((_, i) => ['de', 'en'].includes(languages[i] ?? ''));
  const others = unknown.filter((_, i) => !['de', 'en'].includes(languages[i] ?? ''));
  const percent = (list: readonly Answered[]) =>
    `${((100 * list.filter(moved).length) / list.length).toFixed(1)}`;
  return [
    ['unknown tickets, AUROC', three(auroc(unknown.map(score), known)), '≥ 0.93'],
    [
      '— German and English ones, other languages',
      `${three(auroc(inLanguages.map(score), known))}, ${three(auroc(others.map(score), known))}`,
      '',
    ],
    ['moved to a team by the default configuration, of 100', percent(unknown), '≤ 10'],
    ['— German and English ones, other languages', `${percent(inLanguages)}, ${percent(others)}`, ''],
    ['called unknown, in-scope tickets', calledUnknown(answers), ''],
  ];
}

const calledUnknown = (answers: readonly Answered[]) =>
  `${(100 * is(answers.map(({ prediction }) => prediction.unknown))).toFixed(1)} % of ${answers.length}`;

/** Tickets of under ten words, a set of their own: the judge has too few of them. */
export function shortLines(judged: JudgedMatters): Line[] {
  const { right, accuracy, same } = languageFigures(judged);
  return [
    ['category accuracy, mean of both languages', withInterval(accuracy), ''],
    ['— German, English', `${three(is(right.de))}, ${three(is(right.en))}`, ''],
    ['same top category in both languages', withInterval(same), ''],
    ['priority, quadratic weighted kappa', three(modelPriorities(judged).kappa), ''],
    ['called unknown', calledUnknown(both(judged).answers), '≤ 5 %'],
  ];
}
