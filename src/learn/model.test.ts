import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanText } from '../text/clean.ts';
import type { Prepared } from './branches.ts';
import { embedTexts } from './embed.ts';
import { bareEncoder } from './encoder-nodes.ts';
import { readModel } from './graph.ts';
import { appendModel } from './head-nodes.ts';
import { countText } from './lexical.ts';
import { pieceTables } from './ngrams.ts';
import { predictInJs } from './predict.ts';
import { readExamples } from './seeds.ts';
import { type GraphSession, openGraph } from './session.ts';
import { shippedCategories, znunyPriorities } from './shipped-categories.ts';
import { type Trained, train } from './train.ts';

const models = join(import.meta.dirname, '..', '..', 'models');
const folder = join(models, 'shipped', 'triage-de-en');
/** of two worlds, so that one can be left out for the other */
const texts = 30;

describe('a small model, trained here and now', () => {
  let session: GraphSession;
  let trained: Trained;
  let unseen: Prepared[];

  beforeAll(async () => {
    const encoder = bareEncoder(readModel(await readFile(join(folder, 'onnx', 'model_quantized.onnx'))), 384);
    const tables = pieceTables(await readFile(join(folder, 'tokenizer.json'), 'utf8'));
    const all = await readExamples(
      join(models, 'data', 'seed'),
      shippedCategories,
      znunyPriorities,
      cleanText,
    );
    const worlds = [...new Set(all.map((ticket) => ticket.world))];
    const some = [
      ...all
        .filter((ticket) => worlds.slice(0, 2).includes(ticket.world))
        .filter((_, i) => i % 13 === 0)
        .slice(0, texts),
      ...all.filter((ticket) => ticket.world === worlds[2]).filter((_, i) => i % 9 === 0),
    ];
    const encoded = await embedTexts(encoder, folder, some);
    const prepared = encoded.map(
      (text): Prepared => ({ encoded: text, counts: countText(text.ids, tables) }),
    );
    const classes = { categories: shippedCategories.length, priorities: znunyPriorities.length };
    trained = train(
      prepared.slice(0, texts),
      some.slice(0, texts),
      prepared.slice(texts, texts + 5),
      classes,
    );
    unseen = prepared.slice(texts);
    session = await openGraph(
      appendModel(encoder, trained.model, tables),
      await readFile(join(folder, 'config.json'), 'utf8'),
    );
  }, 60_000);

  afterAll(async () => {
    await session.close();
  });

  test('gives the same scores in the graph as in JavaScript, on 20 texts it was not trained on', async () => {
    expect(unseen.length).toBeGreaterThanOrEqual(20);
    for (const text of unseen.slice(0, 20)) {
      const expected = predictInJs(trained.model, text);

      const outputs = await session.run([text.encoded.ids]);

      for (const [i, logit] of expected.logits.entries()) expect(outputs.logits?.[i]).toBeCloseTo(logit, 2);
      for (const [i, logit] of expected.priorityLogits.entries()) {
        expect(outputs.priority_logits?.[i]).toBeCloseTo(logit, 2);
      }
      expect(outputs.unknown_score?.[0]).toBeCloseTo(expected.unknownScore, 2);
    }
  });

  test('answers texts of different lengths in one batch about as it answers them alone', async () => {
    const batch = unseen.slice(0, 4);

    const together = await session.run(batch.map((text) => text.encoded.ids));

    for (const [row, text] of batch.entries()) {
      const alone = await session.run([text.encoded.ids]);
      // dynamic quantization looks at the whole batch, so only nearly the same
      for (const [i, logit] of (alone.logits ?? []).entries()) {
        expect(Math.abs((together.logits?.[row * 14 + i] ?? 99) - logit)).toBeLessThan(0.5);
      }
      expect(Math.abs((together.unknown_score?.[row] ?? 9) - (alone.unknown_score?.[0] ?? 0))).toBeLessThan(
        0.1,
      );
    }
  });

  test('has probabilities, a unit embedding and an unknown score between 0 and 1', async () => {
    const { embedding = [], unknown_score: unknown = [] } = await session.run([unseen[0]?.encoded.ids ?? []]);

    expect(Math.hypot(...embedding)).toBeCloseTo(1, 3);
    expect(unknown[0]).toBeGreaterThanOrEqual(0);
    expect(unknown[0]).toBeLessThanOrEqual(1);
  });
});
