import { type Centre, centred, fitCentre } from './centre.ts';
import type { EncodedText } from './embed.ts';
import { fitLexical, type LexicalBranch, lexicalRows, type TextCounts } from './lexical.ts';
import { type LinearHead, linearScores, trainBinary, trainLogistic } from './logistic.ts';
import { stepLabels } from './ordinal.ts';
import { dequantizeHead, joinHeads, quantizeHead } from './quantize.ts';
import { appendRows, fromDense, rowCount, type SparseRows } from './sparse.ts';

/** A text as both branches see it. */
export type Prepared = { readonly encoded: EncodedText; readonly counts: TextCounts };

/** The two branches, fitted without labels: what is subtracted, which n-grams are known. */
export type Representation = { readonly centre: Centre; readonly lexical: LexicalBranch };

export type Labels = { readonly world: string; readonly category: number; readonly priority: number };

/** How many scores each task has; they stand in this order: categories | priority steps | unknown. */
export type Tasks = { readonly categories: number; readonly steps: number };

export const scoreCount = ({ categories, steps }: Tasks) => categories + steps + 1;

/** One linear head on each branch, trained apart and mixed later; each gives all scores of all tasks. */
export type Heads = { readonly encoder: LinearHead; readonly lexical: LinearHead };

const encoderL2 = 1e-4;
const lexicalL2 = 3e-5;
/** Stronger: a few hundred unknown texts must not teach topics by heart. */
const unknownL2 = 1e-3;
const smoothing = 0.1;

export function fitRepresentation(known: readonly Prepared[]): Representation {
  return {
    centre: fitCentre(known.map((text) => text.encoded)),
    lexical: fitLexical(known.map((text) => text.counts)),
  };
}

export type Features = { readonly encoder: SparseRows; readonly lexical: SparseRows };

export function features(texts: readonly Prepared[], representation: Representation): Features {
  return {
    encoder: fromDense(texts.map((text) => centred(text.encoded, representation.centre))),
    lexical: lexicalRows(
      texts.map((text) => text.counts),
      representation.lexical,
    ),
  };
}

function trainBranch(
  known: SparseRows,
  labels: readonly Labels[],
  unknown: SparseRows,
  tasks: Tasks,
  { l2, maxIterations }: { readonly l2: number; readonly maxIterations: number },
): LinearHead {
  const category = labels.map((label) => label.category);
  const steps = labels.map((label) => stepLabels(label.priority, tasks.steps));
  const options = { l2, smoothing, maxIterations };
  const heads = [trainLogistic(known, category, { ...options, classes: tasks.categories })];
  for (let k = 0; k < tasks.steps; k++) {
    const above = steps.map((row) => row[k] ?? 0);
    heads.push(trainBinary(known, above, options));
  }
  const strange = [...labels.map(() => 0), ...Array.from({ length: rowCount(unknown) }, () => 1)];
  heads.push(
    trainBinary(appendRows(known, unknown), strange, { l2: unknownL2, maxIterations, balanced: true }),
  );
  return heads.reduce(joinHeads);
}

/** The lexical head comes back as it will be stored: rounded to int8. */
export function trainHeads(
  known: Features,
  labels: readonly Labels[],
  unknown: Features,
  tasks: Tasks,
): Heads {
  const lexical = trainBranch(known.lexical, labels, unknown.lexical, tasks, {
    l2: lexicalL2,
    maxIterations: 60,
  });
  return {
    encoder: trainBranch(known.encoder, labels, unknown.encoder, tasks, {
      l2: encoderL2,
      maxIterations: 120,
    }),
    lexical: dequantizeHead(quantizeHead(lexical)),
  };
}

/** Scores of both branches, in the order of the texts. */
export type BranchScores = { readonly encoder: Float64Array; readonly lexical: Float64Array };

export function scoreHeads(rows: Features, heads: Heads): BranchScores[] {
  const lexical = linearScores(rows.lexical, heads.lexical);
  return linearScores(rows.encoder, heads.encoder).map((encoder, i) => ({
    encoder,
    lexical: lexical[i] ?? new Float64Array(encoder.length),
  }));
}
