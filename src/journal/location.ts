import { accessSync, constants, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../errors.ts';

/** f_type of Linux' statfs(2). SQLite's locks and its shared-memory file do not work over these. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x517b, 'SMB'],
  [0x65735546, 'FUSE (sshfs and the like)'],
]);

/** The type number of the file system that `folder` is on. */
export type FileSystemType = (folder: string) => number;

export function fileSystemType(folder: string): number {
  return statfsSync(folder).type;
}

/**
 * Makes the journal's folder where only the last part of it is missing and refuses a place where a
 * journal cannot live. A missing parent is an error: a volume that was not mounted must not be replaced
 * by a folder inside the container. Throws ConfigError E_JOURNAL.
 */
export function prepareLocation(file: string, typeOf: FileSystemType = fileSystemType): void {
  const folder = dirname(file);
  makeFolder(folder);
  if (isFolder(file)) refuse(file, 'the journal is a folder, not a file', 'Name a file in journal.path.');
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    refuse(
      folder,
      "the journal's folder is not writable",
      'Let the user of this process write there.',
      error,
    );
  }

  // f_type is signed on some platforms: 0xff534d42 may come as a negative number.
  const network = NETWORK_FILE_SYSTEMS.get(typeOf(folder) >>> 0);
  if (network === undefined) return;
  refuse(
    file,
    `the journal is on a network file system (${network})`,
    'Its locks are not reliable there: put the journal on a local disk or a local volume (journal.path).',
  );
}

function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  try {
    mkdirSync(folder);
  } catch (error) {
    refuse(
      folder,
      "the journal's folder does not exist and cannot be made",
      'Make it, mount the volume, or name another place in journal.path.',
      error,
    );
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuse(where: string, message: string, hint: string, cause?: unknown): never {
  throw new ConfigError('E_JOURNAL', message, { where, hint, cause });
}
