import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';
import type { Data } from './operation.ts';

/** `--data`: JSON itself, `@FILE`, or `-`. */
export async function readData(argument: string): Promise<Data> {
  const where = argument.startsWith('@') ? argument.slice(1) : argument === '-' ? 'standard input' : '--data';
  const text = argument.startsWith('@')
    ? await readTextFile(argument.slice(1))
    : argument === '-'
      ? await readStandardInput()
      : argument;
  const data = parseObject(text);
  if (data !== null) return data;
  throw new ConfigError('E_CONFIG', 'is no JSON object', {
    where,
    hint: 'Give JSON like {"Ticket": {"Title": "…"}}, @FILE for a file, or - for standard input.',
  });
}

/** null where the text is no JSON, or no object. */
export function parseObject(text: string): Data | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `over` wins; objects are laid over each other key by key, lists are joined, anything else is replaced. */
export function layOver(under: Data, over: Data): Data {
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = under[key];
    if ((isObject(value) && Array.isArray(below)) || (Array.isArray(value) && isObject(below))) {
      throw new ConfigError('E_CONFIG', `${key} is a list in the data, and options say more about it`, {
        hint: `Leave the options for ${key} out, or give one object.`,
      });
    }
    if (isObject(value) && isObject(below)) result[key] = layOver(below, value);
    else if (Array.isArray(value) && Array.isArray(below)) result[key] = [...below, ...value];
    else result[key] = value;
  }
  return result;
}

export async function readTextFile(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError('E_CONFIG', 'is not UTF-8', {
      where: file,
      hint: 'Save it as UTF-8: Znuny takes nothing else.',
    });
  }
}

export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Lines of a file or of standard input, as bytes. */
export function openLines(file: string): AsyncIterable<Uint8Array> & { destroy(): unknown } {
  return file === '-' ? process.stdin : createReadStream(file);
}

export function unreadable(file: string, error: unknown): ConfigError {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return new ConfigError('E_CONFIG', `cannot be read${code}`, {
    where: file,
    hint: 'Name a file that is there.',
  });
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
