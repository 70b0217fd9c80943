import { ConfigError, type KnownError, TransientError } from '../errors.ts';
import type { Json, Payload } from './answer.ts';
import type { Target } from './options.ts';
import type { WireAnswer, WireFailure } from './transport.ts';
import {
  type Endpoint,
  type HttpMethod,
  OPERATIONS,
  type OperationName,
  type Route,
  type Routes,
} from './types.ts';

/** One request without credentials: its answer, or why none came. `known` is the error that it would be in a call. */
export type ProbeResult =
  | { readonly answer: WireAnswer; readonly payload: Payload; readonly known: KnownError | null }
  | { readonly failure: WireFailure; readonly known: KnownError };
export type Probe = (
  route: Route,
  basePath: string,
  more: { readonly headers: Readonly<Record<string, string>>; readonly data: Json },
) => Promise<ProbeResult>;

const NOTHING = { headers: {}, data: {} };

export type RouteWishes = 'operations' | 'sample' | Routes | undefined;

/** POST first: bodies hold any length, dynamic field searches and credentials. */
const READ: readonly HttpMethod[] = ['POST', 'GET'];
const METHODS: Readonly<Record<OperationName, readonly HttpMethod[]>> = {
  SessionCreate: ['POST'],
  SessionGet: READ,
  SessionRemove: ['POST', 'DELETE'],
  TicketSearch: READ,
  TicketGet: READ,
  TicketHistoryGet: READ,
  TicketUpdate: ['PUT', 'PATCH', 'POST'],
  TicketCreate: ['POST', 'PUT'],
  // No Znuny has it: only a route that was configured is used.
  TicketDelete: [],
};

/** GenericTicketConnectorREST, and the same with more methods allowed. */
const SAMPLE: Readonly<Record<OperationName, readonly Route[]>> = {
  SessionCreate: [{ method: 'POST', path: '/Session' }],
  SessionGet: [{ method: 'GET', path: '/Session/:SessionID' }],
  SessionRemove: [
    { method: 'DELETE', path: '/Session/:SessionID' },
    { method: 'DELETE', path: '/Session' },
  ],
  TicketSearch: [
    { method: 'POST', path: '/Ticket/Search' },
    { method: 'GET', path: '/Ticket' },
  ],
  TicketGet: [
    { method: 'POST', path: '/TicketList' },
    { method: 'GET', path: '/TicketList' },
    { method: 'GET', path: '/Ticket/:TicketID' },
  ],
  TicketHistoryGet: [
    { method: 'POST', path: '/TicketHistory/:TicketID' },
    { method: 'GET', path: '/TicketHistory/:TicketID' },
    { method: 'GET', path: '/Ticket/History/:TicketID' },
  ],
  TicketUpdate: [
    { method: 'PATCH', path: '/Ticket/:TicketID' },
    { method: 'PUT', path: '/Ticket/:TicketID' },
    { method: 'POST', path: '/Ticket/:TicketID' },
  ],
  TicketCreate: [{ method: 'POST', path: '/Ticket' }],
  TicketDelete: [],
};

/**
 * Settles where the Generic Interface is and how it is spoken to. A request without credentials is refused by the
 * operation under its own name, which proves the route and can change nothing.
 */
export async function findEndpoint(target: Target, wishes: RouteWishes, probe: Probe): Promise<Endpoint> {
  const basePath = await findBasePath(target, probe);
  const found = await Promise.all(
    OPERATIONS.map(
      async (operation) => [operation, await findRoute(operation, wishes, basePath, probe)] as const,
    ),
  );
  const routes: Routes = Object.fromEntries(found.filter(([, route]) => route !== null));
  const bodiless = OPERATIONS.filter((operation) => isBodiless(routes[operation]));
  const byHeader = bodiless.filter((operation) => !routes[operation]?.path.includes(':SessionID'));
  if (byHeader.length > 0 && !(await readsHeaders(routes, basePath, probe))) {
    throw new ConfigError(
      'E_ZNUNY_URL',
      `this Znuny reads no credentials from headers, and ${byHeader.join(', ')} can only be reached by GET`,
      {
        where: target.origin + basePath,
        hint: 'The password would stand in query strings and access logs: allow POST on these routes of the web service.',
      },
    );
  }
  return {
    baseUrl: target.origin + basePath,
    routes,
    credentials: byHeader.length > 0 ? 'header' : 'body',
  };
}

