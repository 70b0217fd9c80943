import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { factsOf, homesOf, knownKeys } from './introspect.ts';
import { formatPath, type KeyPath, valueAt } from './key-path.ts';
import { configSchema } from './schema.ts';

/** What the schema refuses, in an administrator's words. */
export type ValueIssue = {
  readonly path: KeyPath;
  readonly message: string;
  /** the key is wrong, not its value */
  readonly keyOnly: boolean;
  /** what to print instead of `path` */
  readonly shown?: KeyPath;
};

/** What the sentences need to know of the file, before variables were put in. */
export type Written = {
  readonly value: unknown;
  /** the scalar as it stands in the text, null where unknown */
  sourceOf(path: KeyPath): string | null;
};

export function explainIssues(issues: readonly z.core.$ZodIssue[], written: Written): readonly ValueIssue[] {
  return issues.flatMap((issue) => explainIssue(issue, [], written));
}

function explainIssue(issue: z.core.$ZodIssue, base: KeyPath, written: Written): readonly ValueIssue[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({
      path: [...path, name],
      keyOnly: true,
      ...unknownKey(path, name, written),
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((errors) => errors.length > 0 && errors.every(isInside));
    if (branch) return branch.flatMap((error) => explainIssue(error, path, written));
    return [{ path, message: mismatch(issue.message, path, written), keyOnly: false }];
  }
  if (issue.code === 'invalid_key') {
    return [{ path, message: issue.issues[0]?.message ?? 'is no valid name', keyOnly: true }];
  }
  return [{ path, message: messageOf(issue, path, written), keyOnly: false }];
}

/** The branch of a union that was meant: it fails below its top, or on more than the kind of its value. */
function isInside(issue: z.core.$ZodIssue): boolean {
  return issue.path.length > 0 || (issue.code !== 'invalid_type' && issue.code !== 'invalid_value');
}

function messageOf(issue: z.core.$ZodIssue, path: KeyPath, written: Written): string {
  switch (issue.code) {
    case 'invalid_type':
      return mismatch(`expected ${kindName(issue.expected)}`, path, written);
    case 'invalid_value':
      return notOneOf(issue.values, path, written);
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      if (issue.origin === 'array') return `must have at least ${plural(issue.minimum)}`;
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
      return `must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function plural(count: number | bigint): string {
  return Number(count) === 1 ? 'one entry' : `${count} entries`;
}

/** `expected text, found the number 4711: put it in quotes: "4711"` */
function mismatch(expected: string, path: KeyPath, written: Written): string {
  const value = valueAt(written.value, path);
  if (value === undefined) return `is missing: ${expected}`;
  if (value === null) return `has no value: ${expected}, or remove the key`;
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  if (!isPlain) return `${expected}, found ${kindOf(value)}`;
  const wantsText = /\btext\b|or a list of them/.test(expected);
  if (factsOf(configSchema, path).secret) {
    return `${expected}, found ${kindOf(value)}${wantsText ? ': put it in quotes' : ''}`;
  }
  const source = written.sourceOf(path) ?? String(value);
  return `${expected}, found the ${typeof value} ${source}${wantsText ? `: put it in quotes: "${source}"` : ''}`;
}

function notOneOf(values: readonly z.core.util.Primitive[], path: KeyPath, written: Written): string {
  const value = valueAt(written.value, path);
  const options = values.map(String);
  const expected = `expected ${options.length > 1 ? 'one of ' : ''}${options.join(', ')}`;
  if (path.length === 1 && path[0] === 'version') {
    return `${expected}: a newer file needs a newer triaged`;
  }
  const near = typeof value === 'string' ? nearest(value, options) : null;
  return near ? `${expected}; did you mean ${near}?` : mismatch(expected, path, written);
}

function kindName(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping (key: value)',
    record: 'a mapping (key: value)',
  };
  return names[expected] ?? expected;
}

/** Texts are not repeated: a password may stand at the wrong key. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

type UnknownKey = { readonly message: string; readonly shown?: KeyPath };

function unknownKey(path: KeyPath, name: string, written: Written): UnknownKey {
  const known = knownKeys(configSchema, path);
  const glued = /^(\w+):/.exec(name)?.[1];
  if (glued && known.includes(glued)) {
    return { message: `lacks a blank after the colon: write "${glued}: …"`, shown: [...path, glued] };
  }
  const near = nearest(name, known);
  if (near) return { message: `unknown key; did you mean ${near}?` };
  // `{password: a, b}` makes a key of the rest of an unquoted password: such a key is not repeated
  const value = valueAt(written.value, [...path, name]);
  if (value === null || !/^[\w .-]{1,60}$/.test(name)) {
    return {
      message: 'has a key that is not known; if it belongs to the value before it, put that in quotes',
      shown: path,
    };
  }
  const home = homesOf(configSchema, name)[0];
  if (home) return { message: `unknown key here; did you mean ${formatPath([...home, name])}?` };
  return { message: `unknown key; known here: ${known.join(', ')}` };
}

function nearest(word: string, options: readonly string[]): string | null {
  const plain = simplify(word);
  const ranked = options
    .map((option) => ({ option, away: distance(plain, simplify(option)) }))
    .sort((a, b) => a.away - b.away);
  const [best] = ranked;
  return best && best.away <= Math.max(1, Math.floor(best.option.length / 3)) ? best.option : null;
}

/** `minConfidence` and `min-confidence` are as near to `min_confidence` as can be. */
function simplify(word: string): string {
  return word
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}
