import type { Judged } from '../../src/learn/calibrate.ts';
import { argmax, type ClassFigures, perClass } from '../../src/learn/figures.ts';
import { shippedCategories, znunyPriorities } from '../../src/learn/shipped-categories.ts';
import type { Answered } from './answers.ts';
import { groupedAnswers, type JudgedMatters, modelPriorities } from './quality.ts';
import { three } from './statistics.ts';
import { table } from './table.ts';

type Section = { readonly title: string; readonly text: string };

const rowOf = (name: string, { precision, recall, support }: ClassFigures) => [
  name,
  three(precision),
  three(recall),
  String(support),
];
const heads = ['', 'precision', 'recall', 'texts'];

const wordsOf = ({ text }: Answered) => `${text.subject} ${text.body}`.trim().split(/\s+/).length;
const lengths = [
  ['under 10 words', 0, 10],
  ['10 to 29', 10, 30],
  ['30 to 79', 30, 80],
  ['80 and more', 80, Number.POSITIVE_INFINITY],
] as const;

/** How often what was said with a certainty came true: one row a bin of equal mass, a bar to see it. */
function calibrationPlot(judged: readonly Judged[], bins = 10): string {
  const sorted = judged.toSorted((a, b) => a.probability - b.probability);
  const rows = Array.from({ length: bins }, (_, bin) => {
    const part = sorted.slice(
      Math.floor((bin * sorted.length) / bins),
      Math.floor(((bin + 1) * sorted.length) / bins),
    );
    const said = part.reduce((sum, j) => sum + j.probability, 0) / Math.max(1, part.length);
    const came = part.filter((j) => j.right).length / Math.max(1, part.length);
    const bar = (value: number, mark: string) => mark.repeat(Math.round(value * 40));
    return [three(said), three(came), `\`${bar(said, '·').padEnd(41)}\`<br>\`${bar(came, '#').padEnd(41)}\``];
  });
  return table(['said', 'came true', 'said (·), came true (#)'], rows);
}

/** Figures per category, language and length, priorities, mistakes, and the calibration plot. */
export function detailTables(judged: JudgedMatters): Section[] {
  const { matters, de, en } = judged;
  const answers = [...de, ...en];
  const labels = [...matters, ...matters];
  const truth = labels.map(({ category }) => category);
  const right = answers.map(({ scores }, i) => argmax(scores) === truth[i]);
  const scores = answers.map((a) => a.scores);
  const accuracyOf = (fits: (i: number) => boolean) => {
    const at = [...answers.keys()].filter(fits);
    return [three(at.filter((i) => right[i]).length / Math.max(1, at.length)), String(at.length)];
  };
  const mistakes = new Map<string, number>();
  for (const [i, row] of scores.entries()) {
    if (right[i]) continue;
    const name = (c: number) => shippedCategories[c]?.name ?? '';
    const key = `${name(truth[i] ?? 0)} taken for ${name(argmax(row))}`;
    mistakes.set(key, (mistakes.get(key) ?? 0) + 1);
  }
  const worlds = [...new Set(matters.map(({ world }) => world))];
  return [
    {
      title: 'Judge by category',
      text: table(
        heads,
        perClass(scores, truth, shippedCategories.length).map((c, i) =>
          rowOf(shippedCategories[i]?.name ?? '', c),
        ),
      ),
    },
    {
      title: 'Judge by world, language and length',
      text: table(
        ['', 'category accuracy', 'texts'],
        [
          ...worlds.map((world) => [world, ...accuracyOf((i) => labels[i]?.world === world)]),
          ['German', ...accuracyOf((i) => i < matters.length)],
          ['English', ...accuracyOf((i) => i >= matters.length)],
          ...lengths.map(([name, from, to]) => [
            name,
            ...accuracyOf((i) => {
              const words = answers[i] ? wordsOf(answers[i]) : 0;
              return words >= from && words < to;
            }),
          ]),
        ],
      ),
    },
    {
      title: 'Judge by priority',
      text: table(
        heads,
        modelPriorities(judged).classes.map((c, i) => rowOf(znunyPriorities[i] ?? '', c)),
      ),
    },
    {
      title: 'Most frequent mistakes',
      text: table(
        ['mistake', 'texts'],
        [...mistakes]
          .sort((a, b) => b[1] - a[1])
          .slice(0, 12)
          .map(([name, count]) => [name, String(count)]),
      ),
    },
    { title: 'Calibration of groups', text: calibrationPlot(groupedAnswers(judged)) },
  ];
}
