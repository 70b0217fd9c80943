/** For tests: a simulator that a story is played on, and recorded requests sent to it. */
import { request } from 'node:http';
import { FIXTURE_PASSWORD } from '../../src/simulator/fixture.ts';
import { Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts';
import { type Recording, translate, type Variation } from './recording.ts';

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

  /** The story speaks of the recorded names; what happens in between is under the new ones. */
  async renamed<T>({ queues }: Variation, work: () => Promise<T>): Promise<T> {
    for (const [from, to] of Object.entries(queues)) this.sim.renameQueue(from, to);
    const done = await work();
    for (const [from, to] of Object.entries(queues)) this.sim.renameQueue(to, from);
    return done;
  }

  replay(recording: Recording, variation: Variation, sessionId: string): Promise<Answer> {
    const options = { sessionId, password: FIXTURE_PASSWORD };
    return this.renamed(variation, () =>
      sendRecorded(translate(recording, variation), this.sim.url, options),
    );
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
