import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelPlaces, modelRoots } from '../classify/locate-model.ts';
import { ConfigError } from '../errors.ts';
import { holdsModels } from './find.ts';

/** Where a model will lie. */
export type Target = {
  readonly name: string;
  readonly directory: string;
  /** the folder of models; unfinished ones lie in it too, so that the last step is one rename */
  readonly root: string;
  /** something is there already */
  readonly taken: boolean;
};

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}$/;

/** Errors: ConfigError `E_MODEL` where this name cannot be given, or another model would be found by it first. */
export async function targetFor(name: string, places: ModelPlaces): Promise<Target> {
  const segments = name.split('/');
  if (segments.length > 2 || !segments.every((segment) => SEGMENT.test(segment) && !segment.includes('..'))) {
    throw new ConfigError('E_MODEL', `"${name}" is no name for a model.`, {
      hint: 'Give a name or org/name of letters, digits, dot, dash and underscore (--name).',
    });
  }
  const roots = modelRoots(places);
  const root = roots.find(({ kind }) => kind === 'directory') ?? roots[0];
  if (root === undefined) throw new Error('There is always a folder of models.');
  const directory = join(root.directory, name);
  const earlier = roots.slice(0, roots.indexOf(root)).map((other) => join(other.directory, name));
  for (const other of earlier) {
    if (!(await exists(other))) continue;
    throw new ConfigError('E_MODEL', `${other} would be taken for "${name}" instead, since it comes first.`, {
      where: directory,
      hint: 'Move that one away, or give another name.',
    });
  }
  await mustStandAlone(root.directory, segments);
  return { name, directory, root: root.directory, taken: await exists(directory) };
}

/** Neither within a model nor in place of a folder that holds several. */
async function mustStandAlone(root: string, segments: readonly string[]): Promise<void> {
  const [first = '', second] = segments;
  const top = join(root, first);
  const names = second === undefined ? [] : await readdir(top).catch(() => []);
  if (names.includes('config.json')) {
    throw new ConfigError('E_MODEL', `"${first}" is a model itself, no model can lie within it.`, {
      where: top,
    });
  }
  if (second === undefined && (await holdsModels(top))) {
    throw new ConfigError('E_MODEL', `"${first}" is a folder of models, not the place of one.`, {
      where: top,
      hint: 'Give another name (--name).',
    });
  }
}

export function taken(target: Target): ConfigError {
  return new ConfigError('E_MODEL', `There is a model "${target.name}" already.`, {
    where: target.directory,
    hint: 'Give --force to replace it.',
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
