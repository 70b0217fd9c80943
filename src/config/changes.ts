import { factsOf } from './introspect.ts';
import { formatPath, isMapping, type KeyPath } from './key-path.ts';
import { type Config, configSchema } from './schema.ts';
import { Secret } from './secret.ts';

/** Keys whose values differ, as `routing.rules[0].queue`; a list of another length counts as one. */
export function changedKeys(before: Config, after: Config): readonly string[] {
  return differences(before, after, []).map(formatPath);
}

/** Those of the changed keys that take effect at the next start only. */
export function requiresRestart(before: Config, after: Config): readonly string[] {
  return differences(before, after, [])
    .filter((path) => factsOf(configSchema, path).restart)
    .map(formatPath);
}

function differences(before: unknown, after: unknown, path: KeyPath): readonly KeyPath[] {
  if (before instanceof Secret && after instanceof Secret) {
    return before.reveal() === after.reveal() ? [] : [path];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length) return [path];
    return before.flatMap((entry, index) => differences(entry, after[index], [...path, index]));
  }
  if (isMapping(before) && isMapping(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => differences(before[name], after[name], [...path, name]));
  }
  return Object.is(before, after) ? [] : [path];
}
