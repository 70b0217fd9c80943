import type { Operating } from './calibrate.ts';
import type { Decisions, Figures } from './evaluate.ts';
import type { NovelFigures } from './novel.ts';
import type { Category } from './seeds.ts';

const number = (value: number) => value.toFixed(3);
const atThreshold = (o: Operating) =>
  `${o.threshold.toFixed(2)}: coverage ${number(o.coverage)}, precision ${number(o.precision)}`;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** What the build prints and the card says, all from worlds left out. */
export function figureLines(
  f: Figures,
  { thresholds }: Decisions,
  described: NovelFigures,
): [string, string][] {
  const f1 = f.worldF1.map((w) => w.macroF1);
  const highest = f.priority.classes.at(-1);
  return [
    ['tickets, sets', `${f.category.tickets}, ${f.worlds}`],
    [
      'category accuracy, among the first two',
      `${number(f.category.accuracy)}, ${number(f.category.firstTwo)}`,
    ],
    ['category macro-F1, all worlds together', number(f.category.macroF1)],
    ['category macro-F1, mean of the worlds (least)', `${number(mean(f1))} (${number(Math.min(...f1))})`],
    ['category ECE', number(f.category.calibrationError)],
    ['encoder branch alone, accuracy', number(f.encoderOnly)],
    ['lexical branch alone, accuracy', number(f.lexicalOnly)],
    ['group accuracy, ECE', `${number(f.group.accuracy)}, ${number(f.group.calibrationError)}`],
    ['group, shipped threshold (95 % precision in three of four sets)', atThreshold(f.group.operating)],
    [
      'priority accuracy (always the most frequent)',
      `${number(f.priority.accuracy)} (${number(f.priority.majority)})`,
    ],
    ['priority, quadratic weighted kappa', number(f.priority.kappa)],
    [
      '"5 very high", precision, recall',
      `${number(highest?.precision ?? 0)}, ${number(highest?.recall ?? 0)}`,
    ],
    ['raised priorities, shipped threshold', atThreshold(f.raises)],
    ['unknown AUROC', `${number(f.unknownAuroc)} (${f.unknownTexts} unknown texts)`],
    [
      `unknown score >= ${(thresholds.unknown ?? 1).toFixed(2)}`,
      `${number(f.unknownFlagged)} of unknown, ${number(f.knownFlagged)} of known texts`,
    ],
    [
      `described categories, never trained (${described.tickets} tickets): recall, precision`,
      `${number(described.recall)}, ${number(described.precision)}`,
    ],
    ['— right answers of trained categories lost to them', number(described.lost)],
  ];
}

export function classLines(f: Figures, categories: readonly Category[]): string[][] {
  return categories.map((category, i) => {
    const c = f.category.classes[i];
    return [category.name, number(c?.precision ?? 0), number(c?.recall ?? 0), String(c?.support ?? 0)];
  });
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

export function modelCard(
  name: string,
  lines: readonly [string, string][],
  f: Figures,
  decisions: Decisions,
  categories: readonly Category[],
): string {
  return `# ${name}

A text classifier for German and English service-desk tickets: category, priority, and how far it can judge a
text at all. It is the cold start of triaged: good enough to begin with, cautious where it is unsure, and meant
to be overtaken by a model that is trained on a desk's own history. The long card, with the figures on tickets
that nobody trained on and how everything was measured, is models/README.md in the project.

## What it gives
One ONNX graph (opset 17, int8), inputs \`input_ids\` and \`attention_mask\`:
- \`logits\`: ${categories.length} categories; softmax is the calibrated probability.
- \`priority_logits\`: Znuny's five priorities, low to high; softmax likewise. Which to choose: \`priorityCosts\`.
- \`unknown_score\`: 0 to 1; at ${(decisions.thresholds.unknown ?? 1).toFixed(2)} or above the text is not of the kind it was made for.
- \`embedding\`: 384 numbers of length 1, to compare texts.

It loads as an ordinary text-classification model in transformers.js (dtype q8). The input is
\`query: {subject}</s>{body}\`; \`triaged.json\` says so, and holds groups, thresholds and checksums.

| category | group | meaning |
|---|---|---|
${categories.map((c) => row([c.name, c.group, c.description])).join('\n')}

## How it works
- A six-layer bilingual encoder, tuned end to end on the seeds; the mean over the whole text and the mean over
  the subject's tokens, both centred, from one run.
- A lexical branch inside the graph: characters are recovered from the token ids, n-grams of 2 to 5 characters
  and of 1 and 2 folded token pieces are hashed, weighed by tf-idf and summed up from int8 tables.
- Linear heads on each: categories, the steps between priorities, known against unknown. Mixture and
  temperature are folded into the heads.
- The unknown score adds how near the nearest training tickets are, how much the categories draw the text, and
  how many of its n-grams are familiar.

## Figures of worlds left out
Trained on ${f.category.tickets} tickets made up for this project, in ${f.worlds} sets (a company with its products and people each; one
of short tickets), each by hands of its own, about half German, half English; unknown texts: ${f.unknownTexts} of other
trades, of daily life and in other languages.
Each figure is of worlds that neither the encoder nor the heads had seen. Worlds written to one brief were left out
together, those with a brief of their own in two halves. Unknown texts are left out by turns, not by hand: their
figures flatter, those of the judge (models/README.md) do not.

| figure | value |
|---|---|
${lines.map(row).join('\n')}

| category | precision | recall | tickets |
|---|---|---|---|
${classLines(f, categories).map(row).join('\n')}

Mixture, temperature and thresholds are chosen on worlds left out (a few numbers from ${f.category.tickets}
tickets); models/README.md has the figures of tickets that chose nothing.

## Limits
- Made-up tickets are not yours: expect several points less on a new desk, more doubt, and worse figures where
  your words for things differ. Watch first, then switch on.
- Priority is weakly told by text alone; leave it off, or to rules, until it has proved itself.
- German and English only. Look-alikes (invoice and payment, email and access, complaint and other) are
  settled by what must be done first, which another desk may see differently.
- Texts beyond 256 tokens are cut.

Licence: see NOTICE.
`;
}
