import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';

const file = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().min(0) });

/**
 * What a model folder was when `triaged models` brought it: `pulled.json` of one from a hub, `added.json` of
 * one from a folder. A plain text-classification folder has no other record of its files.
 */
export const pinSchema = z.strictObject({
  version: z.literal(1),
  source: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('hub'),
      hub: z.string(),
      repo: z.string(),
      /** the commit that the revision stood for on that day */
      revision: z.string().regex(/^[0-9a-f]{40}$/),
    }),
    z.strictObject({ kind: z.literal('folder'), folder: z.string() }),
  ]),
  /** ISO 8601, UTC */
  date: z.string(),
  /** by path relative to the folder, this file excepted */
  files: z.record(z.string(), file),
});

export type Pin = z.infer<typeof pinSchema>;

export const PULLED = 'pulled.json';
export const ADDED = 'added.json';

export function pinName(pin: Pin): string {
  return pin.source.kind === 'hub' ? PULLED : ADDED;
}

/** The pin of the folder `root`; null where nothing brought it but a person. Errors: ConfigError `E_MODEL`. */
export async function readPin(root: string): Promise<Pin | null> {
  for (const name of [PULLED, ADDED]) {
    const path = join(root, name);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw damaged(path, error);
    });
    if (text === null) continue;
    const parsed = pinSchema.safeParse(jsonOf(text));
    if (!parsed.success) throw damaged(path, parsed.error);
    return parsed.data;
  }
  return null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function damaged(path: string, cause: unknown): ConfigError {
  return new ConfigError('E_MODEL', 'The record of the checksums is not readable or was changed.', {
    where: path,
    hint: 'Bring the model again: triaged models pull or add, with --force.',
    cause,
  });
}
