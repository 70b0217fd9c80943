import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AutoTokenizer, env, type PreTrainedTokenizer } from '@huggingface/transformers';
import type { Pooled } from './centre.ts';
import { appendEncoder, ownPrefix } from './encoder-nodes.ts';
import { GraphBuilder } from './graph.ts';
import type { OnnxModel } from './onnx-messages.ts';
import { openGraph } from './session.ts';

/** The words before `</s>` are the subject: see encoder-nodes.ts. */
export const inputTemplate = 'query: {subject}</s>{body}';
export const maxTokens = 256;

export type InputText = { readonly subject: string; readonly body: string };
export type EncodedText = Pooled & { readonly ids: readonly number[] };

export function inputOf(text: InputText): string {
  return inputTemplate.replace('{subject}', () => text.subject).replace('{body}', () => text.body);
}

export async function loadTokenizer(folder: string): Promise<PreTrainedTokenizer> {
  env.allowRemoteModels = false;
  return AutoTokenizer.from_pretrained(resolve(folder), { local_files_only: true });
}

export function encodeIds(tokenizer: PreTrainedTokenizer, text: string): number[] {
  const ids: number[] = tokenizer.encode(text);
  const end = ids.at(-1);
  // cut as the tokenizer does: the last special token stays
  return ids.length > maxTokens && end !== undefined ? [...ids.slice(0, maxTokens - 1), end] : ids;
}

/**
 * Token ids and pooled embeddings of each text, by the very nodes that are shipped later: the encoder
 * with both runs and the pooling is run on its own, one text at a time (dynamic quantization looks at
 * the whole batch, so neighbours would change a text's numbers).
 */
export async function embedTexts(
  encoder: OnnxModel,
  folder: string,
  texts: readonly InputText[],
): Promise<EncodedText[]> {
  const { graph } = encoder;
  const model: OnnxModel = {
    ...encoder,
    graph: { ...graph, node: [...graph.node], initializer: [...graph.initializer], output: [] },
  };
  const builder = new GraphBuilder(model, ownPrefix);
  const pooled = appendEncoder(builder);
  builder.output('full', pooled.full, 'float32', ['batch', 'width']);
  builder.output('subject', pooled.subject, 'float32', ['batch', 'width']);
  const tokenizer = await loadTokenizer(folder);
  const session = await openGraph(model, await readFile(join(folder, 'config.json'), 'utf8'));
  try {
    const encoded: EncodedText[] = [];
    for (const text of texts) {
      const ids = encodeIds(tokenizer, inputOf(text));
      const { full = new Float32Array(), subject = new Float32Array() } = await session.run([ids]);
      encoded.push({ ids, full, subject });
    }
    return encoded;
  } finally {
    await session.close();
  }
}
