import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../errors.ts';

/** Where the way from a PyTorch model to such a folder is told. */
export const CONVERT = 'docs/models.md says how to convert it (docs/to-onnx.py)';

export const MANIFEST = 'triaged.json';

/** The quantized one first: a quarter of the size and twice as fast, as the daemon itself prefers it. */
const GRAPHS = ['onnx/model_quantized.onnx', 'onnx/model.onnx'];
const NEEDED: Readonly<Record<string, string>> = {
  'config.json': 'it names the labels (id2label)',
  'tokenizer.json':
    'it cuts texts into tokens; AutoTokenizer.from_pretrained(…, use_fast=True).save_pretrained(…) of Python writes it',
  'tokenizer_config.json': 'it belongs to the tokenizer',
};
const WELCOME = ['special_tokens_map.json', MANIFEST, 'README.md'];
const LEGAL = /^(?:licen[cs]e|notice|copying)(?:\.(?:txt|md))?$/i;
const PYTORCH = /^(?:pytorch_model.*\.bin|model.*\.safetensors)$/;

/** What of a folder or a repository belongs to a model: everything that is loaded, and what people read. */
export function chosenFiles(listing: readonly string[]): readonly string[] {
  const graph = GRAPHS.find((path) => listing.includes(path));
  const wanted = [...Object.keys(NEEDED), ...WELCOME, ...(graph === undefined ? [] : [graph])];
  return listing.filter((path) => wanted.includes(path) || LEGAL.test(path));
}

/** Everything that stands in the way of a text-classification model, one sentence each. */
export function missingParts(listing: readonly string[]): readonly string[] {
  const problems = Object.entries(NEEDED)
    .filter(([path]) => !listing.includes(path))
    .map(([path, why]) => `${path} is missing: ${why}`);
  const graph = GRAPHS.find((path) => listing.includes(path));
  if (graph === undefined) problems.push(noGraph(listing));
  else if (listing.includes(`${graph}_data`) || listing.includes(`${graph}.data`)) {
    problems.push(`${graph} keeps its weights in a second file, which is not loaded: ${CONVERT}`);
  }
  return problems;
}

/** Errors: ConfigError `E_MODEL` with everything that is missing. */
export function mustBeWhole(where: string, listing: readonly string[]): void {
  const problems = missingParts(listing);
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `\n  ${problem}`).join('');
  throw new ConfigError('E_MODEL', `This is no text-classification model that triaged can load:${lines}`, {
    where,
  });
}

function noGraph(listing: readonly string[]): string {
  const lacks = `${GRAPHS.join(' (or ')}) is missing`;
  const loose = listing.find((path) => path.endsWith('.onnx'));
  if (loose !== undefined) return `${lacks}; there is ${loose}: put it there under this name`;
  const weights = listing.find((path) => PYTORCH.test(path));
  return weights === undefined
    ? `${lacks}: ${CONVERT}`
    : `${lacks}; ${weights} holds weights of PyTorch only: ${CONVERT}`;
}

/** Paths of the files in `directory` and one level below, with `/` between. */
export async function filesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory);
  const inner = await Promise.all(
    names.map(async (name) => {
      const below = await readdir(join(directory, name)).catch(() => null);
      return below === null ? [name] : below.map((file) => `${name}/${file}`);
    }),
  );
  return inner.flat().sort();
}
