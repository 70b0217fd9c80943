import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { addedScore, cosine, type Similarity } from '../classify/description.ts';
import { features, fitRepresentation, type Labels, type Prepared } from './branches.ts';
import { centred } from './centre.ts';
import { argmax } from './figures.ts';
import { linearScores, logSoftmax, trainBinary, trainLogistic } from './logistic.ts';
import type { Category } from './seeds.ts';
import { fromDense } from './sparse.ts';
import { unit } from './unknown.ts';

/**
 * How well one sentence stands for a category: an encoder that never saw some categories (and neither some
 * worlds) reads tickets of those worlds. What it says is kept, since the scale of `Similarity` comes from it.
 */
/** Network, Email, Complaint: one of each kind; the same as `tune.py --novel`. */
export const novelCategories: readonly number[] = [0, 3, 12];

const headSchema = z.strictObject({ encoder: z.string(), novel: z.array(z.int()).readonly() });
const rowSchema = z.strictObject({
  category: z.int(),
  /** to the description of every category */
  cosines: z.array(z.number()),
  /** probability of the best of the trained categories, and whether it was right */
  best: z.number(),
  right: z.boolean(),
});

export type NovelRow = z.infer<typeof rowSchema>;
export type NovelEvidence = z.infer<typeof headSchema> & { readonly rows: readonly NovelRow[] };

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;

/** `texts` as the novel encoder sees them; `outside` are the worlds that it was tuned on. */
export function readNovel(
  texts: readonly Prepared[],
  labels: readonly Labels[],
  descriptions: readonly Prepared[],
  novel: readonly number[],
  outside: (label: Labels) => boolean,
): NovelRow[] {
  const trained = [...labels.keys()].filter((i) => {
    const label = labels[i];
    return label !== undefined && outside(label) && !novel.includes(label.category);
  });
  const pick = (at: readonly number[]) => at.flatMap((i) => texts[i] ?? []);
  const representation = fitRepresentation(pick(trained));
  const { centre } = representation;
  const options = { classes: descriptions.length, l2: 1e-4, smoothing: 0.1, maxIterations: 120 };
  const head = trainLogistic(
    features(pick(trained), representation).encoder,
    trained.map((i) => labels[i]?.category ?? 0),
    options,
  );
  const vector = ({ encoded }: Prepared) => [...unit(centred(encoded, centre).subarray(0, centre.width))];
  const anchors = descriptions.map(vector);
  const judged = [...labels.keys()].filter((i) => labels[i] !== undefined && !outside(labels[i]));
  const scores = linearScores(features(pick(judged), representation).encoder, head);
  return pick(judged).map((text, k) => {
    const category = labels[judged[k] ?? 0]?.category ?? 0;
    const logs = logSoftmax(scores[k] ?? []);
    const best = argmax(logs);
    return {
      category,
      cosines: anchors.map((anchor) => rounded(cosine(vector(text), anchor))),
      best: rounded(Math.exp(logs[best] ?? 0)),
      right: best === category,
    };
  });
}

const ownOf = ({ cosines }: NovelRow, novel: readonly number[]) =>
  Math.max(...cosines.filter((_, c) => !novel.includes(c)));

/** Log-odds that a ticket is of a category that only its description tells. */
export function fitSimilarity({ rows, novel }: NovelEvidence): Similarity {
  const pairs = rows.flatMap((row) =>
    novel.map((c) => ({ near: [row.cosines[c] ?? 0, ownOf(row, novel)], label: Number(row.category === c) })),
  );
  const head = trainBinary(
    fromDense(pairs.map(({ near }) => Float32Array.from(near))),
    pairs.map(({ label }) => label),
    { l2: 1e-5, maxIterations: 200, tolerance: 1e-8 },
  );
  const [added = 0, own = 0] = head.weights;
  return { added: rounded(added), own: rounded(own), bias: rounded(head.bias[0] ?? 0) };
}

export type NovelFigures = {
  readonly tickets: number;
  /** of the tickets of described categories, and of those said to be of one */
  readonly recall: number;
  readonly precision: number;
  /** share of the trained categories' tickets that a description takes away although they were right */
  readonly lost: number;
};

/** What descriptions beside the trained head do, on the worlds left out. */
export function novelFigures(evidence: NovelEvidence, similarity: Similarity): NovelFigures {
  const { rows, novel } = evidence;
  const said = rows.map((row) => {
    const odds = novel.map((c) => Math.exp(addedScore(row.cosines[c] ?? 0, ownOf(row, novel), similarity)));
    const top = argmax(odds);
    return (odds[top] ?? 0) > row.best ? novel[top] : undefined;
  });
  const described = rows.filter(({ category }) => novel.includes(category));
  const hit = rows.filter(({ category }, i) => said[i] === category);
  const own = rows.filter(({ category }) => !novel.includes(category));
  return {
    tickets: described.length,
    recall: hit.length / Math.max(1, described.length),
    precision: hit.length / Math.max(1, said.filter((s) => s !== undefined).length),
    lost: rows.filter(({ right }, i) => right && said[i] !== undefined).length / Math.max(1, own.length),
  };
}

export async function writeNovel(path: string, { rows, ...head }: NovelEvidence): Promise<void> {
  await writeFile(path, `${[head, ...rows].map((line) => JSON.stringify(line)).join('\n')}\n`);
}

export async function readNovelFile(path: string): Promise<NovelEvidence> {
  const [first = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return {
    ...headSchema.parse(JSON.parse(first)),
    rows: lines.map((line) => rowSchema.parse(JSON.parse(line))),
  };
}

export const describedTexts = (categories: readonly Category[]) =>
  categories.map(({ name, description }) => ({ subject: name, body: description }));
