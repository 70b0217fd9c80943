import { parseText } from './document.ts';
import { isMapping, type KeyPath, type Mapping, parsePath } from './key-path.ts';
import type { Problem } from './problem.ts';

/** One `--set key=value`. `where` names it in errors without its value, which may be a password. */
export type Override = { readonly path: KeyPath; readonly where: string };

export type Overridden = {
  readonly value: Mapping;
  readonly overrides: readonly Override[];
  readonly problems: readonly Problem[];
};

/** Lays `--set key=value` over the file's value, in order. The value is YAML; null takes the key away. */
export function applyOverrides(root: Mapping, sets: readonly string[]): Overridden {
  const value = structuredClone(root);
  const overrides: Override[] = [];
  const problems: Problem[] = [];
  for (const set of sets) {
    const at = set.indexOf('=');
    const name = at < 0 ? set : set.slice(0, at);
    const path = at < 0 ? null : parsePath(name);
    if (!path || path.some((segment) => segment === '__proto__')) {
      const where = at < 0 ? '--set' : `--set ${name}`;
      problems.push({
        where,
        key: '',
        message: 'expected key=value, as in --set routing.min_confidence=0.9',
      });
      continue;
    }
    const where = `--set ${name}`;
    const parsed = parseText(set.slice(at + 1));
    const message = parsed.problems[0]?.message ?? put(value, path, parsed.value);
    if (message) problems.push({ where, key: name, message });
    overrides.push({ path, where });
  }
  return { value, overrides, problems };
}

/** Answers what is wrong, or null. */
function put(root: Mapping, path: KeyPath, value: unknown): string | null {
  let container: Mapping | unknown[] = root;
  for (const [depth, segment] of path.entries()) {
    const last = depth === path.length - 1;
    if (Array.isArray(container)) {
      const index = Number(segment);
      if (!Number.isInteger(index) || index > container.length) {
        return `the list has ${container.length} entries: name one by its number, from 0`;
      }
      if (last) {
        if (value === null) container.splice(index, 1);
        else container[index] = value;
        return null;
      }
    } else if (last) {
      if (value === null) delete container[segment];
      else container[segment] = value;
      return null;
    }
    const next: unknown = Object.hasOwn(container, segment) ? Reflect.get(container, segment) : undefined;
    if (Array.isArray(next) || isMapping(next)) container = next;
    else if (next === undefined || next === null) {
      const created: Mapping | unknown[] = typeof path[depth + 1] === 'number' ? [] : {};
      Reflect.set(container, segment, created);
      container = created;
    } else return 'goes into a plain value, which has no keys';
  }
  return null;
}
