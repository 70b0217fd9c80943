import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';
import type { Manifest } from './manifest.ts';

/**
 * Test models: small text-classification folders made at test time. Every word of the vocabulary has a
 * row of numbers; a text's outputs are the mean (logits, priority) or maximum (unknown) over its tokens.
 */
export type TestModel = {
  /** label → words that speak for it */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** priority → words that speak for it: a second output `priority_logits` */
  readonly priorities?: Readonly<Record<string, readonly string[]>>;
  /** words that make the output `unknown_score` 1 instead of 0 */
  readonly unknownWords?: readonly string[];
  /** the word whose numbers are NaN */
  readonly poison?: string;
  /** writes triaged.json too, with these changes */
  readonly manifest?: Partial<Manifest>;
  /** file name of the graph; default onnx/model.onnx */
  readonly graph?: string;
};

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const;
const WEIGHT = 20;

export async function writeTestModel(directory: string, model: TestModel): Promise<string> {
  const words = [...new Set([...allWords(model), ...(model.poison ? [model.poison] : [])])];
  const vocabulary = [...new Set([...SPECIAL, ...words])];
  const labels = Object.keys(model.labels);
  const graph = model.graph ?? 'onnx/model.onnx';

  await write(directory, graph, graphOf(model, vocabulary));
  await write(directory, 'tokenizer.json', JSON.stringify(tokenizerOf(vocabulary)));
  await write(
    directory,
    'tokenizer_config.json',
    JSON.stringify({
      tokenizer_class: 'PreTrainedTokenizerFast',
      unk_token: '[UNK]',
      sep_token: '[SEP]',
      model_max_length: 128,
    }),
  );
  await write(
    directory,
    'config.json',
    JSON.stringify({
      model_type: 'bert',
      id2label: Object.fromEntries(labels.map((label, index) => [index, label])),
    }),
  );
  if (model.manifest) await writeManifest(directory, model, graph);
  return directory;
}

async function writeManifest(directory: string, model: TestModel, graph: string): Promise<void> {
  const files: Record<string, string> = {};
  for (const path of ['config.json', 'tokenizer.json', 'tokenizer_config.json', graph]) {
    files[path] = createHash('sha256')
      .update(await readFile(join(directory, path)))
      .digest('hex');
  }
  const manifest: Manifest = {
    version: 1,
    name: 'test-model',
    input: { template: '{subject}\n{body}', maxTokens: 64 },
    categories: Object.keys(model.labels).map((name) => ({
      name,
      group: `${name} group`,
      description: `About ${name}.`,
    })),
    priorities: Object.keys(model.priorities ?? {}),
    outputs: {
      ...(model.priorities ? { priority: 'priority_logits' } : {}),
      ...(model.unknownWords ? { unknownScore: 'unknown_score' } : {}),
    },
    thresholds: { category: 0.7, priority: 0.75, unknown: 0.5 },
    languages: ['de', 'en'],
    files,
    training: { data: 'words', date: '2026-01-01', evidence: 'none' },
    ...model.manifest,
  };
  await write(directory, 'triaged.json', JSON.stringify(manifest));
}

function allWords(model: TestModel): readonly string[] {
  return [
    ...Object.values(model.labels),
    ...Object.values(model.priorities ?? {}),
    model.unknownWords ?? [],
  ].flat();
}

function tokenizerOf(vocabulary: readonly string[]): unknown {
  const special = (id: string): unknown => ({ SpecialToken: { id, type_id: 0 } });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
      pair: [],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [vocabulary.indexOf(id)], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  };
}

type Output = {
  readonly name: string;
  readonly pool: 'ReduceMean' | 'ReduceMax';
  readonly words: readonly (readonly string[])[];
};

function graphOf(model: TestModel, vocabulary: readonly string[]): Uint8Array {
  const outputs: Output[] = [{ name: 'logits', pool: 'ReduceMean', words: Object.values(model.labels) }];
  if (model.priorities)
    outputs.push({ name: 'priority_logits', pool: 'ReduceMean', words: Object.values(model.priorities) });
  if (model.unknownWords)
    outputs.push({ name: 'unknown_score', pool: 'ReduceMax', words: [model.unknownWords] });

  const table = ({ name, pool, words }: Output): unknown => ({
    name: `${name}_table`,
    dims: [vocabulary.length, words.length],
    dataType: 1,
    floatData: vocabulary.flatMap((word) =>
      words.map((list) => {
        if (word === model.poison) return Number.NaN;
        return list.includes(word) ? (pool === 'ReduceMax' ? 1 : WEIGHT) : 0;
      }),
    ),
  });
  const ints = (name: string, values: readonly number[]): unknown => ({ name, type: 7, ints: values });
  const int = (name: string, value: number): unknown => ({ name, type: 2, i: value });
  const tensor = (name: string, elemType: number, width: unknown): unknown => ({
    name,
    type: { tensorType: { elemType, shape: { dim: [{ dimParam: 'batch' }, width] } } },
  });
  const message = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'test',
      node: outputs.flatMap(({ name, pool }) => [
        { opType: 'Gather', input: [`${name}_table`, 'input_ids'], output: [`${name}_rows`], attribute: [] },
        {
          opType: pool,
          input: [`${name}_rows`],
          output: [name],
          attribute: [ints('axes', [1]), int('keepdims', 0)],
        },
      ]),
      initializer: outputs.map(table),
      input: [
        tensor('input_ids', 7, { dimParam: 'tokens' }),
        tensor('attention_mask', 7, { dimParam: 'tokens' }),
      ],
      output: outputs.map(({ name, words }) => tensor(name, 1, { dimValue: words.length })),
    },
  };
  const type = onnx.lookupType('Model');
  return type.encode(type.fromObject(message)).finish();
}

/** The few fields of the ONNX protobuf format that the graphs above need. */
const onnx = protobuf.parse(`
  syntax = "proto3";
  message Opset { string domain = 1; int64 version = 2; }
  message Dim { oneof value { int64 dimValue = 1; string dimParam = 2; } }
  message Shape { repeated Dim dim = 1; }
  message TensorType { int32 elemType = 1; Shape shape = 2; }
  message Type { TensorType tensorType = 1; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Tensor { repeated int64 dims = 1; int32 dataType = 2; repeated float floatData = 4; string name = 8; }
  message Attribute { string name = 1; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
  message Node { repeated string input = 1; repeated string output = 2; string opType = 4; repeated Attribute attribute = 5; }
  message Graph {
    repeated Node node = 1; string name = 2; repeated Tensor initializer = 5;
    repeated ValueInfo input = 11; repeated ValueInfo output = 12;
  }
  message Model { int64 irVersion = 1; Graph graph = 7; repeated Opset opsetImport = 8; }
`).root;

async function write(directory: string, path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}
