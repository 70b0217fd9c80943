import {
  features,
  fitRepresentation,
  type Prepared,
  scoreTask,
  type TaskScores,
  trainTask,
} from './branches.ts';
import { centred } from './centre.ts';
import { unknownSignals } from './predict.ts';
import { fitUnknown, judgeUnknown, makeReferences, type References, type UnknownSignals } from './unknown.ts';

/** What was said of each text by a model that never saw its world; in the order of the texts. */
export type LeftOut = {
  readonly category: TaskScores;
  readonly priority: TaskScores;
  /** the signals of `unknown.ts`, all but the energy, which depends on the mixture */
  readonly signals: Omit<UnknownSignals, 'energy'>[];
};

export type Labels = { readonly world: string; readonly category: number; readonly priority: number };

/**
 * Leave one world out: names, products and turns of phrase recur within a world, so a random split
 * would measure memory. Texts without a world of their own (unknown ones) are not passed here.
 */
export function leaveOneWorldOut(
  texts: readonly Prepared[],
  labels: readonly Labels[],
  classes: { readonly categories: number; readonly priorities: number },
  progress: (world: string) => void = () => {},
): LeftOut {
  const empty = (): TaskScores => ({ encoder: [], lexical: [] });
  const result: LeftOut = {
    category: empty(),
    priority: empty(),
    signals: [],
  };
  for (const world of new Set(labels.map((label) => label.world))) {
    progress(world);
    const inside = [...labels.keys()].filter((i) => labels[i]?.world === world);
    const outside = [...labels.keys()].filter((i) => labels[i]?.world !== world);
    const pick = (which: readonly number[]) => which.flatMap((i) => texts[i] ?? []);
    const representation = fitRepresentation(pick(outside));
    const train = features(pick(outside), representation);
    const test = features(pick(inside), representation);
    for (const [task, count] of [
      ['category', classes.categories],
      ['priority', classes.priorities],
    ] as const) {
      const heads = trainTask(
        train,
        outside.map((i) => labels[i]?.[task] ?? 0),
        count,
      );
      const scores = scoreTask(test, heads);
      for (const [k, i] of inside.entries()) {
        result[task].encoder[i] = scores.encoder[k] ?? new Float64Array(count);
        result[task].lexical[i] = scores.lexical[k] ?? new Float64Array(count);
      }
    }
    const { centre } = representation;
    const vectors = pick(outside).map((text) => centred(text.encoded, centre));
    const references = makeReferences(vectors, centre.width);
    for (const i of inside) {
      const text = texts[i];
      if (text === undefined) continue;
      const { energy: _, ...signals } = unknownSignals(text, new Float64Array(1), representation, references);
      result.signals[i] = signals;
    }
  }
  return result;
}

/**
 * Scores of known and unknown texts by judges that saw neither them nor, for known ones, their world:
 * a world and a share of the unknown texts are left out at a time.
 */
export function leftOutUnknown(
  known: readonly UnknownSignals[],
  worlds: readonly string[],
  unknown: readonly UnknownSignals[],
  references: References,
): { knownScores: number[]; unknownScores: number[] } {
  const names = [...new Set(worlds)];
  const knownScores: number[] = [];
  const unknownScores: number[] = [];
  for (const [fold, world] of names.entries()) {
    const inside = (i: number) => i % names.length === fold;
    const judge = fitUnknown(
      known.filter((_, i) => worlds[i] !== world),
      unknown.filter((_, i) => !inside(i)),
      references,
    );
    for (const [i, signals] of known.entries()) {
      if (worlds[i] === world) knownScores[i] = judgeUnknown(judge, signals);
    }
    for (const [i, signals] of unknown.entries()) {
      if (inside(i)) unknownScores[i] = judgeUnknown(judge, signals);
    }
  }
  return { knownScores, unknownScores };
}
