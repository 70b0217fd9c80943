import { TransientError } from '../errors.ts';
import type { Prediction } from '../ticket.ts';
import type { ModelInput } from './classifier.ts';
import { type Anchors, addedScores } from './description.ts';
import type { ModelMapping } from './model-info.ts';
import { cheapestFirst } from './priority-cost.ts';

/** One text's numbers as the graph gave them. */
export type RawOutput = {
  readonly logits: readonly number[];
  readonly priorityLogits: readonly number[] | null;
  readonly unknownScore: number | null;
  /** null where it was not asked for */
  readonly embedding: readonly number[] | null;
};

/** Fewer than three letters say nothing about a topic. */
const THREE_LETTERS = /\p{L}(?:\P{L}*\p{L}){2}/u;

/**
 * What the numbers mean. Pure.
 * Errors: TransientError `E_CLASSIFIER` for numbers that are not finite or not as many as the model has
 * names: a confident guess must never come out of a damaged answer.
 */
export function toPrediction(
  raw: RawOutput,
  mapping: ModelMapping,
  input: ModelInput,
  anchors: Anchors | null = null,
): Prediction {
  const { info } = mapping;
  const probabilities = sumByName(
    withAdded(softmax(raw.logits), raw, mapping, anchors),
    [...mapping.categoryOf, ...mapping.addedOf],
    info.categories.length,
  );
  const categories = info.categories
    .map(({ name, group }, index) => ({ name, group, probability: probabilities[index] ?? 0 }))
    .sort(mostProbableFirst);

  const priorities = rankPriorities(raw.priorityLogits ?? [], mapping);

  const top = categories[0]?.probability ?? 0;
  // Without a score of its own a model is as unknown as its best guess is improbable.
  const score = unreadable(input, info.languages) ? 1 : clamp(raw.unknownScore ?? 1 - top);
  const threshold = mapping.unknownThreshold;
  return {
    categories,
    priorities,
    unknown: unreadable(input, info.languages) || (threshold !== null && score >= threshold),
    unknownScore: score,
    calibrated: info.calibrated,
  };
}

/** The model's own probabilities, made smaller by what goes to categories that only a sentence describes. */
function withAdded(
  own: readonly number[],
  { embedding }: RawOutput,
  { similarity, addedOf }: ModelMapping,
  anchors: Anchors | null,
): readonly number[] {
  if (addedOf.length === 0) return own;
  if (similarity === null || anchors === null || embedding === null)
    throw nonsense('the embedding is missing');
  const odds = addedScores(embedding, anchors, similarity).map(Math.exp);
  if (!odds.every(Number.isFinite)) throw nonsense('its embedding is not finite');
  const sum = odds.reduce((total, value) => total + value, 1);
  return [...own.map((p) => p / sum), ...odds.map((value) => value / sum)];
}

/** The priority to choose first: by expected cost where the model brings costs, else by probability. */
function rankPriorities(logits: readonly number[], mapping: ModelMapping): Prediction['priorities'] {
  const { info, priorityOf, priorityCosts } = mapping;
  const levels = softmax(logits);
  const probabilities = sumByName(levels, priorityOf, info.priorities.length);
  const named = info.priorities.map((name, index) => ({ name, probability: probabilities[index] ?? 0 }));
  if (priorityCosts === null) return named.sort(mostProbableFirst);
  const order = new Set(cheapestFirst(levels, priorityCosts).map((level) => priorityOf[level]));
  return [...order].flatMap((index) => (index === undefined ? [] : (named[index] ?? [])));
}

/** No text to judge, or a language that the model was not trained on. */
function unreadable(input: ModelInput, languages: readonly string[]): boolean {
  if (!THREE_LETTERS.test(input.subject + input.body)) return true;
  return input.language !== null && languages.length > 0 && !languages.includes(input.language);
}

function softmax(logits: readonly number[]): readonly number[] {
  if (!logits.every(Number.isFinite)) throw nonsense('its numbers are not finite');
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function sumByName(values: readonly number[], nameOf: readonly number[], names: number): readonly number[] {
  if (values.length !== nameOf.length) throw nonsense(`${values.length} numbers for ${nameOf.length} labels`);
  const sums = new Array<number>(names).fill(0);
  for (const [index, name] of nameOf.entries()) sums[name] = (sums[name] ?? 0) + (values[index] ?? 0);
  return sums;
}

function clamp(score: number): number {
  if (!Number.isFinite(score)) throw nonsense('its unknown score is not finite');
  return Math.min(1, Math.max(0, score));
}

function mostProbableFirst(left: { probability: number }, right: { probability: number }): number {
  return right.probability - left.probability;
}

function nonsense(what: string): TransientError {
  return new TransientError('E_CLASSIFIER', `The model answered nonsense: ${what}.`);
}
