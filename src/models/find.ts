import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ModelPlaces, type ModelRoot, modelRoots } from '../classify/locate-model.ts';
import { ADDED, PULLED } from '../classify/pin.ts';
import { MANIFEST } from './folder-files.ts';

/** A folder that `model.model_name` can name. */
export type NamedFolder = {
  readonly name: string;
  readonly directory: string;
  readonly place: ModelRoot['kind'];
  /** the folder that is taken for this name instead, since it comes first */
  readonly hiddenBy: string | null;
};

/** One of these is enough to call a folder a model, be it broken; so is nothing at all in it. */
const TRACES = new Set([
  MANIFEST,
  PULLED,
  ADDED,
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx',
  'model.onnx',
  'model.safetensors',
  'pytorch_model.bin',
]);

/** Every model folder, broken ones included, in the order in which the daemon looks them up. */
export async function namedFolders(places: ModelPlaces): Promise<readonly NamedFolder[]> {
  const roots = modelRoots(places);
  const found: NamedFolder[] = [];
  for (const { kind, directory: root } of roots) {
    for (const name of await namesIn(root, new Set(roots.map(({ directory }) => directory)))) {
      const directory = join(root, name);
      if (found.some((other) => other.directory === directory)) continue;
      const first = found.find((other) => other.name === name);
      found.push({ name, directory, place: kind, hiddenBy: first?.directory ?? null });
    }
  }
  return found;
}

/** In this repository `models/` holds the shipped ones too: a root within a root is no model of it. */
async function namesIn(root: string, roots: ReadonlySet<string>): Promise<readonly string[]> {
  const names: string[] = [];
  for (const name of await foldersIn(root)) {
    const directory = join(root, name);
    if (roots.has(directory)) continue;
    if (await looksLikeModel(directory)) names.push(name);
    else {
      for (const inner of await foldersIn(directory)) {
        if (await looksLikeModel(join(directory, inner))) names.push(`${name}/${inner}`);
      }
    }
  }
  return names.sort();
}

async function looksLikeModel(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  return names.length === 0 || names.some((name) => TRACES.has(name));
}

/** Hidden ones are downloads and copies that are not finished. */
export async function foldersIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  const folders: string[] = [];
  for (const name of names.filter((candidate) => !basename(candidate).startsWith('.'))) {
    const found = await stat(join(directory, name)).catch(() => null);
    if (found?.isDirectory()) folders.push(name);
  }
  return folders;
}

/** A model at the top, or models of one organisation below it. */
export async function holdsModels(directory: string): Promise<boolean> {
  if (await looksLikeModel(directory)) return false;
  for (const inner of await foldersIn(directory))
    if (await looksLikeModel(join(directory, inner))) return true;
  return false;
}
