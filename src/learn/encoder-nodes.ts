import { ConfigError } from '../errors.ts';
import { type GraphBuilder, valueInfo } from './graph.ts';
import type { OnnxModel } from './onnx-messages.ts';

/** All that we append to an encoder's graph is named so; cutting it off gives the encoder back. */
export const ownPrefix = 'triage/';

export const endOfTextId = 2;

const hiddenState = 'last_hidden_state';

/** The bare encoder of a start graph, or of a model that was shipped before. */
export function bareEncoder(model: OnnxModel, width: number): OnnxModel {
  const { graph } = model;
  const node = graph.node.filter((n) => !n.name?.startsWith(ownPrefix));
  if (!node.some((n) => n.output.includes(hiddenState))) {
    throw new ConfigError('E_MODEL', `the encoder's graph has no output ${hiddenState}`, {
      hint: 'export the encoder as a feature-extraction model',
    });
  }
  const initializer = graph.initializer.filter((t) => !t.name?.startsWith(ownPrefix));
  const output = [valueInfo(hiddenState, 'float32', ['batch', 'seq', width])];
  return { ...model, graph: { ...graph, node, initializer, output } };
}

/** Mean of the hidden states [batch, seq, width] where the mask [batch, seq] is 1. */
function maskedMean(builder: GraphBuilder, hidden: string, mask: string): string {
  const weights = builder.op('Unsqueeze', [builder.cast(mask, 'float32'), builder.ints(1)]);
  const sum = builder.op('Squeeze', [builder.op('MatMul', [weights, hidden]), builder.ints(1)]);
  const count = builder.op('ReduceSum', [weights, builder.ints(2)], { keepdims: 0 });
  return builder.op('Div', [sum, builder.op('Max', [count, builder.float(1)])]);
}

export type EncoderOutputs = {
  /** [batch, width], mean over all tokens */
  readonly full: string;
  /** [batch, width], mean over the subject's tokens */
  readonly subject: string;
};

/**
 * Mean-pooled hidden states of the whole text and of its subject: what stands before the first `</s>`,
 * which the input template writes behind the subject. A text without it is its own subject. Both come from
 * one run of the encoder: a second run over the subject alone costs a fifth and gains nothing once the
 * encoder is tuned (models/training/README.md).
 */
export function appendEncoder(builder: GraphBuilder): EncoderOutputs {
  const full = maskedMean(builder, hiddenState, 'attention_mask');
  const ends = builder.cast(builder.op('Equal', ['input_ids', builder.ints(endOfTextId)]), 'int64');
  const endsBefore = builder.op('CumSum', [ends, builder.ints(1)], { exclusive: 1 });
  const inSubject = builder.cast(builder.op('Equal', [endsBefore, builder.ints(0)]), 'int64');
  const mask = builder.op('Mul', [inSubject, 'attention_mask']);
  return { full, subject: maskedMean(builder, hiddenState, mask) };
}
