import { AutoModel, AutoTokenizer, env, LogLevel, Tensor } from '@huggingface/transformers';
import type { GraphRequest } from './protocol.ts';

type PreTrainedTokenizer = Awaited<ReturnType<typeof AutoTokenizer.from_pretrained>>;
type PreTrainedModel = Awaited<ReturnType<typeof AutoModel.from_pretrained>>;

/** All outputs of a graph for one text, by their names. */
export type GraphOutputs = ReadonlyMap<string, readonly number[]>;

/** Tokenizer and ONNX session of one model folder. Used in the child only: a run blocks the event loop. */
export type Graph = { run(text: string): Promise<GraphOutputs> };

// Nothing is fetched and nothing cached; and the runtime's own error log prints token ids, i.e. ticket text.
env.allowRemoteModels = false;
env.useFSCache = false;
env.logLevel = LogLevel.NONE;

export async function loadGraph(request: GraphRequest, threads: number): Promise<Graph> {
  // An absolute path is no valid hub name, so it is read as it is. AutoModel, since the class for
  // sequence classification gives `logits` only.
  const tokenizer = await AutoTokenizer.from_pretrained(request.directory);
  const model = await AutoModel.from_pretrained(request.directory, {
    dtype: request.dtype,
    session_options: {
      enableCpuMemArena: false,
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Threads that spin while they wait make a run three times slower where others use the cores too
      // (measured), and gain a quarter where nobody does.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    },
  });
  return { run: (text) => run(model, tokenIds(tokenizer, text, request.maxTokens)) };
}

/**
 * One text a run. Batches gain nothing from 128 tokens on (measured), take more memory, and make the
 * answer depend on the neighbours: dynamic int8 scales a whole batch by its largest value.
 */
async function run(model: PreTrainedModel, ids: readonly number[]): Promise<GraphOutputs> {
  const shape = [1, ids.length];
  const answer: unknown = await model({
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
  });
  const outputs = new Map<string, readonly number[]>();
  for (const [name, tensor] of Object.entries(answer ?? {})) {
    if (tensor instanceof Tensor) outputs.set(name, Array.from(tensor.data, Number));
  }
  return outputs;
}

/**
 * Cut to `maxTokens`, keeping a closing special token: the tokenizer's own truncation drops it, and
 * ignores `max_length` in some cases. Never empty: a graph need not bear a text of no tokens.
 */
function tokenIds(tokenizer: PreTrainedTokenizer, text: string, maxTokens: number): readonly number[] {
  const ids = tokenizer.encode(text);
  if (ids.length === 0) return [tokenizer.unk_token_id ?? tokenizer.pad_token_id ?? 0];
  if (ids.length <= maxTokens) return ids;
  const last = ids.at(-1);
  const closing = [tokenizer.sep_token_id, tokenizer.eos_token_id].filter((id) => id === last).slice(0, 1);
  return [...ids.slice(0, maxTokens - closing.length), ...closing];
}
