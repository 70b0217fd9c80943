import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { type Pin, pinName, readPin } from './pin.ts';

/** How the weights are stored: `q8` = onnx/model_quantized.onnx, `fp32` = onnx/model.onnx. */
export type Dtype = 'q8' | 'fp32';

/** A model folder whose files are all there and unchanged. */
export type ModelFolder = {
  readonly directory: string;
  readonly name: string;
  readonly dtype: Dtype;
  /** sha256 over path and sha256 of each of its files */
  readonly hash: string;
  /** id2label of config.json, in the order of the graph's `logits` */
  readonly labels: readonly string[];
  /** null for a plain text-classification folder */
  readonly manifest: Manifest | null;
  /** tokens, special ones included, that one text is cut to unless the configuration says otherwise */
  readonly maxTokens: number;
  /** the most tokens that tokenizer and graph take */
  readonly tokenLimit: number;
};

const MANIFEST = 'triaged.json';
const NEWEST_MANIFEST_VERSION = 1;
const DEFAULT_MAX_TOKENS = 256;
const ALWAYS_NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const;
const GRAPHS: readonly (readonly [Dtype, string])[] = [
  ['q8', 'onnx/model_quantized.onnx'],
  ['fp32', 'onnx/model.onnx'],
];

/** The graph's file within its folder. */
export function graphFile(dtype: Dtype): string {
  const [, path = ''] = GRAPHS.find(([known]) => known === dtype) ?? [];
  return path;
}

const configSchema = z.looseObject({
  id2label: z.record(z.string().regex(/^\d+$/), z.string().min(1)),
  max_position_embeddings: z.number().int().positive().optional(),
});
const tokenizerConfigSchema = z.looseObject({ model_max_length: z.number().positive().optional() });

/**
 * Reads and checks the folder `directory`; `name` is what people call the model (default: the manifest's
 * name, else the folder's). Loads nothing into the runtime: a broken graph shows only in the child.
 * Errors: ConfigError `E_MODEL` naming every missing or damaged file.
 */
export async function openModelFolder(directory: string, name?: string): Promise<ModelFolder> {
  const root = resolve(directory);
  const { dtype, files } = await requiredFiles(root);
  const manifest = await readManifest(root);
  const hash = await verify(root, files, { manifest, pin: await readPin(root) });

  const config = await readJson(
    root,
    'config.json',
    configSchema,
    'it needs id2label, the names of the classes',
  );
  const tokenizer = await readJson(root, 'tokenizer_config.json', tokenizerConfigSchema, 'it is not usable');
  const labels = labelsOf(root, config.id2label);
  if (manifest) compareLabels(root, labels, manifest);

  // Some tokenizers say "no limit" with 1e30; the graph's table of positions limits as well.
  const tokenLimit = Math.min(config.max_position_embeddings ?? 512, tokenizer.model_max_length ?? 512);
  return {
    directory: root,
    name: name ?? manifest?.name ?? basename(root),
    dtype,
    hash,
    labels,
    manifest,
    maxTokens: Math.min(manifest?.input.maxTokens ?? DEFAULT_MAX_TOKENS, tokenLimit),
    tokenLimit,
  };
}

async function requiredFiles(root: string): Promise<{ dtype: Dtype; files: string[] }> {
  const missing: string[] = [];
  for (const path of ALWAYS_NEEDED) if (!(await isFile(join(root, path)))) missing.push(path);
  let found: readonly [Dtype, string] | undefined;
  for (const graph of GRAPHS) if (!found && (await isFile(join(root, graph[1])))) found = graph;
  if (!found) missing.push(GRAPHS.map(([, path]) => path).join(' or '));
  if (!found || missing.length > 0) {
    throw modelError(root, `The model folder lacks ${missing.join(', ')}.`, 'Copy the whole folder again.');
  }
  return { dtype: found[0], files: [...ALWAYS_NEEDED, found[1]] };
}

async function readManifest(root: string): Promise<Manifest | null> {
  if (!(await isFile(join(root, MANIFEST)))) return null;
  const raw = await readJson(root, MANIFEST, z.looseObject({ version: z.number() }), 'it needs a version');
  if (raw.version > NEWEST_MANIFEST_VERSION) {
    throw modelError(
      join(root, MANIFEST),
      `The model is described in format ${raw.version}, this program reads ${NEWEST_MANIFEST_VERSION}.`,
      'Update triaged, or take an older release of the model.',
    );
  }
  return readJson(root, MANIFEST, manifestSchema, 'it does not describe a model');
}

/** A list of checksums that lies in the folder. */
type Checksums = { readonly name: string; wanted(path: string): string | undefined };

