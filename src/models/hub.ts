import { z } from 'zod';
import { hubError } from './hub-error.ts';
import { type HubAccess, type HubAnswer, HubRequests, header } from './hub-request.ts';
import { isSafePath } from './parts.ts';

export type HubFile = {
  readonly path: string;
  readonly bytes: number | null;
  /** of a file in large-file storage */
  readonly sha256: string | null;
  /** git's name of any other file's content */
  readonly blob: string | null;
};

export type HubListing = {
  readonly repo: string;
  /** the commit that the revision stands for now; files are fetched by it, so that nothing moves meanwhile */
  readonly revision: string;
  readonly files: readonly HubFile[];
};

const HASH = /^[0-9a-f]{40}$/;
const LARGEST_LISTING = 16_000_000;

const listing = z.looseObject({
  sha: z.string().regex(HASH),
  siblings: z.array(
    z.looseObject({
      rfilename: z.string(),
      size: z.int().min(0).nullish(),
      blobId: z.string().regex(HASH).nullish(),
      lfs: z
        .looseObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0).nullish() })
        .nullish(),
    }),
  ),
});

/** A hub as huggingface.co is one: the list of a repository's files at a revision, and the files. */
export class Hub {
  readonly #access: HubAccess;
  readonly #requests: HubRequests;

  constructor(access: HubAccess) {
    this.#access = access;
    this.#requests = new HubRequests(access);
  }

  /** Errors: ConfigError or TransientError `E_HUB`. */
  async listing(repo: string, revision: string): Promise<HubListing> {
    const what = `model "${repo}" at revision "${revision}"`;
    const path = `/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const { body } = await this.#requests.get({ path, what });
    const parsed = listing.safeParse(await json(body));
    if (!parsed.success) {
      throw hubError(
        `The answer for ${what} is no list of files.`,
        this.#access,
        'Is this the address of a hub?',
      );
    }
    const { sha, siblings } = parsed.data;
    if (HASH.test(revision) && revision !== sha) {
      throw hubError(`The hub answers with commit ${sha} for ${what}.`, this.#access);
    }
    const files = siblings.map(({ rfilename, size, blobId, lfs }) => ({
      path: rfilename,
      bytes: lfs?.size ?? size ?? null,
      sha256: lfs?.sha256 ?? null,
      // of a large file it names the pointer, not the content
      blob: lfs ? null : (blobId ?? null),
    }));
    const unsafe = files.find((file) => !isSafePath(file.path));
    if (unsafe === undefined) return { repo, revision: sha, files };
    const named = JSON.stringify(unsafe.path);
    throw hubError(
      `The hub names a file ${named}, which would leave the folder; nothing is taken.`,
      this.#access,
    );
  }

  /** The file from byte `from` on; `from` of the answer says where the hub really begins. */
  async open(
    { repo, revision }: HubListing,
    path: string,
    from: number,
  ): Promise<{ readonly from: number; readonly body: AsyncIterable<Uint8Array> }> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const answer = await this.#requests.get({
      path: `/${repo}/resolve/${revision}/${encoded}`,
      what: `file ${path} of ${repo}`,
      from,
    });
    return { from: goesOn(answer, from) ? from : 0, body: answer.body };
  }

  async close(): Promise<void> {
    await this.#requests.close();
  }
}

function goesOn({ status, headers }: HubAnswer, from: number): boolean {
  return status === 206 && header(headers, 'content-range').startsWith(`bytes ${from}-`);
}

async function json(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LARGEST_LISTING) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}
