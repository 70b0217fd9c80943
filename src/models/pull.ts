import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Pin, readPin } from '../classify/pin.ts';
import { ConfigError, TransientError } from '../errors.ts';
import type { Brought, Surroundings } from './add.ts';
import type { Download } from './download.ts';
import { fetchAll } from './fetch-all.ts';
import { mustBeWhole } from './folder-files.ts';
import { Hub, type HubListing } from './hub.ts';
import type { HubAccess } from './hub-request.ts';
import { install, stagingFolder, storageError, writePin } from './install.ts';
import { mustChooseOne } from './parts.ts';
import { smokeTest } from './smoke.ts';
import { type Target, taken, targetFor } from './target.ts';
import { verifyModel } from './verify.ts';

export type PullQuestion = {
  readonly repo: string;
  /** branch, tag or commit */
  readonly revision: string;
  readonly force: boolean;
};

export type PullAround = Surroundings &
  Omit<HubAccess, 'signal'> & {
    /** that all files together may have; default 2.4 GB */
    readonly limitBytes?: number;
    onProgress(doneBytes: number, totalBytes: number): void;
  };

export type Pulled =
  | ({ readonly kind: 'pulled'; readonly unchecked: readonly string[] } & Brought)
  | { readonly kind: 'unchanged'; readonly name: string; readonly directory: string; readonly pin: Pin };

/**
 * Fetches a model from a hub, checks and tries it as `addModel` does, and gives it its name in the folder of
 * models. The only code of the program that goes to a hub. Errors: `E_HUB` (TransientError: again later),
 * ConfigError `E_MODEL`; under the final name nothing is left behind.
 */
export async function pullModel(question: PullQuestion, around: PullAround): Promise<Pulled> {
  const target = await targetFor(repoName(question.repo), around.places);
  const hub = new Hub(around);
  try {
    const listing = await hub.listing(question.repo, question.revision);
    const before = target.taken ? await readPin(target.directory).catch(() => null) : null;
    const same = before?.source.kind === 'hub' && before.source.revision === listing.revision ? before : null;
    if (target.taken && !question.force) return await unchanged(target, same, listing);
    mustBeWhole(
      `${listing.repo}@${listing.revision}`,
      listing.files.map(({ path }) => path),
    );
    return await fetchInto(target, { hub, listing, pinned: same?.files ?? {}, around });
  } catch (error) {
    throw storageError(error, target.root);
  } finally {
    await hub.close();
  }
}

function repoName(name: string): string {
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new ConfigError('E_HUB', `${JSON.stringify(name)} is no org/name of a model on a hub.`, {
    hint: 'As in: triaged models pull softoft/ticket-classifier-de. Another hub than huggingface.co: --hub URL.',
  });
}

/** The same commit, and every file still as it came: nothing to do. */
async function unchanged(target: Target, same: Pin | null, listing: HubListing): Promise<Pulled> {
  if (same === null) throw taken(target);
  for (const { path, sha256 } of listing.files) {
    const pinned = same.files[path]?.sha256 ?? null;
    if (sha256 === null || pinned === null || sha256 === pinned) continue;
    const told = `${path} has sha256 ${sha256} on the hub, an earlier pull of the same commit found ${pinned}`;
    throw new ConfigError('E_HUB', `A commit cannot change, but it did: ${told}.`, {
      where: target.directory,
    });
  }
  const [bad] = (await verifyModel(target.directory)).bad;
  if (bad === undefined) {
    return { kind: 'unchanged', name: target.name, directory: target.directory, pin: same };
  }
  throw new ConfigError('E_MODEL', `The model is here, but damaged: ${bad.path} ${bad.problem}.`, {
    where: target.directory,
    hint: `Fetch it again: triaged models pull ${listing.repo} --revision ${listing.revision} --force.`,
  });
}

type Job = {
  readonly hub: Hub;
  readonly listing: HubListing;
  readonly pinned: Download['pinned'];
  readonly around: PullAround;
};

async function fetchInto(target: Target, job: Job): Promise<Pulled> {
  const { around, listing } = job;
  const staging = await stagingOf(target.root, listing);
  try {
    const { hub, pinned } = job;
    const files = await fetchAll({
      hub,
      listing,
      staging,
      pinned,
      onProgress: around.onProgress,
      ...(around.limitBytes === undefined ? {} : { limitBytes: around.limitBytes }),
    });
    const pin: Pin = {
      version: 1,
      source: { kind: 'hub', hub: around.hub, repo: listing.repo, revision: listing.revision },
      date: around.now(),
      files: files.pinned,
    };
    await writePin(staging, pin);
    await mustChooseOne(staging);
    const tried = await smokeTest(staging, target.name, around.signal);
    await install(staging, target);
    const { name, directory } = target;
    return { kind: 'pulled', ...tried, name, directory, pin, unchecked: files.unchecked };
  } catch (error) {
    // What broke off is kept, so that the next pull goes on there; what is wrong would be wrong again.
    const goesOn = error instanceof TransientError || around.signal.aborted;
    if (!goesOn) await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

/** One folder a commit; what pulls of other commits of this model left goes. */
async function stagingOf(root: string, { repo, revision }: HubListing): Promise<string> {
  await mkdir(root, { recursive: true });
  const prefix = `.pulling-${repo.replace('/', '--')}@`;
  const name = `${prefix}${revision.slice(0, 12)}`;
  for (const other of await readdir(root)) {
    if (other.startsWith(prefix) && other !== name) await rm(join(root, other), { recursive: true });
  }
  return stagingFolder(root, name);
}
