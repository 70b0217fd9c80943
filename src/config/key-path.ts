/** Where a value stands: `['routing', 'rules', 0, 'queue']`. */
export type KeyPath = readonly (string | number)[];

/** `routing.rules[0].queue`; keys that would be misread are quoted: `model.labels["a.b"]`. */
export function formatPath(path: KeyPath): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (!/^[\p{L}\p{N}_-]+$/u.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}

/** The reverse of `formatPath`; `a.0.b` is taken too. Null where the text is no path. */
export function parsePath(text: string): KeyPath | null {
  const path: (string | number)[] = [];
  const token = /(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\["([^"]*)"\]/gy;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) return null;
    const [, word, index, quoted] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(word ?? quoted ?? '');
  }
  return path.length === 0 ? null : path;
}

export function startsWith(path: KeyPath, prefix: KeyPath): boolean {
  return prefix.length <= path.length && prefix.every((segment, at) => String(segment) === String(path[at]));
}

export type Mapping = Record<string, unknown>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at `path`; undefined where nothing stands there. Never reads inherited properties. */
export function valueAt(root: unknown, path: KeyPath): unknown {
  let value = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = Reflect.get(value, segment);
  }
  return value;
}
