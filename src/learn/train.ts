import { features, fitRepresentation, type Prepared, trainTask } from './branches.ts';
import { addScores, fitMixture, type Mixture } from './calibrate.ts';
import { centred } from './centre.ts';
import { type Labels, leaveOneWorldOut, leftOutUnknown } from './cross-validate.ts';
import type { LinearHead } from './logistic.ts';
import { type TrainedModel, taskScores, unknownSignals } from './predict.ts';
import { joinHeads, quantizeHead, scaleHead } from './quantize.ts';
import { energy, fitUnknown, makeReferences, type UnknownSignals } from './unknown.ts';

export type Classes = { readonly categories: number; readonly priorities: number };

/** What worlds left out say of the finished mixture: the evidence for calibration and thresholds. */
export type Evidence = {
  /** calibrated scores, in the order of the texts */
  readonly category: Float64Array[];
  readonly priority: Float64Array[];
  readonly encoderOnly: Float64Array[];
  readonly lexicalOnly: Float64Array[];
  /** how near the nearest tickets of other worlds are */
  readonly nearness: number[];
  readonly knownScores: number[];
  readonly unknownScores: number[];
};

export type Trained = { readonly model: TrainedModel; readonly evidence: Evidence };

/** The two heads of each branch, multiplied by their part of the mixture. */
function mixedHeads(
  category: { encoder: LinearHead; lexical: LinearHead },
  priority: { encoder: LinearHead; lexical: LinearHead },
  mixtures: { category: Mixture; priority: Mixture },
): Pick<TrainedModel, 'encoderHead' | 'lexicalHead'> {
  const encoder = joinHeads(
    scaleHead(category.encoder, mixtures.category.a),
    scaleHead(priority.encoder, mixtures.priority.a),
  );
  const lexical = joinHeads(
    scaleHead(category.lexical, mixtures.category.b),
    scaleHead(priority.lexical, mixtures.priority.b),
  );
  const bias = encoder.bias.map((v, i) => v + (lexical.bias[i] ?? 0));
  const noBias = { ...lexical, bias: new Float32Array(lexical.classes) };
  return { encoderHead: { ...encoder, bias }, lexicalHead: quantizeHead(noBias) };
}

/**
 * A new desk is harder than a world left out, and the mixture's temperature is fitted on the latter:
 * this much less sure is nearer the truth (the tickets of another hand in models/data/judge were fitted
 * best at 0.7, too few to go by alone).
 */
const caution = 0.85;

function cautious({ a, b }: Mixture): Mixture {
  return { a: a * caution, b: b * caution };
}

/**
 * Trains on all texts; mixture, temperature and the unknown score come from worlds left out, so that
 * they rest on texts that the judging model had not seen.
 */
export function train(
  texts: readonly Prepared[],
  labels: readonly Labels[],
  unknownTexts: readonly Prepared[],
  classes: Classes,
  progress: (step: string) => void = () => {},
): Trained {
  const leftOut = leaveOneWorldOut(texts, labels, classes, progress);
  const categoryLabels = labels.map((label) => label.category);
  const priorityLabels = labels.map((label) => label.priority);
  const mixtures = {
    category: cautious(fitMixture(leftOut.category.encoder, leftOut.category.lexical, categoryLabels)),
    priority: cautious(fitMixture(leftOut.priority.encoder, leftOut.priority.lexical, priorityLabels)),
  };
  const category = addScores(leftOut.category.encoder, leftOut.category.lexical, mixtures.category);
  const priority = addScores(leftOut.priority.encoder, leftOut.priority.lexical, mixtures.priority);

  progress('all');
  const representation = fitRepresentation(texts);
  const rows = features(texts, representation);
  const heads = mixedHeads(
    trainTask(rows, categoryLabels, classes.categories),
    trainTask(rows, priorityLabels, classes.priorities),
    mixtures,
  );
  const { centre } = representation;
  const references = makeReferences(
    texts.map((text) => centred(text.encoded, centre)),
    centre.width,
  );
  const known = category.map((scores, i): UnknownSignals => {
    const signals = leftOut.signals[i];
    if (signals === undefined) throw new Error(`text ${i} belongs to no world`);
    return { ...signals, energy: energy(scores) };
  });
  const judged = { ...classes, representation, ...heads };
  const categoryScores = (text: Prepared) => taskScores(judged, text).slice(0, classes.categories);
  const unknown = unknownTexts.map((text) =>
    unknownSignals(text, categoryScores(text), representation, references),
  );
  const judge = fitUnknown(known, unknown, references);
  return {
    model: { ...judged, unknown: judge },
    evidence: {
      category,
      priority,
      encoderOnly: leftOut.category.encoder,
      lexicalOnly: leftOut.category.lexical,
      nearness: known.map((signals) => signals.nearness),
      ...leftOutUnknown(
        known,
        labels.map((label) => label.world),
        unknown,
        references,
      ),
    },
  };
}
