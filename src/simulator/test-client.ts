/** For tests: the plainest client that can be, over real HTTP. */
import { type Agent, request } from 'node:http';
import { FIXTURE_PASSWORD } from './fixture.ts';
import { isRecord } from './operation.ts';
import type { Simulator } from './simulator.ts';
import type { OperationName } from './types.ts';

const BASE = '/otrs/nph-genericinterface.pl/Webservice/TicketTriage/';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** parsed, or {} where it is no JSON object */
  readonly body: Record<string, unknown>;
  readonly errorCode: string | undefined;
};

export type RawRequest = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  readonly timeoutMs?: number;
  /** 127.0.0.2 …: another client on loopback */
  readonly localAddress?: string;
};

/** Rejects with the socket's error where no whole answer came. */
export function send(sim: Simulator, raw: RawRequest): Promise<Answer> {
  const { hostname, port } = new URL(sim.url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: hostname,
        port,
        method: raw.method ?? 'POST',
        path: raw.path.startsWith('/') ? raw.path : BASE + raw.path,
        agent: raw.agent ?? false,
        ...(raw.localAddress === undefined ? {} : { localAddress: raw.localAddress }),
        headers: {
          ...(raw.body === undefined ? {} : { 'Content-Length': Buffer.byteLength(raw.body) }),
          ...raw.headers,
        },
        signal: AbortSignal.timeout(raw.timeoutMs ?? 5000),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString())),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(raw.body);
  });
}

function answerOf(status: number, headers: Answer['headers'], text: string): Answer {
  let body: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) body = value;
  } catch {
    // Text and pages are looked at as they are.
  }
  const error = isRecord(body.Error) ? body.Error.ErrorCode : undefined;
  return { status, headers, text, body, errorCode: typeof error === 'string' ? error : undefined };
}

/** By POST, as the bot unless the data says otherwise. */
export function call(
  sim: Simulator,
  operation: OperationName,
  data: Record<string, unknown> = {},
  more: Omit<RawRequest, 'path' | 'body'> = {},
): Promise<Answer> {
  const login =
    'SessionID' in data || 'UserLogin' in data ? {} : { UserLogin: 'otai-bot', Password: FIXTURE_PASSWORD };
  const body = JSON.stringify({ ...login, ...data });
  return send(sim, {
    path: operation,
    body,
    ...more,
    headers: { 'Content-Type': 'application/json', ...more.headers },
  });
}

export const NOTE = {
  Subject: 'Triage',
  Body: 'why',
  ContentType: 'text/plain; charset=utf8',
  CommunicationChannel: 'Internal',
  IsVisibleForCustomer: 0,
  NoAgentNotify: 1,
};

export function ids(answer: Answer): string[] {
  const found = answer.body.TicketID;
  return Array.isArray(found) ? found.map(String) : [];
}
