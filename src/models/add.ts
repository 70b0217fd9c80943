import { chmod, copyFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ModelPlaces } from '../classify/locate-model.ts';
import { type Pin, readPin } from '../classify/pin.ts';
import { ConfigError } from '../errors.ts';
import { fingerprint } from './fingerprint.ts';
import { chosenFiles, filesIn, MANIFEST, mustBeWhole } from './folder-files.ts';
import { install, stagingFolder, storageError, writePin } from './install.ts';
import { listedFiles, mustChooseOne } from './parts.ts';
import { type SmokeTest, smokeTest } from './smoke.ts';
import { type Target, taken, targetFor } from './target.ts';
import { verifyModel } from './verify.ts';

export type AddQuestion = {
  /** a text-classification folder anywhere on this machine */
  readonly folder: string;
  /** default: the folder's own name */
  readonly name?: string;
  readonly force: boolean;
};

export type Surroundings = {
  readonly places: ModelPlaces;
  /** ISO 8601 */
  readonly now: () => string;
  readonly signal: AbortSignal;
};

export type Brought = SmokeTest & { readonly name: string; readonly directory: string; readonly pin: Pin };

/**
 * Checks a folder, tries it, and copies it into the folder of models. The folder itself is not changed.
 * Errors: ConfigError `E_MODEL` with everything that does not fit; nothing is left behind then.
 */
export async function addModel(question: AddQuestion, around: Surroundings): Promise<Brought> {
  const source = resolve(question.folder);
  await mustBeFolder(source);
  const target = await targetFor(question.name ?? basename(source), around.places);
  if (target.taken && !question.force) throw taken(target);
  mustBeElsewhere(source, target);
  const listing = await filesIn(source);
  mustBeWhole(source, listing);
  const paths = [...new Set([...chosenFiles(listing), ...(await listedBy(source))])];
  try {
    const staging = await stagingFolder(target.root);
    try {
      for (const path of paths) await copy(source, staging, path);
      const pin = (await readPin(source)) ?? (await pinOf(staging, paths, { source, date: around.now() }));
      await writePin(staging, pin);
      await mustBeUnchanged(staging, source);
      await mustChooseOne(staging);
      const tried = await smokeTest(staging, target.name, around.signal);
      await install(staging, target);
      return { ...tried, name: target.name, directory: target.directory, pin };
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  } catch (error) {
    throw storageError(error, target.root);
  }
}

async function mustBeFolder(source: string): Promise<void> {
  const found = await stat(source).catch(() => null);
  if (found?.isDirectory()) return;
  const what = found === null ? 'There is no such folder.' : 'This is a file, not the folder of a model.';
  throw new ConfigError('E_MODEL', what, { where: source });
}

/** Replacing a folder by its own copy would take the rest of it away. */
function mustBeElsewhere(source: string, target: Target): void {
  if (source !== target.directory) return;
  throw new ConfigError('E_MODEL', 'This folder lies where it would be copied to.', {
    where: source,
    hint: `model.model_name: ${target.name} finds it already; for a record of its checksums move it elsewhere first.`,
  });
}

async function listedBy(source: string): Promise<readonly string[]> {
  const text = await readFile(join(source, MANIFEST), 'utf8').catch(() => null);
  return text === null ? [] : listedFiles(text, source);
}

async function copy(source: string, staging: string, path: string): Promise<void> {
  await mkdir(dirname(join(staging, path)), { recursive: true });
  await copyFile(join(source, path), join(staging, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new ConfigError('E_MODEL', `The model folder lacks ${path}.`, { where: source, cause: error });
  });
  // Python's libraries write files for their owner only; the daemon's user has to read them.
  await chmod(join(staging, path), 0o644);
}

/** Carried over with its record, a model has to be what was recorded, to the last file. */
async function mustBeUnchanged(staging: string, source: string): Promise<void> {
  const { bad } = await verifyModel(staging);
  if (bad.length === 0) return;
  const lines = bad.map(({ path, problem }) => `\n  ${path}: ${problem}`).join('');
  throw new ConfigError('E_MODEL', `The folder is not what its checksums say:${lines}`, {
    where: source,
    hint: 'Take it again where it came from. Where the change is meant, remove the record of the checksums.',
  });
}

async function pinOf(
  staging: string,
  paths: readonly string[],
  { source, date }: { readonly source: string; readonly date: string },
): Promise<Pin> {
  const files: Pin['files'] = {};
  for (const path of paths) {
    const found = await fingerprint(join(staging, path));
    if (found !== null) files[path] = { sha256: found.sha256, bytes: found.bytes };
  }
  return { version: 1, source: { kind: 'folder', folder: source }, date, files };
}
