import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { parseText } from './document.ts';
import { readText } from './file.ts';
import { isMapping } from './key-path.ts';
import { type LoadOptions, readConfig } from './load.ts';
import { model } from './model.ts';
import { applyOverrides } from './overrides.ts';
import { problemsError } from './problem.ts';
import { configSchema } from './schema.ts';
import { substitute } from './substitute.ts';

export type ModelSection = {
  /** absolute folder of the configuration, be it there or not: models lie beside it */
  readonly directory: string;
  /** false: there is no file, and `model` is the default */
  readonly written: boolean;
  readonly model: z.output<typeof model>;
};

/**
 * The section `model` alone. What is wrong or missing in others is no matter here: models are brought before
 * the rest is written, and from a shell that does not have Znuny's password. Throws ConfigError `E_CONFIG`.
 */
export function readModelSection(options: LoadOptions): ModelSection {
  const directory = dirname(resolve(options.file));
  if (!existsSync(options.file)) return { directory, written: false, model: model.parse({}) };
  const result = readConfig(options);
  if (result.ok) return { directory, written: true, model: result.loaded.config.model };

  const others = Object.keys(configSchema.shape).filter((name) => name !== 'model');
  const ours = result.problems.filter(({ key }) => !others.includes(/^[^.[]*/.exec(key)?.[0] ?? ''));
  if (ours.length > 0) throw problemsError(options.file, ours);
  return { directory, written: true, model: model.parse(sectionOf(options)) };
}

/** As readConfig reads it; what could fail here has been told by it. */
function sectionOf({ file, sets, env }: LoadOptions): unknown {
  const read = readText(file);
  const root = read.ok ? parseText(read.text).value : null;
  const { value } = applyOverrides(isMapping(root) ? root : {}, sets ?? []);
  return substitute(value.model ?? {}, env ?? process.env).value;
}
