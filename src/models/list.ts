import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { locateModel, type ModelPlaces } from '../classify/locate-model.ts';
import { type ModelFolder, openModelFolder } from '../classify/model-folder.ts';
import { describeModel, type NamingOptions } from '../classify/model-info.ts';
import { readPin } from '../classify/pin.ts';
import { describeError } from '../errors.ts';
import { type NamedFolder, namedFolders } from './find.ts';

export type ListedModel = Omit<NamedFolder, 'place'> & {
  /** `path`: named by a path, it lies in no folder of models */
  readonly place: NamedFolder['place'] | 'path';
  /** the configuration's keys that name it */
  readonly usedBy: readonly ('model.model_name' | 'model.priority_model')[];
  readonly bytes: number;
  readonly calibrated: boolean;
  /** ISO 639-1; empty = not told */
  readonly languages: readonly string[];
  /** as the rules may name them: renamed where the configuration uses this model and renames */
  readonly categories: readonly {
    readonly name: string;
    readonly group: string;
    readonly description: string;
  }[];
  readonly priorities: readonly string[];
  /** `org/name@commit` where it came from a hub */
  readonly source: string | null;
  /** what is wrong with the folder; null where it could be loaded */
  readonly problem: string | null;
};

export type ModelUse = {
  readonly modelName: string | null;
  readonly priorityModel: string | null;
  readonly naming: NamingOptions;
};

/** Every model that the configuration could name, and what each can say. A broken one says what is wrong. */
export async function listedModels(places: ModelPlaces, use: ModelUse): Promise<readonly ListedModel[]> {
  const main = await place(use.modelName, places);
  const priority = await place(use.priorityModel, places);
  const folders: (Omit<NamedFolder, 'place'> & Pick<ListedModel, 'place'>)[] = [
    ...(await namedFolders(places)),
  ];
  for (const used of [main, priority]) {
    if (used === null || folders.some(({ directory }) => directory === used.directory)) continue;
    folders.push({ name: used.name, directory: used.directory, place: 'path', hiddenBy: null });
  }
  return Promise.all(
    folders.map(async (folder) => {
      const isMain = await same(folder.directory, main?.directory);
      const isPriority = await same(folder.directory, priority?.directory);
      const facts = await factsOf(folder.directory, isMain ? use.naming : {});
      return {
        ...folder,
        usedBy: [
          ...(isMain ? (['model.model_name'] as const) : []),
          ...(isPriority ? (['model.priority_model'] as const) : []),
        ],
        bytes: await bytesOf(folder.directory),
        ...facts,
      };
    }),
  );
}

type Facts = Pick<
  ListedModel,
  'calibrated' | 'languages' | 'categories' | 'priorities' | 'source' | 'problem'
>;

async function factsOf(directory: string, naming: NamingOptions): Promise<Facts> {
  const nothing = { calibrated: false, languages: [], categories: [], priorities: [], source: null };
  try {
    const folder = await openModelFolder(directory);
    const { info } = describeModel(folder, null, naming);
    const { calibrated, languages, categories, priorities } = info;
    return {
      ...nothing,
      calibrated,
      languages,
      categories,
      priorities,
      source: await sourceOf(folder),
      problem: null,
    };
  } catch (error) {
    return { ...nothing, problem: describeError(error) };
  }
}

async function sourceOf({ directory }: ModelFolder): Promise<string | null> {
  const pin = await readPin(directory);
  return pin?.source.kind === 'hub' ? `${pin.source.repo}@${pin.source.revision}` : null;
}

async function place(
  name: string | null,
  places: ModelPlaces,
): Promise<{ readonly name: string; readonly directory: string } | null> {
  if (name === null) return null;
  const directory = await locateModel(name, places).catch(() => null);
  return directory === null ? null : { name, directory };
}

async function same(one: string, other: string | undefined): Promise<boolean> {
  if (other === undefined) return false;
  return one === other || (await realpath(one)) === (await realpath(other));
}

async function bytesOf(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(directory, name)).catch(() => null)));
  return found.reduce((sum, entry) => sum + (entry?.isFile() ? entry.size : 0), 0);
}
