import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { KeyPath } from './key-path.ts';
import { syntaxMessage } from './syntax.ts';

export type SyntaxProblem = { readonly offset: number; readonly message: string };

/** The parsed file: its plain value, and where each key stands in the text. */
export type ParsedText = {
  readonly value: unknown;
  readonly problems: readonly SyntaxProblem[];
  /** `line:col`, from 1 */
  place(offset: number): string;
  /** offset of the value at `path`, or of the nearest mapping around it */
  offsetOf(path: KeyPath): number;
  /** offset of the key itself, null where the text has none at `path` */
  offsetOfKey(path: KeyPath): number | null;
  /** as written: `007` where the value is 7; null for what is no plain value */
  sourceOf(path: KeyPath): string | null;
};

/** Enough for anchors that a person writes; a bomb needs thousands (F38). */
const MOST_ALIASES = 100;

/** One wrong bracket makes the parser stumble over all that follows. */
const MOST_ERRORS = 5;

const CORE_TAGS = ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(
  (tag) => `tag:yaml.org,2002:${tag}`,
);

export function parseText(text: string): ParsedText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    stringKeys: true,
    // the library's pretty messages quote the line, which may hold a password
    prettyErrors: false,
    // 'silent' would also hide a second document
    logLevel: 'error',
  });
  const problems = document.errors.slice(0, MOST_ERRORS).map(({ code, pos }) => ({
    offset: pos[0],
    message: syntaxMessage(code),
  }));
  if (problems.length === 0) problems.push(...unwantedNodes(document));
  return {
    ...toPlain(document, problems),
    place: (offset) => {
      const { line, col } = lines.linePos(offset);
      return `${Math.max(line, 1)}:${Math.max(col, 1)}`;
    },
    offsetOf: (path) => walk(document, path).offset,
    offsetOfKey: (path) => walk(document, path).keyOffset,
    sourceOf: (path) => walk(document, path).source,
  };
}

function toPlain(
  document: Document.Parsed,
  problems: readonly SyntaxProblem[],
): { readonly value: unknown; readonly problems: readonly SyntaxProblem[] } {
  if (problems.length > 0) return { value: undefined, problems };
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }), problems };
  } catch {
    const message = 'uses so many aliases (*name) that it would grow without bound: write the values out';
    return { value: undefined, problems: [{ offset: 0, message }] };
  }
}

/** What the parser takes but a configuration should not hold. */
function unwantedNodes(document: Document.Parsed): SyntaxProblem[] {
  const found: SyntaxProblem[] = [];
  const anchors = new Set<string>();
  const add = (node: { range?: readonly number[] | null | undefined }, message: string) =>
    found.push({ offset: node.range?.[0] ?? 0, message });
  visit(document, {
    Alias(_, node, ancestors) {
      if (ancestors.some((ancestor) => isCollection(ancestor) && ancestor.anchor === node.source)) {
        add(node, 'is an alias (*name) that contains itself: write the value out');
      } else if (!anchors.has(node.source)) {
        add(node, 'begins with * and so refers to an anchor that does not exist: put the value in quotes');
      }
    },
    Node(_, node) {
      if (!isAlias(node) && node.anchor) anchors.add(node.anchor);
      if (!isAlias(node) && node.tag && !CORE_TAGS.includes(node.tag)) {
        add(node, 'begins with ! and so names a type that does not exist here: put the value in quotes');
      }
    },
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === '__proto__')
        add(pair.key, '__proto__ is no key: remove it');
    },
  });
  return found;
}

type Found = { readonly offset: number; readonly keyOffset: number | null; readonly source: string | null };

function walk(document: Document.Parsed, path: KeyPath): Found {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  let keyOffset: number | null = null;
  for (const segment of path) {
    // an anchored value is shown where it is used, not where it was written first
    const container = isAlias(node) ? node.resolve(document) : node;
    const reached = childOf(container, segment);
    if (!reached) return { offset, keyOffset: null, source: null };
    keyOffset = reached.keyOffset;
    node = reached.value;
    const start = isNode(node) ? node.range?.[0] : undefined;
    offset = start ?? keyOffset ?? offset;
  }
  const source = isScalar(node) && typeof node.source === 'string' ? node.source : null;
  return { offset, keyOffset, source };
}

function childOf(container: unknown, segment: string | number) {
  if (isSeq(container)) {
    const value = container.items[Number(segment)];
    return value === undefined ? null : { keyOffset: null, value };
  }
  if (!isMap(container)) return null;
  for (const pair of container.items) {
    if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(segment)) {
      return { keyOffset: pair.key.range?.[0] ?? null, value: pair.value };
    }
  }
  return null;
}
