import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { isMapping } from './key-path.ts';
import type { Config } from './schema.ts';
import { Secret } from './secret.ts';

/** The effective configuration, defaults filled and secrets masked, as YAML (or JSON) with the file's names. */
export function printConfig(
  loaded: { readonly config: Config },
  options: { readonly json: boolean },
): string {
  const plain = masked(loaded.config);
  return options.json ? `${JSON.stringify(plain, null, 2)}\n` : stringify(plain, { lineWidth: 110 });
}

/** sha256 of the effective configuration without its secrets; the order of keys makes no difference. */
export function hashConfig(config: Config): string {
  return createHash('sha256')
    .update(JSON.stringify(masked(config, true)))
    .digest('hex');
}

function masked(value: unknown, sorted = false): unknown {
  if (value instanceof Secret) return value.toJSON();
  if (Array.isArray(value)) return value.map((entry) => masked(entry, sorted));
  if (!isMapping(value)) return value;
  const entries = Object.entries(value)
    // a dump with both would be refused when it is loaded again
    .filter(([name, entry]) => entry !== undefined && !(name === 'password' && value.password_file))
    .map(([name, entry]) => [name, masked(entry, sorted)] as const);
  if (sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** Every secret text in the configuration. */
export function revealAll(value: unknown): readonly string[] {
  if (value instanceof Secret) return [value.reveal()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(revealAll);
}
