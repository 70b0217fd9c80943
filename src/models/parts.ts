import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { MANIFEST } from './folder-files.ts';

/** A name as a repository or a record may give it, that stays within its folder on every system. */
export function isSafePath(path: string): boolean {
  return (
    path !== '' &&
    !/[\\:\0]/.test(path) &&
    path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}

/** The files that a triaged.json brings checksums for. Errors: ConfigError `E_MODEL`. */
export function listedFiles(manifest: string, where: string): readonly string[] {
  const files = manifestFiles.safeParse(jsonOf(manifest)).data?.files ?? {};
  const paths = Object.keys(files);
  const outside = paths.find((path) => !isSafePath(path));
  if (outside === undefined) return paths;
  throw new ConfigError('E_MODEL', `${MANIFEST} lists ${JSON.stringify(outside)}, outside the folder.`, {
    where,
  });
}

/** What else it says is read and judged where the folder is opened. */
const manifestFiles = z.looseObject({ files: z.record(z.string(), z.unknown()) });

/** Triage decides for one category: probabilities that do not sum to one would be made to. */
export async function mustChooseOne(directory: string): Promise<void> {
  const text = await readFile(join(directory, 'config.json'), 'utf8');
  const kind = problemType.safeParse(jsonOf(text)).data?.problem_type ?? 'single_label_classification';
  if (kind === 'single_label_classification') return;
  throw new ConfigError(
    'E_MODEL',
    `config.json says ${JSON.stringify(kind)}: its labels are no choice of one.`,
    {
      where: directory,
      hint: 'Train it for one label a text (single_label_classification).',
    },
  );
}

const problemType = z.looseObject({ problem_type: z.string().nullish() });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
