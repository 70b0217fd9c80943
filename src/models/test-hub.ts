import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Files = Readonly<Record<string, string | Uint8Array>>;

type Commit = { readonly sha: string; readonly files: Map<string, Buffer> };

export type Seen = {
  readonly host: 'hub' | 'store';
  readonly url: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
};

/**
 * A hub on loopback that answers as huggingface.co does: the API names a commit and its files, `resolve`
 * redirects for large files to a store at another address, whose links are signed. It misbehaves on demand.
 */
export class TestHub {
  readonly seen: Seen[] = [];
  /** files that a repository keeps in large-file storage */
  large = /\.onnx$|^tokenizer\.json$/;
  /** without it nothing is given */
  token: string | null = null;
  /** the store breaks off after so many bytes, once for each file named here */
  readonly breaks = new Map<string, number>();
  /** the store goes silent in the middle of these, once */
  readonly stalls = new Set<string>();
  /** what the store gives instead, while the API goes on telling the checksum of the true file */
  readonly forged = new Map<string, string>();
  /** further names in the list of files */
  readonly strange: string[] = [];
  /** false: an older mirror, whose list has names only */
  tellsChecksums = true;
  /** called after each answer of the API */
  afterListing: () => void = () => {};
  readonly #commits = new Map<string, Commit>();
  readonly #branches = new Map<string, string>();
  readonly #hub = createServer((request, response) => this.#answer(request, response));
  readonly #store = createServer((request, response) => this.#give(request, response));

  async start(): Promise<this> {
    await Promise.all([listen(this.#hub), listen(this.#store)]);
    return this;
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#store].filter(({ listening }) => listening)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  get url(): string {
    return address(this.#hub);
  }

  /** A new commit of `main`; answers its id. */
  commit(repo: string, files: Files, branch = 'main'): string {
    const entries = Object.entries(files).map(([path, content]) => [path, Buffer.from(content)] as const);
    const hash = createHash('sha1').update(`${repo}${this.#commits.size}`);
    for (const [path, content] of entries) hash.update(path).update(content);
    const sha = hash.digest('hex');
    this.#commits.set(`${repo}@${sha}`, { sha, files: new Map(entries) });
    this.#branches.set(`${repo}@${branch}`, sha);
    return sha;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#note('hub', request);
    const url = new URL(request.url ?? '', 'http://hub');
    if (this.token !== null && request.headers.authorization !== `Bearer ${this.token}`) {
      response.writeHead(401, { 'x-error-code': 'GatedRepo' }).end('Access to this model is restricted.');
      return;
    }
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/.exec(url.pathname);
    if (api) this.#list(response, api[1] ?? '', decodeURIComponent(api[2] ?? ''));
    else this.#resolve(response, url);
  }

  #list(response: ServerResponse, repo: string, revision: string): void {
    const sha = this.#branches.get(`${repo}@${revision}`) ?? revision;
    const commit = this.#commits.get(`${repo}@${sha}`);
    if (!commit) {
      response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end('{"error":"Repository not found"}');
      return;
    }
    const siblings = [...commit.files].map(([rfilename, content]) => {
      if (!this.tellsChecksums) return { rfilename };
      const size = content.length;
      const blobId = createHash('sha1').update(`blob ${size}\0`).update(content).digest('hex');
      const sha256 = createHash('sha256').update(content).digest('hex');
      return this.large.test(rfilename)
        ? { rfilename, size, blobId: 'f'.repeat(40), lfs: { sha256, size, pointerSize: 134 } }
        : { rfilename, size, blobId };
    });
    const strange = this.strange.map((rfilename) => ({ rfilename, size: 1 }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: repo, sha, private: false, siblings: [...siblings, ...strange] }));
    this.afterListing();
  }

  #resolve(response: ServerResponse, url: URL): void {
    const [, repo = '', sha = '', path = ''] =
      /^\/([^/]+\/[^/]+)\/resolve\/([0-9a-f]{40})\/(.+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
    const content = this.#commits.get(`${repo}@${sha}`)?.files.get(path);
    if (!content) response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    else if (this.large.test(path)) {
      const location = `${address(this.#store)}/${repo}/${sha}/${path}?signature=very-secret`;
      response.writeHead(302, { location }).end();
    } else response.writeHead(200, { 'content-length': content.length }).end(content);
  }

  #give(request: IncomingMessage, response: ServerResponse): void {
    this.#note('store', request);
    const [, repo, sha, path = ''] = /^\/([^/]+\/[^/]+)\/([^/]+)\/([^?]+)\?/.exec(request.url ?? '') ?? [];
    const forged = this.forged.get(path);
    const content =
      forged === undefined ? this.#commits.get(`${repo}@${sha}`)?.files.get(path) : Buffer.from(forged);
    if (!content) {
      response.writeHead(403).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = content.subarray(from);
    const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...(from > 0 ? range : {}) });
    const stop = this.breaks.get(path);
    this.breaks.delete(path);
    if (this.stalls.delete(path)) response.write(rest.subarray(0, 10));
    else if (stop === undefined) response.end(rest);
    else response.write(rest.subarray(0, stop), () => setTimeout(() => response.destroy(), 50));
  }

  #note(host: Seen['host'], request: IncomingMessage): void {
    const { authorization, range } = request.headers;
    this.seen.push({ host, url: request.url ?? '', authorization, range });
  }
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function address(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
