import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeError } from '../errors.ts';
import { openModelFolder } from './model-folder.ts';
import { type TestModel, writeTestModel } from './test-model.ts';

const model: TestModel = { labels: { network: ['vpn'], billing: ['invoice'] } };
const GRAPH = 'onnx/model.onnx';
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'triaged model '));
});
afterEach(() => rm(directory, { recursive: true }));

async function problem(): Promise<string> {
  return openModelFolder(directory).then(() => 'no error', describeError);
}

test('a plain text-classification folder has its labels as they are and no manifest', async () => {
  await writeTestModel(directory, model);

  const folder = await openModelFolder(directory, 'softoft/plain');

  expect(folder).toMatchObject({
    name: 'softoft/plain',
    dtype: 'fp32',
    labels: ['network', 'billing'],
    manifest: null,
  });
  expect(folder.maxTokens).toBe(128);
  expect(folder.hash).toMatch(/^[0-9a-f]{64}$/);
});

test('the quantized graph is taken where there is one, and the manifest names the model', async () => {
  await writeTestModel(directory, { ...model, manifest: {}, graph: 'onnx/model_quantized.onnx' });

  const folder = await openModelFolder(directory);

  expect(folder).toMatchObject({ name: 'test-model', dtype: 'q8', maxTokens: 64, tokenLimit: 128 });
});

test('the hash changes with any file, and only then', async () => {
  await writeTestModel(directory, model);
  const before = await openModelFolder(directory);
  const again = await openModelFolder(directory);
  await writeTestModel(directory, { labels: { network: ['vpn', 'wlan'], billing: ['invoice'] } });
  const after = await openModelFolder(directory);

  expect(again.hash).toBe(before.hash);
  expect(after.hash).not.toBe(before.hash);
});

test('every missing file is named at once', async () => {
  await writeTestModel(directory, model);
  await rm(join(directory, GRAPH));
  await rm(join(directory, 'tokenizer.json'));

  expect(await problem()).toContain('lacks tokenizer.json, onnx/model_quantized.onnx or onnx/model.onnx');
});

test('a truncated graph is told by its checksum, with both sums and its size', async () => {
  await writeTestModel(directory, { ...model, manifest: {} });
  await truncate(join(directory, GRAPH), 100);

  expect(await problem()).toMatch(
    /onnx\/model.onnx is damaged or was changed: 100 bytes with sha256 [0-9a-f]{64}, triaged.json says/,
  );
});

test('a graph without a checksum in triaged.json is refused', async () => {
  await writeTestModel(directory, { ...model, manifest: { files: {} } });

  expect(await problem()).toContain('lists no checksum for config.json');
});

test('a listed file that is missing, or outside of the folder, is named', async () => {
  const sum = '0'.repeat(64);
  const opened = async (path: string): Promise<string> => {
    await writeTestModel(directory, { ...model, manifest: {} });
    const { files = {} } = (await openModelFolder(directory)).manifest ?? {};
    await writeTestModel(directory, { ...model, manifest: { files: { ...files, [path]: sum } } });
    return problem();
  };

  expect(await opened('words.txt')).toContain('lacks words.txt');
  expect(await opened('../../etc/passwd')).toContain('outside the folder');
});

test('an empty file and a Git LFS pointer are told as what they are', async () => {
  await writeTestModel(directory, model);
  await writeFile(join(directory, GRAPH), '');
  expect(await problem()).toContain('onnx/model.onnx is empty');

  await writeFile(
    join(directory, GRAPH),
    'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
  );
  expect(await problem()).toContain('Git LFS pointer');
});

test('a manifest of a newer format asks for an update', async () => {
  await writeTestModel(directory, model);
  await writeFile(join(directory, 'triaged.json'), '{"version": 2, "heads": []}');

  expect(await problem()).toMatch(/format 2, this program reads 1\. Update triaged/);
});

test('a manifest that does not fit the labels of the graph is refused', async () => {
  const category = (name: string): { name: string; group: string; description: string } => ({
    name,
    group: 'g',
    description: 'd',
  });
  await writeTestModel(directory, {
    ...model,
    manifest: { categories: ['network', 'billing', 'other'].map(category) },
  });
  expect(await problem()).toContain('names 3 categories, the model in config.json has 2 labels');

  await writeTestModel(directory, {
    ...model,
    manifest: { categories: ['billing', 'network'].map(category) },
  });
  expect(await problem()).toContain('in another order');
});

test('broken JSON and a folder that is no text classification say which file', async () => {
  await writeTestModel(directory, model);
  await writeFile(join(directory, 'config.json'), '{"model_type": "bert"}');
  expect(await problem()).toMatch(/config\.json does not fit: it needs id2label/);

  await writeFile(join(directory, 'config.json'), '{"model_type": ');
  expect(await problem()).toContain('config.json is no readable JSON');
});
