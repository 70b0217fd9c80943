/** For tests: what was recorded from a real Znuny, and the same with other ids and names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../src/simulator/operation.ts';

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

/** Ticket ids so much higher, and queues by other names. */
export type Variation = { readonly shift: number; readonly queues: Readonly<Record<string, string>> };

/** Gives the tickets of a recorded request other ids, and its queues other names. */
export function translate(recording: Recording, { shift, queues }: Variation): Recording {
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
