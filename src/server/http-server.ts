import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { secureHeaders } from 'hono/secure-headers';
import { ConfigError } from '../errors.ts';

/** A caller that sends slower than this is cut off, ms. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** How long a stop waits for answers under way, ms. */
const STOP_GRACE_MS = 1_000;

export type HttpServerOptions = {
  readonly host: string;
  /** 0 = any free port; `start` tells which */
  readonly port: number;
  /** one sentence per condition of readiness that is not fulfilled; asked at each call */
  readonly health: { readonly reasons: readonly string[] };
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  /** HTTP Basic for everything but health and webhook */
  readonly auth?: { readonly username: string; readonly password: string };
  /** a defect behind a route; the caller gets a bare 500 */
  readonly onError?: (error: unknown) => void;
  readonly webhook?: {
    /** the id may follow it: `<path>/:TicketID` */
    readonly path: string;
    readonly handler: { handle(request: Request, idInPath: string | null): Promise<Response> };
  };
};

/** Health, readiness, metrics and the mount of the webhook. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  #starting: Promise<{ readonly port: number }> | null = null;
  #server: Server | null = null;
  #port = 0;

  constructor(options: HttpServerOptions) {
    this.#options = options;
  }

  /** The bound port while it listens, else 0. */
  get port(): number {
    return this.#port;
  }

  /** Answers the bound port. Throws ConfigError E_CONFIG where the address cannot be listened on. */
  start(): Promise<{ readonly port: number }> {
    this.#starting ??= this.#listen();
    return this.#starting;
  }

  async stop(): Promise<void> {
    await this.#starting?.catch(() => {});
    const server = this.#server;
    this.#server = null;
    this.#starting = null;
    this.#port = 0;
    if (server === null) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const grace = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
    await closed;
    clearTimeout(grace);
  }

  #listen(): Promise<{ readonly port: number }> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const server = serve(
        {
          fetch: routes(this.#options).fetch,
          hostname: host,
          port,
          serverOptions: { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
        },
        (address: AddressInfo) => {
          this.#port = address.port;
          resolve({ port: address.port });
        },
      ) as Server;
      server.once('error', (error) => {
        this.#starting = null;
        reject(cannotListen(host, port, error));
      });
      this.#server = server;
    });
  }
}

function routes(options: HttpServerOptions): Hono {
  const { health, metrics, auth, webhook, onError } = options;
  const app = new Hono();
  app.use(secureHeaders());
  app.use(async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-store');
  });

  // Only that this process answers: if Znuny's trouble failed it, an orchestrator would restart us in a loop.
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', (context) => {
    const { reasons } = health;
    return context.json({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
  });

  if (webhook !== undefined) {
    const take = (context: Context) =>
      webhook.handler.handle(context.req.raw, context.req.param('TicketID') ?? null);
    app.post(webhook.path, take);
    app.post(`${webhook.path}/:TicketID`, take);
  }

  if (auth !== undefined) app.use('/metrics', basicAuth({ ...auth, realm: 'triaged' }));
  app.get('/metrics', async (context) =>
    context.body(await metrics.render(), 200, { 'Content-Type': metrics.contentType }),
  );

  app.notFound((context) => context.json({ error: 'not found' }, 404));
  // A defect is told by status alone: its message may hold what no caller should read.
  app.onError((error, context) => {
    if ('getResponse' in error) return error.getResponse();
    onError?.(error);
    return context.json({ error: 'internal error' }, 500);
  });
  return app;
}

function cannotListen(host: string, port: number, cause: Error): ConfigError {
  const code = 'code' in cause ? String(cause.code) : cause.message;
  const why = code === 'EADDRINUSE' ? 'another program listens there' : code;
  return new ConfigError('E_CONFIG', `cannot listen on ${host}:${port} (${why})`, {
    where: 'server.listen',
    hint: 'Name a free port and an address of this machine.',
    cause,
  });
}
