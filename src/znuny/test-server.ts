import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isKnownError, type KnownError } from '../errors.ts';
import { ZnunyClient, type ZnunyClientOptions } from './client.ts';
import type { OperationName } from './types.ts';

/** One request as it arrived, byte for byte where it matters. */
export type Seen = {
  readonly operation: OperationName;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** 1 for the first request of its connection */
  readonly ofSocket: number;
};

export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Buffer | object;
    }
  /** connection closed without a byte */
  | 'close'
  /** never answered */
  | 'silence'
  /** half of the promised body, then closed */
  | { readonly half: string };

type Script = (request: Seen) => Reply | Promise<Reply>;

/**
 * A web service with operation-named routes that answers probes and logins like Znuny and everything else as the
 * test says: for answers that no Znuny, and so no simulator, would give.
 */
export class TestServer {
  readonly seen: Seen[] = [];
  script: Script;
  readonly #server: Server;
  readonly #requests = new WeakMap<Socket, number>();
  #sessions = 0;
  #clients: ZnunyClient[] = [];

  constructor(script: Script) {
    this.script = script;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const reply = await this.#answer(request, Buffer.concat(chunks).toString('utf8'));
        if (reply === 'silence') return;
        if (reply === 'close') return request.socket.destroy();
        if ('half' in reply) {
          response.writeHead(200, { 'content-length': String(reply.half.length * 2) });
          return response.write(reply.half, () => request.socket.destroy());
        }
        const { body } = reply;
        const raw = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
        response.writeHead(reply.status ?? 200, {
          'content-type': 'application/json; charset=UTF-8',
          ...reply.headers,
        });
        response.end(raw);
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    // Before the clients, which wait for their writes.
    this.#server.closeAllConnections();
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.refuse();
  }

  /** From now on connections are refused. */
  async refuse(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A client of this server; closed with it. */
  client(options: Partial<ZnunyClientOptions> = {}): ZnunyClient {
    const client = new ZnunyClient({
      url: this.url,
      userLogin: 'bot',
      password: () => 'pass-word',
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** Calls of an operation that carried credentials: no probes. */
  calls(operation: OperationName): readonly Seen[] {
    return this.seen.filter((seen) => seen.operation === operation && isCall(seen));
  }

  async #answer(request: IncomingMessage, text: string): Promise<Reply> {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    const ofSocket = (this.#requests.get(request.socket) ?? 0) + 1;
    this.#requests.set(request.socket, ofSocket);
    const seen: Seen = {
      operation: path.split('/').at(-1) as OperationName,
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      data: text === '' ? {} : JSON.parse(text),
      text,
      ofSocket,
    };
    this.seen.push(seen);
    if (this.open) return this.open(seen);
    if (!isCall(seen)) return authFail(seen.operation);
    if (seen.operation === 'SessionCreate' && !this.scriptsLogin) {
      this.#sessions += 1;
      return { body: { SessionID: `session-${this.#sessions}-0123456789` } };
    }
    return this.script(seen);
  }

  /** answers everything, probes and logins included */
  open: Script | null = null;

  /** true: SessionCreate is the script's, too */
  scriptsLogin = false;
}

function isCall({ data, headers }: Seen): boolean {
  return (
    'SessionID' in data ||
    'UserLogin' in data ||
    'x-otrs-header-sessionid' in headers ||
    'x-otrs-header-userlogin' in headers
  );
}

export function authFail(operation: OperationName): Reply {
  return refusal(`${operation}.AuthFail`, `${operation}: Authorization failing!`);
}

export function refusal(ErrorCode: string, ErrorMessage: string): Reply {
  return { body: { Error: { ErrorCode, ErrorMessage } } };
}

const FOLDER = new URL('../../test/recordings/', import.meta.url);

/** What a real Znuny 6.5.15 answered, by the number of its recording. */
export function recorded(number: number): Reply & { readonly body: unknown } {
  const prefix = `${String(number).padStart(2, '0')}-`;
  const file = readdirSync(FOLDER).find((name) => name.startsWith(prefix));
  if (file === undefined) throw new Error(`no recording ${number}`);
  const { response } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  const { 'content-type': contentType } = response.headers;
  return { status: response.status, headers: { 'content-type': contentType }, body: response.body };
}

/** The error of a call that has to fail with one of ours. */
export async function errorOf(call: Promise<unknown>): Promise<KnownError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isKnownError(error)) throw new Error(`no known error: ${String(error)}`);
  return error;
}
