import {
  type BranchScores,
  features,
  fitRepresentation,
  type Labels,
  type Prepared,
  scoreHeads,
  type Tasks,
  trainHeads,
} from './branches.ts';
import { centred } from './centre.ts';
import { coverage } from './lexical.ts';
import { makeReferences, nearness, type References } from './unknown.ts';

/** What was said of one text by heads and by an encoder that never saw its world. */
export type LeftOutRow = BranchScores & {
  /** see `unknown.ts` */
  readonly nearness: number;
  readonly characterCoverage: number;
  readonly pieceCoverage: number;
};

/** In the order of the texts. */
export type LeftOut = { readonly known: LeftOutRow[]; readonly unknown: LeftOutRow[] };

/** All texts as the encoder of one fold sees them, which was tuned without the fold's worlds. */
export type FoldTexts = { readonly known: readonly Prepared[]; readonly unknown: readonly Prepared[] };

/** Worlds that are left out together: those written to one brief, and halves of those with a brief of their own. */
export type Folds = readonly (readonly string[])[];

/** The number of the fold that leaves a world out; -1 if none does. */
export const foldOf = (world: string, folds: Folds): number =>
  folds.findIndex((fold) => fold.includes(world));

/** Nearness and coverages of texts, given what the training knew. */
export function familiarity(
  texts: readonly Prepared[],
  representation: ReturnType<typeof fitRepresentation>,
  references: References,
): Omit<LeftOutRow, 'encoder' | 'lexical'>[] {
  const { centre, lexical } = representation;
  return texts.map(({ encoded, counts }) => ({
    nearness: nearness(centred(encoded, centre), references),
    characterCoverage: coverage(counts.characters, lexical.characters),
    pieceCoverage: coverage(counts.pieces, lexical.pieces),
  }));
}

/** Which texts are left out; the rest trains. */
export type Inside = { readonly known: readonly boolean[]; readonly unknown: readonly boolean[] };

/**
 * Leaves a fold's worlds out: names, products and turns of phrase recur within a world, so a random split
 * would measure memory. Unknown texts have no world; they are left out by turns, which flatters their figures.
 */
export function insideFold(fold: number, folds: Folds, labels: readonly Labels[], unknown: number): Inside {
  return {
    known: labels.map((label) => foldOf(label.world, folds) === fold),
    unknown: Array.from({ length: unknown }, (_, i) => i % folds.length === fold),
  };
}

/** What heads trained on the rest say of the texts `inside`; the others have no row. */
export function leaveOut(inside: Inside, texts: FoldTexts, labels: readonly Labels[], tasks: Tasks): LeftOut {
  const outside = texts.known.filter((_, i) => !inside.known[i]);
  const representation = fitRepresentation(outside);
  const heads = trainHeads(
    features(outside, representation),
    labels.filter((_, i) => !inside.known[i]),
    features(
      texts.unknown.filter((_, i) => !inside.unknown[i]),
      representation,
    ),
    tasks,
  );
  const { centre } = representation;
  const references = makeReferences(
    outside.map((text) => centred(text.encoded, centre)),
    centre.width,
  );
  const result: LeftOut = { known: [], unknown: [] };
  for (const kind of ['known', 'unknown'] as const) {
    const at = [...inside[kind].keys()].filter((i) => inside[kind][i]);
    const left = at.flatMap((i) => texts[kind][i] ?? []);
    const scores = scoreHeads(features(left, representation), heads);
    const signals = familiarity(left, representation, references);
    for (const [k, i] of at.entries()) {
      const score = scores[k];
      const signal = signals[k];
      if (score && signal) result[kind][i] = { ...score, ...signal };
    }
  }
  return result;
}
