/** What Znuny's REST transport reads out of a request. */
import type { IncomingMessage } from 'node:http';
import { isRecord } from './operation.ts';
import type { RequestData } from './types.ts';

/** `&` and `;` separate, a second `=` cuts the value, a repeated key makes a list, "0" becomes empty. */
export function parseQuery(query: string): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const pair of query.split(/[&;]/)) {
    if (pair === '') continue;
    const [rawKey = '', rawValue = ''] = pair.split('=');
    const key = decode(rawKey);
    const text = decode(rawValue);
    const value = text === '0' ? '' : text;
    const before = data[key];
    data[key] = before === undefined ? value : [before, value].flat();
  }
  return data;
}

export function decode(text: string): string {
  const plain = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

const HEADERS = [
  'UserLogin',
  'CustomerUserLogin',
  'SessionID',
  'Password',
  'ImpersonateAsUser',
  'TwoFactorToken',
];

/** X-OTRS-Header-* of 6.5.15; X-Znuny-Header-* and Basic auth are not known. */
export function headerParameters(request: IncomingMessage): Record<string, string> {
  const data: Record<string, string> = {};
  for (const name of HEADERS) {
    const value = request.headers[`x-otrs-header-${name.toLowerCase()}`];
    if (typeof value === 'string') data[name] = value;
  }
  return data;
}

export type BodyOutcome = { readonly data: RequestData | undefined } | { readonly fault: string };

/**
 * A GET's body and a body without Content-Length are ignored. `data` is undefined for a list, which the
 * operation refuses as an empty request.
 */
export function parseBody(request: IncomingMessage, body: Buffer): BodyOutcome {
  const method = request.method ?? 'GET';
  const bodyless = method === 'GET' || method === 'HEAD' || method === 'DELETE';
  if (bodyless || request.headers['content-length'] === undefined || body.length === 0) return { data: {} };
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === undefined || type === '' || type === 'application/x-www-form-urlencoded') {
    return { fault: 'Could not read input data' };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return { fault: 'Could not read input data' };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'Error while decoding request content.' };
  }
  // An empty structure is refused like a text (measured on 6.5.15), a list with something in it is not.
  const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (empty) return { fault: 'Unsupported request content structure.' };
  if (Array.isArray(value)) return { data: undefined };
  if (!isRecord(value)) return { fault: 'Unsupported request content structure.' };
  return { data: value };
}
