import { readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { type Manifest, manifestSchema } from '../classify/manifest.ts';
import { openModelFolder } from '../classify/model-folder.ts';
import { pinName, readPin } from '../classify/pin.ts';
import { describeError } from '../errors.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import { MANIFEST } from './folder-files.ts';

export type BadFile = { readonly path: string; readonly problem: string };

export type Verdict = {
  readonly directory: string;
  /** the records that its files were compared with: triaged.json, pulled.json, added.json; empty: there is none */
  readonly records: readonly string[];
  readonly checked: number;
  readonly bad: readonly BadFile[];
};

type Wanted = { readonly path: string; readonly sha256: string; readonly record: string };

/** Compares every file of a model with every checksum that its folder brings. Never throws for a bad folder. */
export async function verifyModel(directory: string): Promise<Verdict> {
  const bad: BadFile[] = [];
  const manifest = await wantedByManifest(directory);
  const pin = await wantedByPin(directory);
  for (const { problem } of [manifest, pin]) if (problem !== null) bad.push(problem);

  const wanted = [...manifest.wanted, ...pin.wanted];
  const found = new Map<string, Fingerprint | null>();
  for (const { path, sha256, record } of wanted) {
    if (!found.has(path)) found.set(path, await inside(directory, path));
    const problem = compare(found.get(path) ?? null, sha256, record);
    if (problem !== null) bad.push({ path, problem });
  }
  if (bad.length === 0) bad.push(...(await otherwiseWrong(directory)));
  const records = [...new Set(wanted.map(({ record }) => record))];
  return { directory, records, checked: found.size, bad };
}

function compare(found: Fingerprint | null, sha256: string, record: string): string | null {
  if (found === null) return `is missing; ${record} lists it`;
  if (found.sha256 === sha256) return null;
  return `${found.bytes} bytes with sha256 ${found.sha256}, ${record} says ${sha256}`;
}

type Source = { readonly wanted: readonly Wanted[]; readonly problem: BadFile | null };

async function wantedByManifest(directory: string): Promise<Source> {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(() => null);
  if (text === null) return { wanted: [], problem: null };
  const manifest = manifestOf(text);
  if (manifest === null) {
    return { wanted: [], problem: { path: MANIFEST, problem: 'does not describe a model (any more)' } };
  }
  const wanted = Object.entries(manifest.files).map(([path, sha256]) => ({ path, sha256, record: MANIFEST }));
  return { wanted, problem: null };
}

function manifestOf(text: string): Manifest | null {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

async function wantedByPin(directory: string): Promise<Source> {
  try {
    const pin = await readPin(directory);
    if (pin === null) return { wanted: [], problem: null };
    const record = pinName(pin);
    const wanted = Object.entries(pin.files).map(([path, { sha256 }]) => ({ path, sha256, record }));
    return { wanted, problem: null };
  } catch (error) {
    return { wanted: [], problem: { path: 'pulled.json or added.json', problem: describeError(error) } };
  }
}

/** A record that names a file outside the folder must not make us read it. */
async function inside(directory: string, path: string): Promise<Fingerprint | null> {
  const full = resolve(directory, path);
  return full.startsWith(resolve(directory) + sep) ? fingerprint(full) : null;
}

/** What no checksum tells: a part that is missing, a file that nobody listed, names that do not fit. */
async function otherwiseWrong(directory: string): Promise<readonly BadFile[]> {
  return openModelFolder(directory).then(
    () => [],
    (error: unknown) => [{ path: '(folder)', problem: describeError(error) }],
  );
}
