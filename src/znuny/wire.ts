import { ConfigError, PermanentError } from '../errors.ts';
import { isRecord, type Json } from './answer.ts';
import type { WireRequest } from './transport.ts';
import type { Route } from './types.ts';

/** Login and password, or a session's id, or both, under Znuny's names. */
export type Credentials = {
  readonly SessionID?: string;
  readonly UserLogin?: string;
  readonly Password?: string;
};

export type Encoded = Pick<WireRequest, 'method' | 'path' | 'headers' | 'body'>;

/**
 * Puts data and credentials where a route can carry them: route parameters into the path, the rest into a JSON
 * body, or into query string and headers where Znuny ignores bodies (GET). Credentials never enter a query string.
 */
export function encode(
  basePath: string,
  route: Route,
  data: Json,
  credentials: Credentials,
  byHeader = false,
): Encoded {
  const { path, rest } = fillPath(route, { ...data });
  const bodiless = route.method === 'GET' || route.method === 'DELETE';
  // The one place in a path where a session's id may stand: `GET /Session/:SessionID` knows no other.
  const inPath = route.path.includes(':SessionID');
  const { SessionID, ...login } = credentials;
  const sent = fillPath({ ...route, path }, inPath ? { SessionID } : {}).path;
  if (!bodiless) {
    const all = { ...(inPath || byHeader ? {} : credentials), ...rest };
    // An empty object is refused before any operation sees it ("Unsupported request content structure."); no body
    // at all is not.
    const empty = Object.keys(all).length === 0;
    return {
      method: route.method,
      path: basePath + sent,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(byHeader && !inPath ? credentialHeaders(credentials) : {}),
      },
      body: empty ? null : Buffer.from(JSON.stringify(all)),
    };
  }
  const query = queryString(rest, route);
  return {
    method: route.method,
    path: basePath + sent + (query === '' ? '' : `?${query}`),
    headers: credentialHeaders(inPath ? login : credentials),
    body: null,
  };
}

function fillPath(route: Route, data: Record<string, unknown>): { path: string; rest: Json } {
  const rest = { ...data };
  const path = route.path.replace(/:(\w+)/g, (placeholder, name: string) => {
    const value = rest[name];
    if (value === undefined) return placeholder;
    delete rest[name];
    return encodeURIComponent(String(value)).replaceAll('%2C', ',');
  });
  return { path, rest };
}

/** Arrays repeat their key; Znuny understands neither `Key[]=` nor JSON in a value (recordings 21, 22). */
function queryString(data: Json, route: Route): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(data)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined || one === null) continue;
      if (isRecord(one)) throw needsPost(key, route);
      pairs.push(
        `${encodeURIComponent(key)}=${encodeURIComponent(one === true ? '1' : one === false ? '0' : String(one))}`,
      );
    }
  }
  return pairs.join('&');
}

function needsPost(key: string, route: Route): ConfigError {
  return new ConfigError('E_ZNUNY_URL', `${key} cannot be asked for by ${route.method} ${route.path}`, {
    hint: 'Znuny ignores it in a query string and would answer with every ticket: allow POST on this route of the web service.',
  });
}

const HEADER_NAMES = [
  ['SessionID', 'x-otrs-header-sessionid'],
  ['UserLogin', 'x-otrs-header-userlogin'],
  ['Password', 'x-otrs-header-password'],
] as const;

function credentialHeaders(credentials: Credentials): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [key, header] of HEADER_NAMES) {
    const value = credentials[key];
    if (value === undefined) continue;
    if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) {
      throw new ConfigError('E_CONFIG', `the ${key} holds characters that a header cannot carry`, {
        hint: 'Allow POST on all routes of the web service, or use ASCII.',
      });
    }
    headers[header] = value;
  }
  return headers;
}

/** Several ids go comma-joined: one form for body, query string and path. */
export function joinIds(ids: readonly number[]): string {
  return ids.map(checkedId).join(',');
}

export function checkedId(id: number): number {
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new PermanentError('E_ZNUNY_REQUEST', `${String(id)} is no ticket id`, {
    hint: 'Ids are whole numbers above 0; a ticket number is another thing.',
  });
}
