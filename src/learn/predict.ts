import type { Prepared, Representation, Tasks } from './branches.ts';
import { centred } from './centre.ts';
import { familiarity } from './cross-validate.ts';
import { lexicalRows } from './lexical.ts';
import { type LinearHead, linearScores } from './logistic.ts';
import { levelProbabilities } from './ordinal.ts';
import { type QuantizedHead, quantizedScores } from './quantize.ts';
import { fromDense } from './sparse.ts';
import { energy, type References, signalRow } from './unknown.ts';

/** All that is trained and written behind the encoder. */
export type TrainedModel = {
  readonly tasks: Tasks;
  readonly representation: Representation;
  /** over [full | subject] as `centred` makes them → the scores of all tasks; the bias of both heads */
  readonly encoderHead: LinearHead;
  /** over `lexicalRows`; its bias is part of the encoder head's */
  readonly lexicalHead: QuantizedHead;
  readonly references: References;
  /** of the signals of unknown.ts; what the heads say of it is one of their scores */
  readonly unknownSignals: Float32Array;
};

export type JsPrediction = {
  readonly logits: Float64Array;
  /** logarithms of the levels' probabilities, low → high */
  readonly priorityLogits: Float64Array;
  readonly unknownScore: number;
};

/** What the graph computes behind the encoder, in JavaScript: tests compare the two. */
export function predictInJs(model: TrainedModel, text: Prepared): JsPrediction {
  const { representation, tasks } = model;
  const encoderRow = fromDense([centred(text.encoded, representation.centre)]);
  const [encoder = new Float64Array()] = linearScores(encoderRow, model.encoderHead);
  const lexical = quantizedScores(lexicalRows([text.counts], representation.lexical), model.lexicalHead);
  const scores = encoder.map((v, i) => v + (lexical[i] ?? 0));
  const logits = scores.slice(0, tasks.categories);
  const [familiar] = familiarity([text], representation, model.references);
  if (!familiar) throw new Error('one text gives one row');
  const signals = signalRow({ ...familiar, energy: energy(logits) });
  const strange = signals.reduce((sum, v, i) => sum + v * (model.unknownSignals[i] ?? 0), scores.at(-1) ?? 0);
  return {
    logits,
    priorityLogits: levelProbabilities(scores.slice(tasks.categories, -1)).map(Math.log),
    unknownScore: 1 / (1 + Math.exp(-strange)),
  };
}
