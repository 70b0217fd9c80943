import type { Prediction } from '../ticket.ts';

/** One line of `triaged classify --json`; probabilities 0–1. */
export type Answer = {
  readonly id?: string | number;
  readonly category: string;
  readonly group: string;
  readonly probability: number;
  readonly categories: readonly { readonly name: string; readonly probability: number }[];
  /** null where the model has no priority head */
  readonly priority: string | null;
  readonly priorityProbability: number | null;
  readonly language: string | null;
  readonly unknown: boolean;
  readonly unknownScore: number;
};

/** `id` is left out where the question had none. */
export function toAnswer(
  id: string | number | undefined,
  language: string | null,
  prediction: Prediction,
): Answer {
  const best = prediction.categories[0];
  if (!best) throw new Error('A prediction has at least one category.');
  const priority = prediction.priorities[0];
  return {
    ...(id === undefined ? {} : { id }),
    category: best.name,
    group: best.group,
    probability: best.probability,
    categories: prediction.categories.map(({ name, probability }) => ({ name, probability })),
    priority: priority?.name ?? null,
    priorityProbability: priority?.probability ?? null,
    language,
    unknown: prediction.unknown,
    unknownScore: prediction.unknownScore,
  };
}
