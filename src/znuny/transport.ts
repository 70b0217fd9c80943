import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
  isBrokenCircuitError,
} from 'cockatiel';
import { Agent, Client, type Dispatcher } from 'undici';
import { ConfigError } from '../errors.ts';
import type { ZnunyClientOptions } from './options.ts';
import type { HttpMethod } from './types.ts';

export type WireRequest = {
  readonly method: HttpMethod;
  /** from the root, query included */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** on a socket of its own: for writes and repeated reads, since a kept-alive socket may be dead already */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  /** past the breaker: a few paths are tried one after the other, and each answer says something else */
  readonly probe?: boolean;
};

export type WireAnswer = {
  readonly kind: 'answer';
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string;
  readonly location: string;
  readonly body: Buffer;
};

export type WireFailure = {
  readonly kind: 'failure';
  readonly reason:
    | 'refused'
    | 'dns'
    | 'tls'
    | 'timeout'
    | 'closed'
    | 'too-large'
    | 'breaker'
    | 'ended'
    | 'other';
  /** false: for certain nothing left this machine */
  readonly sent: boolean;
  /** no byte of an answer came */
  readonly silent: boolean;
  /** Node's or undici's code, e.g. ECONNRESET */
  readonly code: string;
};

const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;
const FAILURES_TO_OPEN = 5;
const DEFAULT_BREAKER_MS = 10_000;
const CONNECT_MS = 10_000;

/** HTTP/1.1 to one origin: sockets, TLS, size limit, circuit breaker. Follows no redirect. Throws only for unreadable TLS files. */
export class Transport {
  readonly #origin: string;
  readonly #options: ZnunyClientOptions;
  readonly #breaker: CircuitBreakerPolicy;
  #settings: Client.Options | null = null;
  #agent: Agent | null = null;

  constructor(origin: string, options: ZnunyClientOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#breaker = circuitBreaker(handleWhenResult(isConnectionFailure), {
      halfOpenAfter: options.breakerMs ?? DEFAULT_BREAKER_MS,
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    });
  }

  async exchange(request: WireRequest): Promise<WireAnswer | WireFailure> {
    if (request.probe === true) return this.#send(request);
    try {
      return await this.#breaker.execute(() => this.#send(request));
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
      return { kind: 'failure', reason: 'breaker', sent: false, silent: true, code: '' };
    }
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
    this.#agent = null;
  }

  async #send(request: WireRequest): Promise<WireAnswer | WireFailure> {
    const settings = this.#clientSettings();
    if (request.signal.aborted) return failure(request, request.signal.reason, { sent: false, silent: true });
    if (!request.fresh) {
      this.#agent ??= new Agent({ ...settings, connections: this.#options.maxConcurrency ?? 2 });
      // Reads only: whether one left makes no difference.
      return roundTrip(this.#agent, this.#origin, request, () => true);
    }
    const client = new Client(this.#origin, settings);
    // From the moment that the socket stands, the request may have left.
    let connected = false;
    client.on('connect', () => {
      connected = true;
    });
    try {
      return await roundTrip(client, this.#origin, request, () => connected);
    } finally {
      await client.destroy();
    }
  }

  #clientSettings(): Client.Options {
    this.#settings ??= {
      allowH2: false,
      maxResponseSize: this.#options.maxResponseBytes ?? DEFAULT_MAX_BYTES,
      // The call's own deadline covers these; undici's body timeout only measures silence.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: CONNECT_MS, ...tlsSettings(this.#options) },
    };
    return this.#settings;
  }
}

async function roundTrip(
  dispatcher: Dispatcher,
  origin: string,
  request: WireRequest,
  sent: () => boolean,
): Promise<WireAnswer | WireFailure> {
  let silent = true;
  try {
    const { statusCode, headers, body } = await dispatcher.request({
      origin,
      method: request.method,
      path: request.path,
      headers: request.headers,
      // A Buffer: its Content-Length is sent. Znuny ignores a chunked body without a word (recording 180).
      body: request.body,
      signal: request.signal,
      reset: request.fresh,
    });
    silent = false;
    return {
      kind: 'answer',
      status: statusCode,
      contentType: text(headers['content-type']),
      retryAfter: text(headers['retry-after']),
      location: text(headers.location),
      body: Buffer.from(await body.arrayBuffer()),
    };
  } catch (error) {
    return failure(request, error, { sent: !silent || sent(), silent });
  }
}

function failure(
  request: WireRequest,
  error: unknown,
  seen: { readonly sent: boolean; readonly silent: boolean },
): WireFailure {
  const code = errorCode(error);
  const reason = request.signal.aborted
    ? request.signal.reason === 'ended'
      ? 'ended'
      : 'timeout'
    : reasonOf(code, error);
  return { kind: 'failure', reason, ...seen, code };
}

const CONNECT_TIMEOUT = 'UND_ERR_CONNECT_TIMEOUT';
const REFUSED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN']);
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED']);
const TLS =
  /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|^ERR_SSL|^ERR_TLS|^ERR_OSSL|^EPROTO$|INVALID_PURPOSE|INVALID_CA/;

function reasonOf(code: string, error: unknown): WireFailure['reason'] {
  if (REFUSED.has(code)) return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  if (code === CONNECT_TIMEOUT || code === 'ETIMEDOUT') return 'timeout';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'too-large';
  if (CLOSED.has(code)) return 'closed';
  if (TLS.test(code)) return 'tls';
  // Half an answer: llhttp's HPE_… codes, or a body shorter than its Content-Length.
  if (code.startsWith('HPE_') || code.startsWith('UND_ERR_RES')) return 'closed';
  return error instanceof Error && /terminated|closed/i.test(error.message) ? 'closed' : 'other';
}

/** Node tries several addresses at once: then the code stands in the first of the gathered errors. */
function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? errorCode(error.errors[0]) : '';
}

function isConnectionFailure(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || !('kind' in result)) return false;
  const { kind } = result;
  if (kind === 'answer' && 'status' in result) {
    return result.status === 502 || result.status === 503 || result.status === 504;
  }
  return (
    kind === 'failure' && 'reason' in result && result.reason !== 'too-large' && result.reason !== 'ended'
  );
}

function tlsSettings(options: ZnunyClientOptions) {
  return {
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: options.insecureSkipVerify !== true,
    ...(options.caFile ? { ca: [...getCACertificates('default'), pem(options.caFile, 'ca_file')] } : {}),
    ...(options.clientCert
      ? {
          cert: pem(options.clientCert.certFile, 'client_cert'),
          key: pem(options.clientCert.keyFile, 'client_cert'),
        }
      : {}),
  };
}

function pem(textOrPath: string, name: string): string {
  if (textOrPath.includes('-----BEGIN')) return textOrPath;
  let content: string;
  try {
    content = readFileSync(textOrPath, 'utf8');
  } catch (error) {
    throw new ConfigError('E_CONFIG', `${name} cannot be read (${errorCode(error)})`, {
      where: textOrPath,
      hint: 'Name a PEM file that the service user may read.',
    });
  }
  if (content.includes('-----BEGIN')) return content;
  throw new ConfigError('E_CONFIG', `${name} is no PEM file`, {
    where: textOrPath,
    hint: 'It has to hold a block that begins with -----BEGIN.',
  });
}

function text(header: string | string[] | undefined): string {
  return Array.isArray(header) ? (header[0] ?? '') : (header ?? '');
}
