import {
  features,
  fitRepresentation,
  type Labels,
  type Prepared,
  type Tasks,
  trainHeads,
} from './branches.ts';
import { addScores, fitMixture, logLoss, type Mixture, stepLoss } from './calibrate.ts';
import { centred } from './centre.ts';
import type { LeftOut, LeftOutRow } from './cross-validate.ts';
import { type LinearHead, scaledColumns } from './logistic.ts';
import { levelProbabilities } from './ordinal.ts';
import type { TrainedModel } from './predict.ts';
import { quantizeHead } from './quantize.ts';
import { energy, fitUnknown, judgeUnknown, makeReferences, type UnknownEvidence } from './unknown.ts';

/** What worlds left out say of the finished mixture: thresholds and figures rest on it. */
export type Evidence = {
  /** calibrated scores, in the order of the texts */
  readonly category: Float64Array[];
  /** probabilities of the levels */
  readonly priority: Float64Array[];
  readonly encoderOnly: Float64Array[];
  readonly lexicalOnly: Float64Array[];
  readonly knownScores: number[];
  readonly unknownScores: number[];
};

/** How the branches are weighed against each other: a number a task, all fitted on texts left out. */
export type Weighing = {
  readonly category: Mixture;
  readonly priority: Mixture;
  readonly unknown: ReturnType<typeof fitUnknown>;
};

type Part = (scores: Float64Array) => Float64Array;

const parts = ({ categories, steps }: Tasks): { category: Part; priority: Part } => ({
  category: (scores) => scores.slice(0, categories),
  priority: (scores) => scores.slice(categories, categories + steps),
});

function mixed(rows: readonly LeftOutRow[], part: Part, mixture: Mixture): Float64Array[] {
  return addScores(
    rows.map((row) => part(row.encoder)),
    rows.map((row) => part(row.lexical)),
    mixture,
  );
}

/** Mixtures, their temperature and the unknown score's weights, all from worlds left out. */
export function weigh(leftOut: LeftOut, labels: readonly Labels[], tasks: Tasks): Weighing {
  const { category, priority } = parts(tasks);
  const branches = (part: Part) =>
    [leftOut.known.map((row) => part(row.encoder)), leftOut.known.map((row) => part(row.lexical))] as const;
  const categories = labels.map((label) => label.category);
  const priorities = labels.map((label) => label.priority);
  const losses = {
    category: (scores: readonly Float64Array[]) => logLoss(scores, categories),
    priority: (scores: readonly Float64Array[]) => stepLoss(scores, priorities),
  };
  const mixture = fitMixture(...branches(category), losses.category);
  return {
    category: mixture,
    priority: fitMixture(...branches(priority), losses.priority),
    unknown: fitUnknown(
      unknownEvidence(leftOut.known, tasks, mixture),
      unknownEvidence(leftOut.unknown, tasks, mixture),
    ),
  };
}

function unknownEvidence(rows: readonly LeftOutRow[], tasks: Tasks, mixture: Mixture): UnknownEvidence[] {
  const scores = mixed(rows, parts(tasks).category, mixture);
  return rows.map((row, i) => ({
    ...row,
    encoder: row.encoder.at(-1) ?? 0,
    lexical: row.lexical.at(-1) ?? 0,
    energy: energy(scores[i] ?? []),
  }));
}

/** The left-out texts as the finished mixture judges them. */
export function judgeLeftOut(leftOut: LeftOut, weighing: Weighing, tasks: Tasks): Evidence {
  const { category, priority } = parts(tasks);
  const unknownScores = (rows: readonly LeftOutRow[]) =>
    unknownEvidence(rows, tasks, weighing.category).map((e) => judgeUnknown(weighing.unknown, e));
  return {
    category: mixed(leftOut.known, category, weighing.category),
    priority: mixed(leftOut.known, priority, weighing.priority).map(levelProbabilities),
    encoderOnly: leftOut.known.map((row) => category(row.encoder)),
    lexicalOnly: leftOut.known.map((row) => category(row.lexical)),
    knownScores: unknownScores(leftOut.known),
    unknownScores: unknownScores(leftOut.unknown),
  };
}

/** The heads of all texts, with the mixture folded in. */
export function train(
  known: readonly Prepared[],
  labels: readonly Labels[],
  unknown: readonly Prepared[],
  tasks: Tasks,
  weighing: Weighing,
): TrainedModel {
  const representation = fitRepresentation(known);
  const { centre } = representation;
  const heads = trainHeads(features(known, representation), labels, features(unknown, representation), tasks);
  const factors = (branch: 'a' | 'b', strange: number) => [
    ...Array.from({ length: tasks.categories }, () => weighing.category[branch]),
    ...Array.from({ length: tasks.steps }, () => weighing.priority[branch]),
    strange,
  ];
  const encoder = scaledColumns(heads.encoder, factors('a', weighing.unknown.encoder));
  const lexical = scaledColumns(heads.lexical, factors('b', weighing.unknown.lexical));
  const bias = encoder.bias.map((v, i) => v + (lexical.bias[i] ?? 0));
  bias[bias.length - 1] = (bias.at(-1) ?? 0) + weighing.unknown.bias;
  const withoutBias: LinearHead = { ...lexical, bias: new Float32Array(lexical.classes) };
  return {
    tasks,
    representation,
    encoderHead: { ...encoder, bias },
    lexicalHead: quantizeHead(withoutBias),
    references: makeReferences(
      known.map((text) => centred(text.encoded, centre)),
      centre.width,
    ),
    unknownSignals: weighing.unknown.signals,
  };
}
