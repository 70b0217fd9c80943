import { availableParallelism } from 'node:os';
import type { ModelInput } from '../../src/classify/classifier.ts';
import { ChildClassifier } from '../../src/classify/supervisor.ts';
import { shippedFolder } from '../../src/learn/corpus.ts';
import { shippedCategories, znunyPriorities } from '../../src/learn/shipped-categories.ts';
import { cleanText } from '../../src/text/clean.ts';
import type { CleanText, Prediction } from '../../src/ticket.ts';

export type RawText = { readonly subject: string; readonly body: string };

/** One text as the daemon reads it, and what the shipped model says of it in the daemon's child process. */
export type Answered = {
  readonly text: CleanText;
  readonly prediction: Prediction;
  /** logarithms of the probabilities, in the model's order */
  readonly scores: Float64Array;
  /** probabilities of the priorities, low → high */
  readonly priorities: Float64Array;
};

export async function openShipped(
  threads = Math.max(1, availableParallelism() - 1),
): Promise<ChildClassifier> {
  const classifier = new ChildClassifier({ modelDirectory: shippedFolder, threads });
  await classifier.start();
  return classifier;
}

const least = 1e-9;

function byName(
  names: readonly string[],
  values: readonly { readonly name: string; readonly probability: number }[],
): Float64Array {
  const found = new Map(values.map(({ name, probability }) => [name, probability]));
  return Float64Array.from(names, (name) => found.get(name) ?? 0);
}

export async function answer(classifier: ChildClassifier, texts: readonly RawText[]): Promise<Answered[]> {
  const cleaned = texts.map((text) => cleanText(text));
  const inputs = cleaned.map(({ subject, body, language }): ModelInput => ({ subject, body, language }));
  const predictions = await classifier.classify(inputs);
  const categories = shippedCategories.map(({ name }) => name);
  return cleaned.map((text, i) => {
    const prediction = predictions[i];
    if (!prediction) throw new Error(`text ${i} got no answer`);
    return {
      text,
      prediction,
      scores: byName(categories, prediction.categories).map((p) => Math.log(Math.max(p, least))),
      priorities: byName(znunyPriorities, prediction.priorities),
    };
  });
}
