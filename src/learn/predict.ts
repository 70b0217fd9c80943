import type { Prepared, Representation } from './branches.ts';
import { centred } from './centre.ts';
import { coverage, lexicalRows } from './lexical.ts';
import { type LinearHead, linearScores } from './logistic.ts';
import { type QuantizedHead, quantizedScores } from './quantize.ts';
import { fromDense } from './sparse.ts';
import {
  energy,
  judgeUnknown,
  nearness,
  type References,
  type UnknownJudge,
  type UnknownSignals,
} from './unknown.ts';

/** All that is trained and written behind the encoder. */
export type TrainedModel = {
  readonly categories: number;
  readonly priorities: number;
  readonly representation: Representation;
  /** over [full | subject] as `centred` makes them → categories, then priorities; the bias of both heads */
  readonly encoderHead: LinearHead;
  /** over `lexicalRows`; its bias is part of the encoder head's */
  readonly lexicalHead: QuantizedHead;
  readonly unknown: UnknownJudge;
};

export type JsPrediction = {
  readonly logits: Float64Array;
  readonly priorityLogits: Float64Array;
  readonly unknownScore: number;
};

/** The signals of one text, given its calibrated category scores. */
export function unknownSignals(
  text: Prepared,
  scores: Float64Array,
  representation: Representation,
  references: References,
): UnknownSignals {
  const { centre, lexical } = representation;
  const embedding = centred(text.encoded, centre).slice(0, centre.width);
  return {
    nearness: nearness(embedding, references),
    energy: energy(scores),
    characterCoverage: coverage(text.counts.characters, lexical.characters),
    pieceCoverage: coverage(text.counts.pieces, lexical.pieces),
    embedding,
  };
}

/** Calibrated scores of both tasks: categories first, then priorities. */
export function taskScores(model: Omit<TrainedModel, 'unknown'>, text: Prepared): Float64Array {
  const { representation } = model;
  const encoderRow = fromDense([centred(text.encoded, representation.centre)]);
  const [encoder = new Float64Array()] = linearScores(encoderRow, model.encoderHead);
  const lexicalRow = lexicalRows([text.counts], representation.lexical);
  const lexical = quantizedScores(lexicalRow, model.lexicalHead);
  return encoder.map((v, i) => v + (lexical[i] ?? 0));
}

/** What the graph computes behind the encoder, in JavaScript: calibration rests on it, tests compare the two. */
export function predictInJs(model: TrainedModel, text: Prepared): JsPrediction {
  const scores = taskScores(model, text);
  const logits = scores.slice(0, model.categories);
  const signals = unknownSignals(text, logits, model.representation, model.unknown.references);
  return {
    logits,
    priorityLogits: scores.slice(model.categories),
    unknownScore: judgeUnknown(model.unknown, signals),
  };
}