async function findBasePath(target: Target, probe: Probe): Promise<string> {
  const tried: string[] = [];
  let silent = false;
  let failed: KnownError | null = null;
  for (const basePath of target.basePaths) {
    const result = await probeTwice({ method: 'POST', path: '/TicketSearch' }, basePath, probe);
    if ('failure' in result) {
      if (result.failure.reason !== 'closed' || !result.failure.silent) throw result.known;
      silent = true;
      tried.push(`${basePath}: closed without an answer`);
      continue;
    }
    if (isGenericInterface(result.answer, result.payload)) return basePath;
    const { status } = result.answer;
    if (STOP.has(status) || (status >= 300 && status < 400)) throw result.known ?? unexpected(target, status);
    if (status >= 500) failed = result.known;
    tried.push(`${basePath}: HTTP ${status}`);
  }
  if (silent) {
    // Apache closes without a byte where the name is unknown or the service invalid (recording 147).
    throw new ConfigError(
      'E_ZNUNY_URL',
      `Znuny closed the connection without an answer: check the web service's name "${target.webService}": is it valid?`,
      {
        where: target.origin,
        hint: `Import the web service under Admin > Web Services and set it valid${target.origin.startsWith('https:') ? ', or name client_cert where a proxy wants a client certificate' : ''}. Tried ${tried.join('; ')}.`,
      },
    );
  }
  if (failed) throw failed;
  throw new ConfigError('E_ZNUNY_URL', `no Generic Interface found (${tried.join('; ')})`, {
    where: target.origin,
    hint: 'Give the whole URL up to nph-genericinterface.pl as url, or base_path.',
  });
}

/** Statuses that say the same at any path. */
const STOP = new Set([401, 403, 407, 429, 502, 503, 504]);

function unexpected(target: Target, status: number): KnownError {
  return new TransientError('E_ZNUNY_ANSWER', `unexpected answer (HTTP ${status})`, { where: target.origin });
}

/** A restarting web server looks like an unknown web service: ask again before saying so. */
async function probeTwice(route: Route, basePath: string, probe: Probe): Promise<ProbeResult> {
  const first = await probe(route, basePath, NOTHING);
  return 'failure' in first && first.failure.reason === 'closed' ? probe(route, basePath, NOTHING) : first;
}

function isGenericInterface(answer: WireAnswer, payload: Payload): boolean {
  if (payload.kind === 'error') return payload.code.includes('.');
  // A gateway, or a token among the headers, may have logged us in: this is then an answer.
  if (payload.kind === 'data') return 'TicketID' in payload.data || isEmpty(payload.data);
  if (payload.kind === 'fault') return true;
  return payload.kind === 'text' && answer.status === 500 && !payload.html;
}

async function findRoute(
  operation: OperationName,
  wishes: RouteWishes,
  basePath: string,
  probe: Probe,
): Promise<Route | null> {
  const wished = typeof wishes === 'object' ? wishes[operation] : undefined;
  if (wished) return { method: wished.method, path: wished.path.replace(/^\/*/, '/') };
  const named = METHODS[operation].map((method) => ({ method, path: `/${operation}` }));
  const candidates =
    wishes === 'operations'
      ? named
      : wishes === 'sample'
        ? SAMPLE[operation]
        : [...named, ...SAMPLE[operation]];
  for (const route of candidates) {
    const result = await probeTwice(route, basePath, probe);
    if ('failure' in result) throw result.known;
    if (STOP.has(result.answer.status) && result.answer.status >= 429) throw result.known;
    if (leadsTo(operation, result.payload)) return route;
  }
  return null;
}

/** Where headers log us in, a probe may get data. */
const ANSWER_KEYS = ['TicketID', 'SessionID', 'SessionData'];

function isEmpty(data: Json): boolean {
  return Object.keys(data).length === 0;
}

/** An error names its operation (`TicketSearch.AuthFail`); a name that is none of ours is an operation renamed. */
function leadsTo(operation: OperationName, payload: Payload): boolean {
  if (payload.kind === 'fault') return true;
  if (payload.kind === 'data') return ANSWER_KEYS.some((key) => key in payload.data) || isEmpty(payload.data);
  if (payload.kind !== 'error') return false;
  const name = payload.code.split('.')[0];
  return name === operation || !OPERATIONS.some((known) => known === name);
}

/**
 * Whether credentials are read from headers, told by sending a session's id that is none: where headers are read
 * the session is refused, where they are not it is missing. TicketSearch and TicketGet say the same to both.
 */
async function readsHeaders(routes: Routes, basePath: string, probe: Probe): Promise<boolean> {
  for (const operation of ['SessionGet', 'TicketCreate', 'TicketUpdate'] as const) {
    const route = routes[operation];
    if (!route || route.path.includes(':SessionID')) continue;
    const result = await probe(route, basePath, {
      headers: { 'x-otrs-header-sessionid': 'none' },
      // TicketUpdate looks for the ticket's id first; with no login it gets no further than the session.
      data: operation === 'TicketUpdate' ? { TicketID: 1 } : {},
    });
    if (!('payload' in result) || result.payload.kind !== 'error') continue;
    const { code, message } = result.payload;
    if (/AuthFail|SessionInvalid/.test(code)) return true;
    if (code.endsWith('MissingParameter') && message.includes('SessionID')) return false;
  }
  // Not to be told: the first call with a new session will.
  return true;
}

export function isBodiless(route: Route | undefined): boolean {
  return route?.method === 'GET' || route?.method === 'DELETE';
}
