import { createHash } from 'node:crypto';
import { ConfigError } from '../errors.ts';
import type { ModelInfo } from './classifier.ts';
import type { Similarity } from './description.ts';
import type { ModelFolder } from './model-folder.ts';
import type { PriorityCosts } from './priority-cost.ts';

/** What the configuration makes of the model's words. */
export type NamingOptions = {
  /** model's label → category name; several labels with one name are one category */
  readonly labels?: Readonly<Record<string, string>>;
  /** category name → group */
  readonly groups?: Readonly<Record<string, string>>;
  /** category name → one sentence; of a name that the model does not have it makes a category of its own */
  readonly descriptions?: Readonly<Record<string, string>>;
  /** Znuny's names low → high in the model's order, or model's label → Znuny's name */
  readonly priorities?: readonly string[] | Readonly<Record<string, string>>;
};

/** Where the numbers of the graph go. Arrays run along the graph's outputs, values index into `info`. */
export type ModelMapping = {
  readonly info: ModelInfo;
  readonly categoryOf: readonly number[];
  /** categories that only a sentence describes, in the order of `Anchors.added` */
  readonly addedOf: readonly number[];
  readonly similarity: Similarity | null;
  /** empty without a priority head */
  readonly priorityOf: readonly number[];
  /** over the model's levels (`priorityOf`'s); null: the most probable priority is chosen */
  readonly priorityCosts: PriorityCosts | null;
  /** unknownScore at or above which the model cannot judge; null where it brings none */
  readonly unknownThreshold: number | null;
};

/**
 * The names that the model will use, and how its outputs map to them. `priorityFolder` is a second model
 * that judges the priority; it wins over a priority head of the first.
 * Errors: ConfigError `E_MODEL` where the configuration names what the model does not have.
 */
export function describeModel(
  folder: ModelFolder,
  priorityFolder: ModelFolder | null,
  options: NamingOptions,
): ModelMapping {
  const { manifest } = folder;
  const names = rename(labelNames(folder), options.labels ?? {}, 'model.labels');
  const added = Object.keys(options.descriptions ?? {}).filter((name) => !names.includes(name));
  if (added.length > 0) mustCompare(folder, added, unique(names));
  const categories = [...unique(names), ...added].map((name) => {
    const first = manifest?.categories[names.indexOf(name)];
    return {
      name,
      group: options.groups?.[name] ?? first?.group ?? name,
      description: options.descriptions?.[name] ?? first?.description ?? '',
    };
  });
  const known = categories.map((category) => category.name);
  mustKnow(Object.keys(options.groups ?? {}), known, 'model.groups');

  const priorityNames = namePriorities(priorityLabels(folder, priorityFolder), options.priorities);
  const priorities = unique(priorityNames);
  const priorityThresholds = (priorityFolder ?? folder).manifest?.thresholds;
  return {
    info: {
      name: folder.name,
      directory: folder.directory,
      hash: priorityFolder ? sha256(folder.hash + priorityFolder.hash) : folder.hash,
      categories,
      priorities,
      calibrated: manifest !== null,
      threshold: manifest?.thresholds.category ?? null,
      priorityThreshold:
        priorityThresholds?.priority ?? (priorityFolder ? priorityThresholds?.category : null) ?? null,
      languages: manifest?.languages ?? [],
    },
    categoryOf: names.map((name) => known.indexOf(name)),
    addedOf: added.map((name) => known.indexOf(name)),
    similarity: manifest?.similarity ?? null,
    priorityOf: priorityNames.map((name) => priorities.indexOf(name)),
    priorityCosts: priorityFolder ? null : priorityCosts(folder),
    unknownThreshold: manifest?.outputs.unknownScore ? (manifest.thresholds.unknown ?? null) : null,
  };
}

function labelNames(folder: ModelFolder): readonly string[] {
  return folder.manifest?.categories.map((category) => category.name) ?? folder.labels;
}

function priorityLabels(folder: ModelFolder, priorityFolder: ModelFolder | null): readonly string[] {
  if (priorityFolder) return labelNames(priorityFolder);
  if (!folder.manifest?.outputs.priority) return [];
  if (folder.manifest.priorities.length === 0) {
    throw new ConfigError('E_MODEL', 'triaged.json has a priority output but no names for its values.', {
      where: folder.directory,
    });
  }
  return folder.manifest.priorities;
}

/** A new category needs a model that compares texts. */
function mustCompare(
  { manifest, directory }: ModelFolder,
  added: readonly string[],
  known: readonly string[],
): void {
  if (manifest?.outputs.embedding && manifest.similarity) return;
  const strange = added.map((name) => `"${name}"`).join(', ');
  throw new ConfigError('E_MODEL', `model.descriptions names ${strange}, which the model does not have.`, {
    where: 'model.descriptions',
    hint:
      `The model has: ${known.join(', ')}. A new category by its description needs a model with an embedding; ` +
      `${directory} brings none.`,
  });
}

function priorityCosts({ manifest, directory }: ModelFolder): PriorityCosts | null {
  if (!manifest?.priorityCosts) return null;
  const { priorities, priorityCosts: costs } = manifest;
  if ([costs, ...costs].every((row) => row.length === priorities.length)) return costs;
  throw new ConfigError('E_MODEL', 'triaged.json has priority costs that do not fit its priorities.', {
    where: directory,
    hint: `It needs ${priorities.length} rows of ${priorities.length} numbers.`,
  });
}

function namePriorities(labels: readonly string[], wanted: NamingOptions['priorities']): readonly string[] {
  if (wanted === undefined || labels.length === 0) return labels;
  if (!isList(wanted)) return rename(labels, wanted, 'model.priorities');
  if (wanted.length !== labels.length) {
    throw new ConfigError(
      'E_MODEL',
      `model.priorities lists ${wanted.length} names, the model has ${labels.length}: ${labels.join(', ')}.`,
      {
        where: 'model.priorities',
        hint: 'Give as many names, low to high, or a map from the labels of the model.',
      },
    );
  }
  return wanted;
}

function rename(
  labels: readonly string[],
  names: Readonly<Record<string, string>>,
  where: string,
): readonly string[] {
  mustKnow(Object.keys(names), labels, where);
  return labels.map((label) => names[label] ?? label);
}

function mustKnow(used: readonly string[], known: readonly string[], where: string): void {
  const strange = used.filter((name) => !known.includes(name));
  if (strange.length === 0) return;
  throw new ConfigError('E_MODEL', `${where} names ${strange.map((name) => `"${name}"`).join(', ')}.`, {
    where,
    hint: `The model has: ${known.join(', ')}.`,
  });
}

function isList(value: readonly string[] | Readonly<Record<string, string>>): value is readonly string[] {
  return Array.isArray(value);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
