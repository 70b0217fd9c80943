import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prepared } from './branches.ts';
import { shippedFolder as folder, openEncoder, prepare, readCorpus, shippedTasks } from './corpus.ts';
import { insideFold, type LeftOut, leaveOut } from './cross-validate.ts';
import { appendModel } from './head-nodes.ts';
import { logSoftmax } from './logistic.ts';
import { pieceTables } from './ngrams.ts';
import { predictInJs, type TrainedModel } from './predict.ts';
import { type GraphSession, openGraph } from './session.ts';
import { train, weigh } from './train.ts';

/** of two worlds, so that one can be left out for the other */
const texts = 30;

describe('a small model, trained here and now', () => {
  let session: GraphSession;
  let model: TrainedModel;
  let unseen: Prepared[];

  beforeAll(async () => {
    const encoder = await openEncoder(join(folder, 'onnx', 'model_quantized.onnx'));
    const { seeds: all } = await readCorpus();
    const worlds = [...new Set(all.map((ticket) => ticket.world))];
    const folds = worlds.slice(0, 2).map((world) => [world]);
    const some = [
      ...all
        .filter((ticket) => worlds.slice(0, 2).includes(ticket.world))
        .filter((_, i) => i % 13 === 0)
        .slice(0, texts),
      ...all.filter((ticket) => ticket.world === worlds[2]).filter((_, i) => i % 9 === 0),
    ];
    const prepared = await prepare(some, encoder, folder);
    const labels = some.slice(0, texts);
    const known = prepared.slice(0, texts);
    const unknown = prepared.slice(texts, texts + 6);
    const leftOut: LeftOut = { known: [], unknown: [] };
    for (const fold of [0, 1]) {
      const inside = insideFold(fold, folds, labels, unknown.length);
      const part = leaveOut(inside, { known, unknown }, labels, shippedTasks);
      for (const [i, row] of part.known.entries()) if (row) leftOut.known[i] = row;
      for (const [i, row] of part.unknown.entries()) if (row) leftOut.unknown[i] = row;
    }
    expect(leftOut.known.filter(Boolean)).toHaveLength(texts);
    model = train(known, labels, unknown, shippedTasks, weigh(leftOut, labels, shippedTasks));
    unseen = prepared.slice(texts);
    const tables = pieceTables(await readFile(join(folder, 'tokenizer.json'), 'utf8'));
    session = await openGraph(
      appendModel(encoder, model, tables),
      await readFile(join(folder, 'config.json'), 'utf8'),
    );
  }, 60_000);

  afterAll(async () => {
    await session.close();
  });

  test('gives the same scores in the graph as in JavaScript, on 20 texts it was not trained on', async () => {
    expect(unseen.length).toBeGreaterThanOrEqual(20);
    for (const text of unseen.slice(0, 20)) {
      const expected = predictInJs(model, text);

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
      const probabilities = (logits: Float32Array = new Float32Array()) => logSoftmax(logits).map(Math.exp);
      const beside = probabilities(together.logits?.slice(row * 14, row * 14 + 14));
      for (const [i, p] of probabilities(alone.logits).entries()) {
        expect(Math.abs((beside[i] ?? 9) - p)).toBeLessThan(0.25);
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
