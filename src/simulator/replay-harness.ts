/** For tests: sends recorded requests to a simulator and says where the answer differs from the recorded one. */
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { isRecord } from './operation.ts';
import { Simulator, type SimulatorOptions } from './simulator.ts';

export type Recording = {
  readonly number: number;
  readonly name: string;
  readonly direction?: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  /** without a status where the connection broke off */
  readonly response: { readonly status?: number | null; readonly body?: unknown };
};

export function readRecordings(folder: string): Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const name = file.replace(/\.json$/, '');
      return {
        ...JSON.parse(readFileSync(join(folder, file), 'utf8')),
        number: Number.parseInt(name, 10),
        name,
      };
    })
    .toSorted((a, b) => a.number - b.number);
}

/** A simulator with a clock that the story sets, and sessions by login. */
export class Stage {
  readonly sim: Simulator;
  #now = 0;
  readonly #sessions = new Map<string, string>();

  constructor(options: SimulatorOptions) {
    this.sim = new Simulator({ ...options, now: () => this.#now });
  }

  /** `YYYY-MM-DD HH:MM:SS` in UTC */
  clock(text: string): void {
    this.#now = Date.parse(`${text.replace(' ', 'T')}Z`);
  }

  session(login: string): string {
    const known = this.#sessions.get(login);
    if (known !== undefined) return known;
    const user = this.sim.state.user(login);
    const { id } = this.sim.state.startSession({ kind: 'agent', user });
    this.#sessions.set(login, id);
    return id;
  }

  forgetSessions(): void {
    this.#sessions.clear();
  }
}

export type Answer = {
  readonly status: number | null;
  readonly body: unknown;
  readonly connection?: string | undefined;
};

export type SendOptions = { readonly sessionId: string; readonly password: string };

export function sendRecorded(recording: Recording, url: string, options: SendOptions): Promise<Answer> {
  const { method, path, query, headers, body } = recording.request;
  const fill = (text: string) =>
    text.replaceAll('SESSIONID', options.sessionId).replaceAll('PASSWORD', options.password);
  const target = new URL(url);
  const chunked = headers['Transfer-Encoding'] === 'chunked';
  const payload = body === null || body === undefined ? undefined : fill(expand(body));
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: target.hostname,
        port: target.port,
        method,
        path: fill(query === '' ? path : `${path}?${query}`),
        agent: false,
        headers: {
          ...Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, fill(value)])),
          ...(chunked || payload === undefined ? {} : { 'Content-Length': Buffer.byteLength(payload) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? null,
            body: parse(text),
            connection: response.headers.connection,
          });
        });
      },
    );
    outgoing.on('error', () => resolve({ status: null, body: null }));
    outgoing.end(payload);
  });
}

/** Bodies that were too large to keep are named in words. */
function expand(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text
    .replace('x repeated 2000100 times', () => 'x'.repeat(2_000_100))
    .replace('(1.5 MB text cut)', () => 'Zeile mit Umlauten äöüß und Text. '.repeat(40_000));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Gives the tickets of a recorded request other ids, and its queues other names. */
export function translate(
  recording: Recording,
  shift: number,
  queues: Readonly<Record<string, string>>,
): Recording {
  const { request: sent } = recording;
  const id = (text: string) => text.replaceAll(/\d+/g, (digits) => String(Number(digits) + shift));
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (isRecord(value))
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name)]));
    if (key === 'TicketID' && typeof value === 'number') return value + shift;
    if (typeof value !== 'string') return value;
    if (key === 'TicketID') return id(value);
    return key === 'Queue' || key === 'Queues' ? (queues[value] ?? value) : value;
  };
  const query = sent.query.replaceAll(/(?<=(?:^|&)(TicketID|Queues)=)[^&]*/g, (value, key: string) => {
    if (key === 'TicketID') return id(value.replaceAll('%2C', ','));
    const name = decodeURIComponent(value.replaceAll('+', ' '));
    return queues[name] === undefined ? value : encodeURIComponent(queues[name]);
  });
  const path = sent.path.replace(/(?<=\/(?:Ticket|TicketHistory|TicketUpdateInclude)\/)\d+$/, id);
  return { ...recording, request: { ...sent, path, query, body: walk(sent.body, '') } };
}

/** Every key path with the JSON type of its values, lists merged; `{}` and `[]` where empty. */
export function keyPaths(value: unknown, at = '$', found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    if (value.length === 0) found.add(`${at}[]`);
    for (const item of value) keyPaths(item, `${at}[]`, found);
  } else if (isRecord(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) found.add(`${at}{}`);
    for (const [key, item] of entries) keyPaths(item, `${at}.${key}`, found);
  } else found.add(`${at}: ${value === null ? 'null' : typeof value}`);
  return found;
}

/** What differs in status, error code or fault text, and key paths; empty where the two agree. */
export function differences(response: Recording['response'], got: Answer): string[] {
  const recorded: Answer = { status: response.status ?? null, body: response.body ?? null };
  const found: string[] = [];
  if (recorded.status !== got.status) found.push(`status ${recorded.status} but ${got.status}`);
  if (said(recorded.body) !== said(got.body)) found.push(`said ${said(recorded.body)} but ${said(got.body)}`);
  const wanted = keyPaths(recorded.body);
  const have = keyPaths(got.body);
  for (const path of [...wanted].filter((path) => !have.has(path))) found.push(`lacks ${path}`);
  for (const path of [...have].filter((path) => !wanted.has(path))) found.push(`adds ${path}`);
  return found;
}

function said(body: unknown): string | undefined {
  // Pages of apache are compared by their status only.
  if (typeof body === 'string') return body.startsWith('<') ? undefined : body;
  if (!isRecord(body)) return undefined;
  const error = isRecord(body.Error)
    ? `${body.Error.ErrorCode} ${body.Error.ErrorMessage}`.replace(/ticket \d+/, 'ticket #')
    : undefined;
  return error ?? (typeof body.faultstring === 'string' ? body.faultstring : undefined);
}

/** Lists of objects under a key. */
export function listOf(value: unknown, key: string): Record<string, unknown>[] {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** Type, agent and name of each history row, sorted: rows of one second come in no fixed order. */
export function historyRows(body: unknown): string[] {
  const history = listOf(body, 'TicketHistory').flatMap((one) => listOf(one, 'History'));
  return history.map((row) => `${row.HistoryType} by ${row.CreateBy}: ${pattern(row.Name)}`).toSorted();
}

/** Ticket numbers and pending times differ by when it was made; all else of a row's name counts. */
function pattern(name: unknown): string {
  return String(name)
    .replaceAll(/\d{16}/g, '#')
    .replace(/^%%\d{4}-\d\d-\d\d \d\d:\d\d$/, '%%date');
}
