import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Endpoint, OperationName, Route } from '../src/znuny/types.ts';

export type RawAnswer = {
  /** 0 where the connection was closed without an answer */
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** undefined where the text is no JSON */
  readonly json: unknown;
};

export type RawRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** sent without Content-Length */
  readonly chunked?: boolean;
  /** our own address, on loopback */
  readonly localAddress?: string;
};

/** One request without anything of the client that is accepted: what it hides is seen here. */
export function send(baseUrl: string, options: RawRequest): Promise<RawAnswer> {
  const url = new URL(baseUrl);
  const { body, chunked = false, localAddress } = options;
  return new Promise((resolve) => {
    const outgoing = (url.protocol === 'https:' ? secureRequest : request)(
      {
        host: url.hostname,
        port: url.port,
        method: options.method,
        path: url.pathname + options.path,
        agent: false,
        ...(localAddress === undefined ? {} : { localAddress }),
        headers: {
          ...(body === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
          ...options.headers,
        },
      },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const text = Buffer.concat(chunks).toString();
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, type, text, json: parsed(text) });
      },
    );
    outgoing.on('error', (error) => resolve({ status: 0, type: '', text: error.message, json: undefined }));
    if (chunked) outgoing.write('');
    outgoing.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** An operation by its route, `data` as JSON in the body, or in the query where the route is a GET. */
export function call(
  endpoint: Endpoint,
  operation: OperationName,
  data: Readonly<Record<string, unknown>>,
  more: Partial<RawRequest> = {},
): Promise<RawAnswer> {
  const route = endpoint.routes[operation];
  if (route === undefined) throw new Error(`the web service offers no ${operation}`);
  const { path, rest } = filled(route, data);
  if (route.method === 'GET' || route.method === 'DELETE') {
    const query = new URLSearchParams(
      Object.entries(rest).flatMap(([key, value]) =>
        [value].flat().map((one): [string, string] => [key, String(one)]),
      ),
    );
    return send(endpoint.baseUrl, { method: route.method, path: `${path}?${query}`, ...more });
  }
  const body = JSON.stringify(rest);
  return send(endpoint.baseUrl, { method: route.method, path, body, headers: JSON_TYPE, ...more });
}

function filled(route: Route, data: Readonly<Record<string, unknown>>) {
  const rest = { ...data };
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  return { path, rest };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** ErrorCode of an answer that holds one. */
export function errorCode({ json }: RawAnswer): string | undefined {
  const found = json as { Error?: { ErrorCode?: string } } | undefined;
  return found?.Error?.ErrorCode;
}
