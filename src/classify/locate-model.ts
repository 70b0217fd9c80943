import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';

export type ModelPlaces = {
  /** folder of config.yaml */
  readonly configDirectory: string;
  /** `model.directory`, relative to the configuration's folder */
  readonly modelDirectory?: string;
  /** the models that come with the program */
  readonly shippedDirectory: string;
};

/** A folder that holds models by their names, and what the documents call it. */
export type ModelRoot = { readonly kind: 'models' | 'directory' | 'shipped'; readonly directory: string };

/** Where a name is looked up, first one first. */
export function modelRoots(places: ModelPlaces): readonly ModelRoot[] {
  const { configDirectory, modelDirectory, shippedDirectory } = places;
  const directory = modelDirectory === undefined ? [] : [resolve(configDirectory, modelDirectory)];
  return [
    { kind: 'models', directory: join(resolve(configDirectory), 'models') },
    ...directory.map((path) => ({ kind: 'directory' as const, directory: path })),
    { kind: 'shipped', directory: resolve(shippedDirectory) },
  ];
}

/**
 * The folder of the model `name`: a folder name, a hub-style `org/name`, or a path (`/…`, `./…`, `../…`,
 * or relative to the configuration's folder). Errors: ConfigError `E_MODEL` with every place looked at.
 */
export async function locateModel(name: string, places: ModelPlaces): Promise<string> {
  const candidates = candidatesFor(name, places);
  for (const candidate of candidates) if (await isDirectory(candidate)) return candidate;

  const shipped = await listModels(places.shippedDirectory);
  const instead = shipped.length > 0 ? ` Or name a shipped model: ${shipped.join(', ')}.` : '';
  throw new ConfigError('E_MODEL', `No model "${name}" is here; looked at ${candidates.join(', ')}.`, {
    where: 'model.model_name',
    hint:
      `The daemon downloads nothing: bring it with "triaged models pull" or "triaged models add", or put a ` +
      `folder with config.json, tokenizer.json, tokenizer_config.json and onnx/model_quantized.onnx (or ` +
      `onnx/model.onnx) at ${candidates[0]}.${instead}`,
  });
}

/** Names of the model folders under `directory`, `org/name` for nested ones; empty where there is none. */
export async function listModels(directory: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const name of await subfolders(directory)) {
    if (await isModel(join(directory, name))) names.push(name);
    else {
      for (const inner of await subfolders(join(directory, name))) {
        if (await isModel(join(directory, name, inner))) names.push(`${name}/${inner}`);
      }
    }
  }
  return names.sort();
}

function candidatesFor(name: string, places: ModelPlaces): readonly string[] {
  const relative = resolve(places.configDirectory, name);
  const segments = name.split('/');
  // A name with ".." must not climb out of a models folder by accident; as a path it says so itself.
  if (isAbsolute(name) || segments.includes('..') || segments[0] === '.') return [relative];
  return [...modelRoots(places).map(({ directory }) => join(directory, name)), relative];
}

async function subfolders(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  const folders: string[] = [];
  for (const name of names) if (await isDirectory(join(directory, name))) folders.push(name);
  return folders;
}

async function isModel(directory: string): Promise<boolean> {
  return stat(join(directory, 'config.json')).then(
    () => true,
    () => false,
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
