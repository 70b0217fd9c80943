import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ConfigError, TransientError } from '../errors.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import type { Hub, HubFile, HubListing } from './hub.ts';

export type Download = {
  readonly hub: Hub;
  readonly listing: HubListing;
  /** where the files go, finished ones under their names, others as NAME.part */
  readonly staging: string;
  /** bytes that this model may still take */
  readonly limit: number;
  /** what an earlier pull of the same commit found, by path */
  readonly pinned: Readonly<Record<string, { readonly sha256: string }>>;
  onBytes(path: string, bytes: number): void;
};

/**
 * One file, checked. What an earlier, broken pull left is kept where a checksum can tell that it fits.
 * Errors: `E_HUB`, ConfigError for a wrong checksum or size (nothing of the file stays), TransientError for a
 * file that broke off (its beginning stays).
 */
export async function download(file: HubFile, job: Download): Promise<Fingerprint> {
  const final = join(job.staging, file.path);
  const part = `${final}.part`;
  const wanted = { ...file, pinned: job.pinned[file.path]?.sha256 ?? null };
  const known = wanted.sha256 !== null || wanted.blob !== null;
  const already = known ? await fingerprint(final) : null;
  if (already !== null && mismatch(already, wanted) === null) {
    job.onBytes(file.path, already.bytes);
    return already;
  }
  await mkdir(dirname(final), { recursive: true });
  await receive(file, part, known ? await sizeOf(part) : 0, job);
  const found = await fingerprint(part);
  if (found === null) throw new Error('The file was just written.');
  if (file.bytes !== null && found.bytes < file.bytes) throw brokenOff(file, found.bytes, job);
  const problem = mismatch(found, wanted);
  if (problem !== null) {
    await rm(part);
    throw new ConfigError('E_HUB', `${file.path} is not what it should be: ${problem}.`, {
      where: `${job.listing.repo}@${job.listing.revision}`,
      hint: 'It was thrown away. A proxy or a mirror may change files: try another way to the hub.',
    });
  }
  await rename(part, final);
  return found;
}

async function receive(file: HubFile, part: string, have: number, job: Download): Promise<void> {
  const whole = file.bytes ?? Number.POSITIVE_INFINITY;
  if (have === whole) return job.onBytes(file.path, have);
  const { from, body } = await job.hub.open(job.listing, file.path, have < whole ? have : 0);
  job.onBytes(file.path, from);
  let bytes = from;
  async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > job.limit) throw tooLarge(file, job);
      job.onBytes(file.path, chunk.length);
      yield chunk;
    }
  }
  await pipeline(body, counted, createWriteStream(part, { flags: from > 0 ? 'a' : 'w' }));
}

function mismatch(
  found: Fingerprint,
  { sha256, blob, pinned, bytes }: HubFile & { readonly pinned: string | null },
): string | null {
  if (pinned !== null && found.sha256 !== pinned) {
    return `sha256 ${found.sha256}, an earlier pull of the same commit found ${pinned}`;
  }
  if (sha256 !== null && found.sha256 !== sha256) return `sha256 ${found.sha256}, the hub says ${sha256}`;
  if (blob !== null && found.blob !== blob) return `git blob ${found.blob}, the hub says ${blob}`;
  return bytes === null || found.bytes === bytes ? null : `${found.bytes} bytes, the hub says ${bytes}`;
}

function brokenOff(file: HubFile, have: number, { listing }: Download): TransientError {
  return new TransientError('E_HUB', `${file.path} broke off after ${have} of ${file.bytes} bytes.`, {
    where: `${listing.repo}@${listing.revision}`,
    hint: 'Run it again: it goes on where it stopped.',
  });
}

export function tooLarge(file: Pick<HubFile, 'path'>, { limit }: Pick<Download, 'limit'>): ConfigError {
  return new ConfigError(
    'E_HUB',
    `${file.path} is larger than the ${limit} bytes that a model may still take.`,
    {
      hint: 'A model of this size is too slow for triage: take a smaller or a quantized one.',
    },
  );
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
