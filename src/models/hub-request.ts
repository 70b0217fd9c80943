import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { ConfigError } from '../errors.ts';
import { fromNetwork, fromStatus, hubError } from './hub-error.ts';

export type HubAccess = {
  /** the hub's address, without a slash at its end */
  readonly hub: string;
  /** HF_TOKEN; sent to the hub's own origin only */
  readonly token: string | undefined;
  /** http_proxy, https_proxy, no_proxy and their capitals are read from it */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
};

export type Question = {
  readonly path: string;
  /** what is asked for, for messages */
  readonly what: string;
  /** first byte that is wanted; 0 = all */
  readonly from?: number;
};

export type HubAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
};

const MOST_REDIRECTS = 5;
const SILENCE_MS = 60_000;
const CONNECT_MS = 15_000;

/** HTTP to a hub: proxies of the environment, redirects to where the large files lie, one error for each way to fail. */
export class HubRequests {
  readonly #access: HubAccess;
  readonly #agent: Dispatcher;

  constructor(access: HubAccess) {
    this.#access = access;
    this.#agent = agentOf(access);
  }

  async get(question: Question): Promise<HubAnswer> {
    let url = new URL(`${this.#access.hub}${question.path}`);
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const answer = await this.#once(url, question);
      if (answer.statusCode >= 200 && answer.statusCode < 300) {
        return { status: answer.statusCode, headers: answer.headers, body: this.#told(answer, question) };
      }
      const location = header(answer.headers, 'location');
      const redirects = answer.statusCode >= 300 && answer.statusCode < 400 && location !== '';
      if (!redirects) throw await fromStatus(answer, question.what, this.#access);
      await answer.body.dump().catch(() => {});
      url = next(url, location, question.what);
    }
    throw hubError(`The hub redirects in circles for ${question.what}.`, this.#access);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #once(url: URL, { from = 0, what }: Question): Promise<Dispatcher.ResponseData> {
    const { token, hub, signal } = this.#access;
    // Large files lie elsewhere, at addresses that are signed: the token is none of their business.
    const own = url.origin === new URL(hub).origin;
    try {
      return await this.#agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: {
          'user-agent': 'triaged',
          ...(own && token !== undefined ? { authorization: `Bearer ${token}` } : {}),
          ...(from > 0 ? { range: `bytes=${from}-` } : {}),
        },
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw fromNetwork(error, what, url.origin);
    }
  }

  /** A body breaks in the middle of reading: that too is the network's error. */
  async *#told(answer: Dispatcher.ResponseData, { what }: Question): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of answer.body) yield chunk;
    } catch (error) {
      this.#access.signal.throwIfAborted();
      throw fromNetwork(error, what, this.#access.hub);
    }
  }
}

/** Addresses of redirects are signed and may hold secrets: no message shows them. */
function next(from: URL, location: string, what: string): URL {
  const to = URL.parse(location, from.href);
  const known = to?.protocol === 'https:' || to?.protocol === 'http:';
  if (to !== null && known && !(from.protocol === 'https:' && to.protocol === 'http:')) return to;
  throw hubError(`The hub redirects to no https address for ${what}.`, { hub: from.origin });
}

export function header(headers: HubAnswer['headers'], name: string): string {
  return [headers[name] ?? ''].flat()[0] ?? '';
}

function agentOf({ env }: HubAccess): Dispatcher {
  try {
    // All three are given, so that undici reads no other environment than ours.
    return new EnvHttpProxyAgent({
      httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
      httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
      noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
      connect: { timeout: CONNECT_MS },
    });
  } catch (cause) {
    // The address may hold a password: it is not repeated.
    throw new ConfigError('E_HUB', 'http_proxy or https_proxy is no address of a proxy.', { cause });
  }
}
