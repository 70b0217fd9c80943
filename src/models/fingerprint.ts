import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

export type Fingerprint = {
  readonly bytes: number;
  readonly sha256: string;
  /** git's name of the content; a hub knows small files by this one */
  readonly blob: string;
};

/** Null where there is no such file. */
export async function fingerprint(path: string): Promise<Fingerprint | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  const sha256 = createHash('sha256');
  const blob = createHash('sha1').update(`blob ${found.size}\0`);
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk);
    blob.update(chunk);
  }
  return { bytes: found.size, sha256: sha256.digest('hex'), blob: blob.digest('hex') };
}
