import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Stage } from './stage.ts';

const ROOT = join(import.meta.dirname, '..');

export type Ran = { readonly code: number | null; readonly out: string; readonly error: string };
export type Run = { readonly env?: NodeJS.ProcessEnv; readonly input?: string };

/** `triaged znuny …` as a process of its own: secrets go in by its environment. */
export async function triaged(args: readonly string[], { env = {}, input = '' }: Run = {}): Promise<Ran> {
  const child = spawn(process.execPath, ['src/main.ts', 'znuny', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
  });
  const [out, error]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => error.push(chunk));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out: Buffer.concat(out).toString(), error: Buffer.concat(error).toString() };
}

export function znuny(stage: Stage, args: readonly string[], { env, input }: Run = {}): Promise<Ran> {
  const { url, webService, bot } = stage.target;
  const where = args.includes('--url') ? [] : ['--url', url];
  const service = args.includes('--web-service') ? [] : ['--web-service', webService];
  const login = args.includes('--user') ? [] : ['--user', bot.login, '--password-env', 'BOT_PASSWORD'];
  return triaged([...args, ...where, ...service, ...login], {
    env: { BOT_PASSWORD: bot.password, ...env },
    ...(input === undefined ? {} : { input }),
  });
}

/** What a script reads; the report on the standard error output is empty where all went well. */
export async function answer<Answer>(ran: Promise<Ran>): Promise<Answer> {
  const { code, out, error } = await ran;
  expect([code, error]).toEqual([0, '']);
  return JSON.parse(out);
}

export type Written = {
  readonly TicketID: number;
  readonly TicketNumber: string;
  readonly ArticleIDs: number[];
};
export type Got = { readonly Ticket: readonly Record<string, unknown>[] };

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'triaged-acceptance-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** The least that a ticket needs, but its title and text. */
export function fields({ target }: Stage): string[] {
  const type = target.type === undefined ? [] : ['--type', target.type];
  const common = ['--queue', target.sourceQueue, '--state', 'new', '--customer', target.customerUser];
  return [...common, '--priority', '3 normal', ...type];
}

export async function create(stage: Stage, title: string, more: readonly string[]): Promise<Written> {
  const words = ['create', '--title', `${stage.mark} ${title}`, ...fields(stage), ...more];
  const written = await answer<Written>(znuny(stage, words));
  stage.adopt(written.TicketID);
  return written;
}
