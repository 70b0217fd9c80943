import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Pin, pinName } from '../classify/pin.ts';
import { ConfigError } from '../errors.ts';
import { filesIn } from './folder-files.ts';
import type { Target } from './target.ts';

/** A folder for what is not finished; hidden, so that nobody takes it for a model. */
export async function stagingFolder(root: string, name = `.adding-${token()}`): Promise<string> {
  const directory = join(root, name);
  await mkdir(directory, { recursive: true });
  return directory;
}

export async function writePin(staging: string, pin: Pin): Promise<void> {
  await writeFile(join(staging, pinName(pin)), `${JSON.stringify(pin, null, 2)}\n`);
}

/**
 * The finished folder gets its name in one rename; what lay there is put aside first and comes back where
 * that fails. On the disk before, so that no power cut leaves a name with half a model.
 */
export async function install(staging: string, target: Target): Promise<void> {
  for (const path of await filesIn(staging)) await sync(join(staging, path));
  await mkdir(dirname(target.directory), { recursive: true });
  const aside = join(target.root, `.replaced-${token()}`);
  if (target.taken) await rename(target.directory, aside);
  try {
    await rename(staging, target.directory);
    await sync(dirname(target.directory));
  } catch (error) {
    if (target.taken) await rename(aside, target.directory);
    else if (resolve(dirname(target.directory)) !== resolve(target.root)) {
      await rmdir(dirname(target.directory)).catch(() => {});
    }
    throw error;
  }
  if (target.taken) await rm(aside, { recursive: true });
}

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'the rights of this user do not allow it',
  EPERM: 'the rights of this user do not allow it',
  EROFS: 'it is mounted read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a file stands where a folder must be',
  EEXIST: 'a file stands where a folder must be',
};

/** What the disk refuses is the environment's, not a defect of ours; other errors pass as they are. */
export function storageError(error: unknown, root: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = Object.hasOwn(CAUSES, code) ? CAUSES[code] : undefined;
  if (cause === undefined || error instanceof ConfigError) return error;
  const hint =
    code === 'EROFS' ? 'In a container, mount the folder of the configuration without :ro.' : undefined;
  return new ConfigError('E_MODEL', `The model cannot be stored: ${cause} (${code}).`, {
    where: root,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

async function sync(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function token(): string {
  return randomBytes(6).toString('hex');
}
