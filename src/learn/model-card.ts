import type { Operating } from './calibrate.ts';
import type { ClassFigures } from './figures.ts';
import type { Category } from './seeds.ts';

/** Everything that the build prints and the card says, all from worlds left out. */
export type Figures = {
  readonly tickets: number;
  readonly worlds: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly calibrationError: number;
  readonly encoderAccuracy: number;
  readonly lexicalAccuracy: number;
  readonly groupAccuracy: number;
  readonly groupCalibrationError: number;
  readonly operating: Operating;
  readonly plainOperating: Operating;
  /** of the quarter of tickets least like any of another world */
  readonly strangeAccuracy: number;
  readonly strangeGroupAccuracy: number;
  readonly strangeOperating: Operating;
  readonly priorityAccuracy: number;
  readonly priorityMajority: number;
  readonly priorityMacroF1: number;
  readonly priorityOperating: Operating;
  readonly unknownTexts: number;
  readonly unknownAuroc: number;
  readonly unknownThreshold: number;
  readonly unknownFlagged: number;
  readonly knownFlagged: number;
  readonly classes: readonly ClassFigures[];
};

/** Figures of tickets by a hand that wrote none of the training tickets. */
export type HandFigures = {
  readonly tickets: number;
  readonly accuracy: number;
  readonly groupAccuracy: number;
  readonly groupCalibrationError: number;
  readonly operating: Operating;
  readonly flagged: number;
};

const number = (value: number) => value.toFixed(3);
const atThreshold = (o: Operating) =>
  `${o.threshold.toFixed(2)}: coverage ${number(o.coverage)}, precision ${number(o.precision)}`;

export function handLines(h: HandFigures): [string, string][] {
  return [
    ['another hand, tickets', String(h.tickets)],
    ['another hand, category accuracy', number(h.accuracy)],
    ['another hand, group accuracy, ECE', `${number(h.groupAccuracy)}, ${number(h.groupCalibrationError)}`],
    ['another hand, group, shipped threshold', atThreshold(h.operating)],
    ['another hand, called unknown', number(h.flagged)],
  ];
}

export function figureLines(f: Figures): [string, string][] {
  return [
    ['tickets, worlds', `${f.tickets}, ${f.worlds}`],
    ['category accuracy', number(f.accuracy)],
    ['category macro-F1', number(f.macroF1)],
    ['category ECE', number(f.calibrationError)],
    ['encoder branch alone, accuracy', number(f.encoderAccuracy)],
    ['lexical branch alone, accuracy', number(f.lexicalAccuracy)],
    ['group accuracy', number(f.groupAccuracy)],
    ['group ECE', number(f.groupCalibrationError)],
    ['group, 95 % precision without a margin', atThreshold(f.plainOperating)],
    ['group, shipped threshold', atThreshold(f.operating)],
    [
      'strangest quarter, category, group accuracy',
      `${number(f.strangeAccuracy)}, ${number(f.strangeGroupAccuracy)}`,
    ],
    ['strangest quarter, group, shipped threshold', atThreshold(f.strangeOperating)],
    [
      'priority accuracy (always "3 normal")',
      `${number(f.priorityAccuracy)} (${number(f.priorityMajority)})`,
    ],
    ['priority macro-F1', number(f.priorityMacroF1)],
    ['priority, shipped threshold', atThreshold(f.priorityOperating)],
    ['unknown AUROC', `${number(f.unknownAuroc)} (${f.unknownTexts} unknown texts)`],
    [
      `unknown score >= ${f.unknownThreshold.toFixed(2)}`,
      `${number(f.unknownFlagged)} of unknown, ${number(f.knownFlagged)} of known texts`,
    ],
  ];
}

export function classLines(f: Figures, categories: readonly Category[]): string[][] {
  return categories.map((category, i) => {
    const c = f.classes[i];
    return [category.name, number(c?.precision ?? 0), number(c?.recall ?? 0), String(c?.support ?? 0)];
  });
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

export function modelCard(
  name: string,
  f: Figures,
  hand: HandFigures,
  categories: readonly Category[],
): string {
  return `# ${name}

A text classifier for German and English service-desk tickets: category, priority, and how far it can judge a
text at all. It is the cold start of triaged: good enough to begin with, cautious where it is unsure, and meant
to be overtaken by a model that is trained on a desk's own history.

## What it gives
One ONNX graph (opset 17, int8), inputs \`input_ids\` and \`attention_mask\`:
- \`logits\`: ${categories.length} categories; softmax is the calibrated probability.
- \`priority_logits\`: Znuny's five priorities, low to high; softmax likewise.
- \`unknown_score\`: 0 to 1; at ${f.unknownThreshold.toFixed(2)} or above the text is not of the kind it was made for.
- \`embedding\`: 384 numbers of length 1, to compare texts.

It loads as an ordinary text-classification model in transformers.js (dtype q8). The input is
\`query: {subject}</s>{body}\`; \`triaged.json\` says so, and holds groups, thresholds and checksums.

| category | group | meaning |
|---|---|---|
${categories.map((c) => row([c.name, c.group, c.description])).join('\n')}

## How it works
- A six-layer bilingual encoder, run over the whole text and over the subject; both means are centred.
- A lexical branch inside the graph: characters are recovered from the token ids, n-grams of 2 to 5 characters
  and of 1 and 2 folded token pieces are hashed, weighed by tf-idf and summed up from int8 tables.
- A linear head on each; their mixture and its temperature are folded into the heads.
- The unknown score weighs the distance to the nearest training tickets, how much the categories draw the text,
  how many n-grams are familiar, and the embedding itself.

## Training and figures
Trained on ${f.tickets} tickets made up for this project by ${f.worlds} hands, each with a world of its own
(company, products, people), half German, half English. Unknown texts: ${f.unknownTexts} tickets of other trades and
languages. The figures are of worlds left out: the judging model had never seen that world. The
"strangest quarter" are the tickets least like any of another world: the nearest to what a new desk may expect.
"Another hand" is the finished model on short tickets written apart (models/data/judge): few, plain, and
easier than a real desk's.

| figure | value |
|---|---|
${[...figureLines(f), ...handLines(hand)].map(row).join('\n')}

| category | precision | recall | tickets |
|---|---|---|---|
${classLines(f, categories).map(row).join('\n')}

The mixture, its temperature and the thresholds are chosen on these same left-out answers (a few numbers from
${f.tickets} tickets), and the scores are then made a little less sure, since a new desk is harder. The unknown
figures are of unknown texts and worlds left out alike. The 84 tickets of another hand are easy
ones and were looked at when that caution was set: a check, not a proof.

## Limits
- Made-up tickets are not yours: the worlds share habits of phrasing, so expect several points less on a new
  desk, more doubt, and worse figures where your words for things differ. Watch first, then switch on.
- Priority is weakly told by text alone; leave it off, or to rules, until it has proved itself.
- German and English only. Look-alikes (invoice and payment, email and access, complaint and other) are
  settled by what must be done first, which another desk may see differently.
- Texts beyond 256 tokens are cut.

Licence: see NOTICE.
`;
}
