import { type Centre, centred, fitCentre } from './centre.ts';
import type { EncodedText } from './embed.ts';
import { fitLexical, type LexicalBranch, lexicalRows, type TextCounts } from './lexical.ts';
import { type LinearHead, linearScores, trainLogistic } from './logistic.ts';
import { dequantizeHead, quantizeHead } from './quantize.ts';
import { fromDense, type SparseRows } from './sparse.ts';

/** A text as both branches see it. */
export type Prepared = { readonly encoded: EncodedText; readonly counts: TextCounts };

/** The two branches, fitted without labels: what is subtracted, which n-grams are known. */
export type Representation = { readonly centre: Centre; readonly lexical: LexicalBranch };

/** One task (category, priority): a linear head on each branch, trained apart and mixed later. */
export type TaskHeads = { readonly encoder: LinearHead; readonly lexical: LinearHead };

export type TaskScores = { readonly encoder: Float64Array[]; readonly lexical: Float64Array[] };

const encoderL2 = 1e-4;
const lexicalL2 = 3e-5;
const smoothing = 0.1;

export function fitRepresentation(texts: readonly Prepared[]): Representation {
  return {
    centre: fitCentre(texts.map((text) => text.encoded)),
    lexical: fitLexical(texts.map((text) => text.counts)),
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

/** The lexical head comes back as it will be stored: rounded to int8. */
export function trainTask(rows: Features, labels: readonly number[], classes: number): TaskHeads {
  const lexical = trainLogistic(rows.lexical, labels, { classes, l2: lexicalL2, smoothing });
  return {
    encoder: trainLogistic(rows.encoder, labels, { classes, l2: encoderL2, smoothing, maxIterations: 120 }),
    lexical: dequantizeHead(quantizeHead(lexical)),
  };
}

export function scoreTask(rows: Features, heads: TaskHeads): TaskScores {
  return {
    encoder: linearScores(rows.encoder, heads.encoder),
    lexical: linearScores(rows.lexical, heads.lexical),
  };
}
