import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Similarity } from '../classify/description.ts';
import { type Manifest, manifestSchema } from '../classify/manifest.ts';
import { inputTemplate, maxTokens } from './embed.ts';
import type { Decisions } from './evaluate.ts';
import { writeModel } from './graph.ts';
import { outputNames } from './head-nodes.ts';
import type { OnnxModel } from './onnx-messages.ts';
import type { Category } from './seeds.ts';

export type Shipment = {
  readonly name: string;
  readonly graph: OnnxModel;
  readonly categories: readonly Category[];
  readonly priorities: readonly string[];
  readonly decisions: Decisions;
  readonly similarity: Similarity;
  readonly languages: readonly string[];
  readonly training: Manifest['training'];
  /** README.md: the model card */
  readonly card: string;
  /** NOTICE: whose work the weights are derived from */
  readonly notice: string;
};

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
}

function modelConfig(
  encoder: Record<string, unknown>,
  categories: readonly Category[],
): Record<string, unknown> {
  return {
    ...encoder,
    architectures: ['BertForSequenceClassification'],
    problem_type: 'single_label_classification',
    id2label: Object.fromEntries(categories.map((category, i) => [String(i), category.name])),
    label2id: Object.fromEntries(categories.map((category, i) => [category.name, i])),
  };
}

/** Content of every file of the folder, by relative path; `encoder` is the folder that the model starts from. */
async function contents(shipment: Shipment, encoder: string): Promise<Map<string, string | Uint8Array>> {
  const config = modelConfig(await readJson(join(encoder, 'config.json')), shipment.categories);
  // transformers.js cuts at this length, whatever max_length says
  const tokenizer = {
    ...(await readJson(join(encoder, 'tokenizer_config.json'))),
    model_max_length: maxTokens,
  };
  const files = new Map<string, string | Uint8Array>([
    ['config.json', json(config)],
    ['tokenizer.json', await readFile(join(encoder, 'tokenizer.json'))],
    ['tokenizer_config.json', json(tokenizer)],
    ['onnx/model_quantized.onnx', writeModel(shipment.graph)],
    ['README.md', shipment.card],
    ['NOTICE', shipment.notice],
  ]);
  const hashes = [...files].map(([path, data]) => [path, createHash('sha256').update(data).digest('hex')]);
  const manifest = manifestSchema.parse({
    version: 1,
    name: shipment.name,
    input: { template: inputTemplate, maxTokens },
    categories: shipment.categories,
    priorities: shipment.priorities,
    outputs: {
      priority: outputNames.priority,
      embedding: outputNames.embedding,
      unknownScore: outputNames.unknownScore,
    },
    priorityCosts: shipment.decisions.costs.map((row) => [...row]),
    similarity: shipment.similarity,
    thresholds: shipment.decisions.thresholds,
    languages: shipment.languages,
    files: Object.fromEntries(hashes),
    training: shipment.training,
  });
  return files.set('triaged.json', json(manifest));
}

/** Writes a model folder whole: beside its place first, so that a reader never meets half of it. */
export async function shipModel(shipment: Shipment, encoder: string, folder: string): Promise<void> {
  const files = await contents(shipment, encoder);
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  for (const [path, data] of files) {
    await mkdir(dirname(join(fresh, path)), { recursive: true });
    await writeFile(join(fresh, path), data);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
}
