import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { graphFile } from './model-folder.ts';
import type { GraphRequest } from './protocol.ts';

/** All outputs of a graph for one text, by their names. */
export type GraphOutputs = ReadonlyMap<string, readonly number[]>;

/** Tokenizer and ONNX session of one model folder. Used in the child only: a run blocks the event loop. */
export type Graph = { run(text: string): Promise<GraphOutputs> };

/**
 * transformers.js' own tokenizer and runtime without the rest of it, which costs the process 45 MB and half
 * its start. The folder stays what transformers.js loads (src/learn/shipped.test.ts). Nothing here can fetch.
 */
export async function loadGraph(request: GraphRequest, threads: number): Promise<Graph> {
  const { directory, dtype, maxTokens } = request;
  const tokenizer = await loadTokenizer(directory);
  const session = await InferenceSession.create(join(directory, graphFile(dtype)), {
    enableCpuMemArena: false,
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // The runtime's own error log prints token ids, i.e. ticket text.
    logSeverityLevel: 4,
    // Threads that spin while they wait make a run three times slower where others use the cores too
    // (measured), and gain a quarter where nobody does.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  return { run: (text) => run(session, tokenizer(text, maxTokens)) };
}

/**
 * One text a run. Batches gain nothing from 128 tokens on (measured), take more memory, and make the
 * answer depend on the neighbours: dynamic int8 scales a whole batch by its largest value.
 */
async function run(session: InferenceSession, ids: readonly number[]): Promise<GraphOutputs> {
  const shape = [1, ids.length];
  const filled = (value: bigint) => new Tensor('int64', new BigInt64Array(ids.length).fill(value), shape);
  const inputs: Record<string, Tensor> = {
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: filled(1n),
    token_type_ids: filled(0n),
  };
  // Some exports leave out what their model does not need.
  const wanted = Object.entries(inputs).filter(([name]) => session.inputNames.includes(name));
  const answer = await session.run(Object.fromEntries(wanted));
  return new Map(
    Object.entries(answer).map(([name, { data }]) => [name, Array.from(data as ArrayLike<number>, Number)]),
  );
}

export type TokenIds = (text: string, maxTokens: number) => readonly number[];

/** Token ids of a text, cut to so many; the same as transformers.js gives. */
export async function loadTokenizer(directory: string): Promise<TokenIds> {
  const read = async (name: string): Promise<object> =>
    JSON.parse(await readFile(join(directory, name), 'utf8')) as object;
  const config = await read('tokenizer_config.json');
  const tokenizer = new Tokenizer(await read('tokenizer.json'), config);
  const special = (key: string): number | undefined => {
    const token: unknown = Object.entries(config).find(([name]) => name === key)?.[1];
    const text = typeof token === 'object' && token !== null && 'content' in token ? token.content : token;
    return typeof text === 'string' ? tokenizer.token_to_id(text) : undefined;
  };
  const closing = [special('sep_token'), special('eos_token')];
  const fallback = special('unk_token') ?? special('pad_token') ?? 0;
  return (text, maxTokens) => {
    const { ids } = tokenizer.encode(text);
    // Never empty: a graph need not bear a text of no tokens.
    return ids.length === 0 ? [fallback] : shortened(ids, maxTokens, closing);
  };
}

/** Cut to `maxTokens`, keeping a closing special token, which the tokenizer's own truncation drops. */
function shortened(
  ids: readonly number[],
  maxTokens: number,
  closing: readonly (number | undefined)[],
): readonly number[] {
  if (ids.length <= maxTokens) return ids;
  const last = ids.at(-1);
  const kept = last !== undefined && closing.includes(last) ? [last] : [];
  return [...ids.slice(0, maxTokens - kept.length), ...kept];
}
