import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeError } from '../errors.ts';
import { listModels, locateModel, type ModelPlaces } from './locate-model.ts';

let root: string;
let places: ModelPlaces;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'triaged-places-'));
  places = {
    configDirectory: join(root, 'etc'),
    modelDirectory: '../store',
    shippedDirectory: join(root, 'shipped'),
  };
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string): Promise<string> {
  await mkdir(join(root, path), { recursive: true });
  await writeFile(join(root, path, 'config.json'), '{}');
  return join(root, path);
}

test("the configuration's models come before the directory, that before the shipped ones", async () => {
  const shipped = await put('shipped/softoft/ticket-classifier-de');
  expect(await locateModel('softoft/ticket-classifier-de', places)).toBe(shipped);

  const stored = await put('store/softoft/ticket-classifier-de');
  expect(await locateModel('softoft/ticket-classifier-de', places)).toBe(stored);

  const own = await put('etc/models/softoft/ticket-classifier-de');
  expect(await locateModel('softoft/ticket-classifier-de', places)).toBe(own);
});

test('a path is taken as it is, relative to the configuration', async () => {
  const elsewhere = await put('elsewhere/mine');

  expect(await locateModel(elsewhere, places)).toBe(elsewhere);
  expect(await locateModel('../elsewhere/mine', places)).toBe(elsewhere);
  expect(await locateModel('trained/mine', places).catch(() => null)).toBeNull();
  expect(await locateModel('./trained/mine', places).catch(() => null)).toBeNull();
  const trained = await put('etc/trained/mine');
  expect(await locateModel('trained/mine', places)).toBe(trained);
  expect(await locateModel('./trained/mine', places)).toBe(trained);
});

test('a name with .. cannot climb out of a models folder', async () => {
  await put('secret');
  await mkdir(join(root, 'etc/models/x'), { recursive: true });

  const error = await locateModel('x/../../../secret', {
    ...places,
    configDirectory: join(root, 'etc/models/x'),
  }).catch(describeError);

  expect(error).toContain('E_MODEL');
});

test('a model that is nowhere tells every place, what to put there and which shipped one to name', async () => {
  await put('shipped/bilingual');
  await put('shipped/org/small');

  const error = await locateModel('acme/tickets', places).catch(describeError);

  for (const place of ['etc/models/acme/tickets', 'store/acme/tickets', 'shipped/acme/tickets']) {
    expect(error).toContain(join(root, place));
  }
  expect(error).toContain('onnx/model_quantized.onnx');
  expect(error).toContain('name a shipped model: bilingual, org/small.');
  expect(error).toContain('[E_MODEL]');
});

test('a folder that does not exist holds no models', async () => {
  expect(await listModels(join(root, 'nowhere'))).toEqual([]);
});
