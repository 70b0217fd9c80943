import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyModel, GraphBuilder, readModel, valueInfo, writeModel } from './graph.ts';
import { dataTypes } from './onnx-messages.ts';
import { openGraph } from './session.ts';

const shipped = join(import.meta.dirname, '..', '..', 'models', 'shipped', 'triage-de-en');
const bert = JSON.stringify({ model_type: 'bert' });

function twoInputs() {
  return emptyModel([
    valueInfo('input_ids', 'int64', ['batch', 'seq']),
    valueInfo('attention_mask', 'int64', ['batch', 'seq']),
  ]);
}

test('a graph written here runs in the runtime and computes what JavaScript computes', async () => {
  const table = Float32Array.from({ length: 30 }, (_, i) => Math.sin(i));
  const model = twoInputs();
  const builder = new GraphBuilder(model, 'own/');
  const vectors = builder.op('Gather', [builder.tensor('table', [10, 3], table), 'input_ids'], { axis: 0 });
  const mask = builder.op('Unsqueeze', [builder.cast('attention_mask', 'float32'), builder.ints(2)]);
  const sum = builder.op('ReduceSum', [builder.op('Mul', [vectors, mask]), builder.ints(1)], { keepdims: 0 });
  builder.output('logits', sum, 'float32', ['batch', 3]);
  const session = await openGraph(readModel(writeModel(model)), bert);

  const { logits = new Float32Array() } = await session.run([
    [4, 9, 2],
    [7, 5],
  ]);
  await session.close();

  const expected = [
    [4, 9, 2],
    [7, 5],
  ].flatMap((ids) => [0, 1, 2].map((j) => ids.reduce((total, id) => total + (table[id * 3 + j] ?? 0), 0)));
  expect(logits.length).toBe(6);
  for (const [i, value] of expected.entries()) expect(logits[i]).toBeCloseTo(value, 5);
});

test('a graph that is read and written again is the same file, byte for byte', async () => {
  const bytes = await readFile(join(shipped, 'onnx', 'model_quantized.onnx'));

  expect(Buffer.from(writeModel(readModel(bytes))).equals(bytes)).toBe(true);
});

test('a file with parts that would be lost is refused', () => {
  const bytes = writeModel(twoInputs());
  // field 25 of a model (functions), empty
  const withFunctions = Uint8Array.from([...bytes, 0xca, 0x01, 0]);

  expect(() => readModel(withFunctions)).toThrow(/holds parts/);
});

test('each kind of number array is stored under its ONNX type', () => {
  const model = twoInputs();
  const builder = new GraphBuilder(model, 'own/');
  for (const data of [
    new Float32Array(1),
    new Int8Array(1),
    new Uint8Array(1),
    new Int32Array(1),
    new BigInt64Array(1),
  ]) {
    builder.tensor('t', [1], data);
  }

  expect(model.graph.initializer.map((t) => t.dataType)).toEqual([
    dataTypes.float32,
    dataTypes.int8,
    dataTypes.uint8,
    dataTypes.int32,
    dataTypes.int64,
  ]);
});