function recordsOf(manifest: Manifest | null, pin: Pin | null): readonly Checksums[] {
  return [
    ...(manifest ? [{ name: MANIFEST, wanted: (path: string) => manifest.files[path] }] : []),
    ...(pin ? [{ name: pinName(pin), wanted: (path: string) => pin.files[path]?.sha256 }] : []),
  ];
}

/**
 * Hashes all files that are loaded or that the manifest lists; returns the model's identity. A pin is asked
 * about no others: a changed README stops no daemon (`triaged models verify` tells it).
 */
async function verify(
  root: string,
  files: readonly string[],
  { manifest, pin }: { readonly manifest: Manifest | null; readonly pin: Pin | null },
): Promise<string> {
  const listed = manifest ? Object.keys(manifest.files) : [];
  const records = recordsOf(manifest, pin);
  const all = [...new Set([...files, ...listed, ...(manifest ? [MANIFEST] : [])])].sort();
  const identity = createHash('sha256');
  for (const path of all) {
    const found = await fingerprint(root, path);
    for (const { name, wanted } of records) {
      // nothing lists its own checksum
      if (path !== name) compare(root, path, { ...found, record: name, wanted: wanted(path) });
    }
    identity.update(`${path}:${found.sha256}\n`);
  }
  return identity.digest('hex');
}

function compare(
  root: string,
  path: string,
  found: {
    readonly bytes: number;
    readonly sha256: string;
    readonly record: string;
    readonly wanted: string | undefined;
  },
): void {
  const { bytes, sha256, record, wanted } = found;
  if (wanted === sha256) return;
  if (wanted === undefined) {
    const hint = 'Take the folder as it was released.';
    throw modelError(root, `${record} lists no checksum for ${path}.`, hint);
  }
  throw modelError(
    root,
    `${path} is damaged or was changed: ${bytes} bytes with sha256 ${sha256}, ${record} says ${wanted}.`,
    'Copy the model folder again.',
  );
}

async function fingerprint(root: string, path: string): Promise<{ bytes: number; sha256: string }> {
  const full = resolve(root, path);
  if (!full.startsWith(root + sep)) throw modelError(root, `${MANIFEST} lists ${path}, outside the folder.`);
  if (!(await isFile(full)))
    throw modelError(root, `The model folder lacks ${path}.`, 'Copy the whole folder again.');
  const { size } = await stat(full);
  if (size === 0) throw modelError(root, `${path} is empty.`, 'Copy the model folder again.');
  if (size < 1024 && (await startsWith(full, 'version https://git-lfs'))) {
    throw modelError(
      root,
      `${path} is only a Git LFS pointer, not the file.`,
      'Run "git lfs pull" where it was cloned.',
    );
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(full)) hash.update(chunk);
  return { bytes: size, sha256: hash.digest('hex') };
}

function labelsOf(root: string, id2label: Readonly<Record<string, string>>): string[] {
  const labels: string[] = [];
  for (const index of Object.keys(id2label).keys()) {
    const label = id2label[String(index)];
    if (label === undefined) throw modelError(root, `id2label in config.json has no entry "${index}".`);
    labels.push(label);
  }
  if (labels.length < 2) throw modelError(root, 'id2label in config.json names fewer than two classes.');
  return labels;
}

/** A manifest in another order than the graph would give every ticket a wrong name with full confidence. */
function compareLabels(root: string, labels: readonly string[], manifest: Manifest): void {
  const names = manifest.categories.map((category) => category.name);
  if (names.length !== labels.length) {
    throw modelError(
      root,
      `${MANIFEST} names ${names.length} categories, the model in config.json has ${labels.length} labels.`,
    );
  }
  for (const [index, label] of labels.entries()) {
    if (names[index] !== label && names.includes(label)) {
      throw modelError(
        root,
        `${MANIFEST} and config.json give the categories in another order, see "${label}".`,
      );
    }
  }
}

async function readJson<T>(root: string, path: string, schema: z.ZodType<T>, otherwise: string): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(root, path), 'utf8'));
  } catch (cause) {
    throw modelError(join(root, path), `${path} is no readable JSON.`, 'Copy the model folder again.', cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const detail = issue ? ` (${issue.path.join('.') || 'top level'}: ${issue.message})` : '';
  throw modelError(join(root, path), `${path} does not fit: ${otherwise}${detail}.`);
}

async function startsWith(path: string, text: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(text.length), 0, text.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === text;
  } finally {
    await file.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function modelError(where: string, message: string, hint?: string, cause?: unknown): ConfigError {
  return new ConfigError('E_MODEL', message, {
    where,
    ...(hint ? { hint } : {}),
    ...(cause ? { cause } : {}),
  });
}
