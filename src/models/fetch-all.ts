import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pin } from '../classify/pin.ts';
import { type Download, download, tooLarge } from './download.ts';
import { chosenFiles, MANIFEST } from './folder-files.ts';
import type { HubFile } from './hub.ts';
import { listedFiles } from './parts.ts';

/** A graph in one file cannot have more than 2 GiB. */
const LIMIT_BYTES = 2_400_000_000;

type Job = Pick<Download, 'hub' | 'listing' | 'staging' | 'pinned'> & {
  readonly limitBytes?: number;
  onProgress(doneBytes: number, totalBytes: number): void;
};

type Fetched = { readonly pinned: Pin['files']; readonly unchecked: readonly string[] };

/** All files of a model, each checked. Errors: as of `download`, and ConfigError `E_HUB` for one that is too large. */
export async function fetchAll(job: Job): Promise<Fetched> {
  const { hub, listing, staging, pinned } = job;
  const chosen = new Set(chosenFiles(listing.files.map(({ path }) => path)));
  // triaged.json first, since it may list further files; the graph, the largest, last
  const queue = listing.files.filter(({ path }) => chosen.has(path)).sort(smallFirst);
  const done: Pin['files'] = {};
  const unchecked: string[] = [];
  let left = job.limitBytes ?? LIMIT_BYTES;
  let doneBytes = 0;
  for (const file of queue) {
    const limit = left;
    if ((file.bytes ?? 0) > limit) throw tooLarge(file, { limit });
    const total = queue.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    const onBytes = (_: string, bytes: number) => {
      doneBytes += bytes;
      job.onProgress(doneBytes, total);
    };
    const { sha256, bytes } = await download(file, { hub, listing, staging, limit, pinned, onBytes });
    done[file.path] = { sha256, bytes };
    if (file.sha256 === null && file.blob === null) unchecked.push(file.path);
    left -= bytes;
    if (file.path !== MANIFEST) continue;
    const listed = listedFiles(await readFile(join(staging, MANIFEST), 'utf8'), listing.repo);
    queue.push(...listing.files.filter(({ path }) => listed.includes(path) && !chosen.has(path)));
  }
  return { pinned: done, unchecked };
}

function smallFirst(one: HubFile, other: HubFile): number {
  const manifest = Number(other.path === MANIFEST) - Number(one.path === MANIFEST);
  return manifest === 0 ? (one.bytes ?? 0) - (other.bytes ?? 0) : manifest;
}
