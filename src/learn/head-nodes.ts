import { scoreCount } from './branches.ts';
import { type Centre, partScale, subjectShare } from './centre.ts';
import { appendEncoder, ownPrefix } from './encoder-nodes.ts';
import { GraphBuilder } from './graph.ts';
import type { Vocabulary } from './lexical.ts';
import { bucketList, characterList, lexicalScores, pieceList, tfIdfValues } from './ngram-nodes.ts';
import { charSpace, type PieceTables, pieceSpace } from './ngrams.ts';
import type { OnnxModel } from './onnx-messages.ts';
import { leastProbability } from './ordinal.ts';
import type { TrainedModel } from './predict.ts';
import { neighbours, type References, signalScales } from './unknown.ts';

export const outputNames = {
  logits: 'logits',
  priority: 'priority_logits',
  embedding: 'embedding',
  unknownScore: 'unknown_score',
} as const;

function centrePart(
  builder: GraphBuilder,
  pooled: string,
  part: Centre['full'],
  width: number,
  share: number,
): string {
  const mean = builder.tensor('mean', [width], part.mean);
  const shifted = builder.op('Sub', [pooled, mean]);
  return builder.op('Mul', [shifted, builder.float(partScale(part, width, share))]);
}

/** Rows of the head's table that belong to one vocabulary, and a zero row for "no n-gram here". */
function tableRows(model: TrainedModel, vocabulary: Vocabulary, firstRow: number): Int8Array {
  const { classes, values } = model.lexicalHead;
  const rows = new Int8Array((vocabulary.space.buckets + 1) * classes);
  rows.set(values.subarray(firstRow * classes, (firstRow + vocabulary.space.buckets) * classes));
  return rows;
}

/** Mean cosine of unit vectors [batch, width] to their nearest references, [batch, 1]. */
function nearestMean(builder: GraphBuilder, embedding: string, references: References): string {
  const { width, count, values } = references;
  const columns = new Int8Array(values.length);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < width; j++) columns[j * count + i] = values[i * width + j] ?? 0;
  const table = builder.cast(builder.tensor('references', [width, count], columns), 'float32');
  const products = builder.op('MatMul', [embedding, table]);
  const [nearest = ''] = builder.ops('TopK', [products, builder.ints(neighbours)], { axis: 1 }, 2);
  const mean = builder.op('ReduceMean', [nearest], { axes: [1], keepdims: 1 });
  return builder.op('Mul', [mean, builder.float(1 / 127)]);
}

/** The computation of `levelProbabilities`, as logarithms; `steps` [batch, count]. */
function levelNodes(builder: GraphBuilder, steps: string, count: number): string {
  const sigmoid = builder.op('Sigmoid', [steps]);
  const above: string[] = [];
  for (let k = 0; k < count; k++) {
    const step = builder.slice(sigmoid, 1, k, k + 1);
    above.push(k === 0 ? step : builder.op('Min', [above[k - 1] ?? '', step]));
  }
  const one = builder.tensor('one', [1, 1], Float32Array.of(1));
  const levels = Array.from({ length: count + 1 }, (_, k) => {
    const from = k === 0 ? one : (above[k - 1] ?? '');
    return k === count ? from : builder.op('Sub', [from, above[k] ?? '']);
  });
  const all = builder.op('Concat', levels, { axis: 1 });
  const positive = builder.op('Max', [all, builder.float(leastProbability)]);
  const sum = builder.op('ReduceSum', [positive, builder.ints(1)], { keepdims: 1 });
  return builder.op('Log', [builder.op('Div', [positive, sum])]);
}

function unit(builder: GraphBuilder, vectors: string): string {
  const length = builder.op('ReduceL2', [vectors], { axes: [1], keepdims: 1 });
  return builder.op('Div', [vectors, builder.op('Max', [length, builder.float(1e-9)])]);
}

/**
 * The whole model behind an encoder: both branches, both heads, the calibrated mixture (its weights are
 * folded into the heads) and the unknown score. Outputs: see `outputNames`; the encoder's own is dropped.
 */
export function appendModel(encoder: OnnxModel, model: TrainedModel, tables: PieceTables): OnnxModel {
  const { graph } = encoder;
  const whole: OnnxModel = {
    ...encoder,
    graph: { ...graph, node: [...graph.node], initializer: [...graph.initializer], output: [] },
  };
  const builder = new GraphBuilder(whole, ownPrefix);
  const { centre, lexical } = model.representation;
  const { width } = centre;
  const { categories, steps } = model.tasks;
  const classes = scoreCount(model.tasks);

  const pooled = appendEncoder(builder);
  const full = centrePart(builder, pooled.full, centre.full, width, 1);
  const subject = centrePart(builder, pooled.subject, centre.subject, width, subjectShare);
  const both = builder.op('Concat', [full, subject], { axis: 1 });
  const weights = builder.tensor('encoder_head', [width * 2, classes], model.encoderHead.weights);
  const bias = builder.tensor('bias', [classes], model.encoderHead.bias);
  const encoderScores = builder.op('Add', [builder.op('MatMul', [both, weights]), bias]);

  // what the mask hides is padding, whatever id stands there
  const visible = builder.cast('attention_mask', 'bool');
  const ids = builder.op('Where', [visible, 'input_ids', builder.ints(1)]);
  const characters = tfIdfValues(
    builder,
    bucketList(builder, characterList(builder, ids, tables), charSpace),
    lexical.characters,
  );
  const pieces = tfIdfValues(
    builder,
    bucketList(builder, pieceList(builder, ids, tables), pieceSpace),
    lexical.pieces,
  );
  const sum = builder.op('Add', [
    lexicalScores(builder, characters, tableRows(model, lexical.characters, 0), classes),
    lexicalScores(
      builder,
      pieces,
      tableRows(model, lexical.pieces, lexical.characters.space.buckets),
      classes,
    ),
  ]);
  const scales = builder.tensor('scales', [classes], model.lexicalHead.scales);
  const scores = builder.op('Add', [encoderScores, builder.op('Mul', [sum, scales])]);
  const logits = builder.slice(scores, 1, 0, categories);
  const priority = levelNodes(builder, builder.slice(scores, 1, categories, categories + steps), steps);
  const strange = builder.slice(scores, 1, categories + steps, classes);

  const embedding = unit(builder, full);
  const mean = builder.op('ReduceMean', [logits], { axes: [1], keepdims: 1 });
  const above = builder.op('Sub', [logits, mean]);
  const energy = builder.op('ReduceLogSumExp', [above], { axes: [1], keepdims: 1 });
  const near = nearestMean(builder, embedding, model.references);
  const signals = builder.op('Concat', [near, energy, characters.coverage, pieces.coverage], { axis: 1 });
  const signalWeights = model.unknownSignals.map((w, i) => w * (signalScales[i] ?? 1));
  const judge = builder.tensor('unknown', [signalWeights.length, 1], signalWeights);
  const evidence = builder.op('Add', [builder.op('MatMul', [signals, judge]), strange]);
  const unknown = builder.op('Squeeze', [builder.op('Sigmoid', [evidence]), builder.ints(1)]);

  builder.output(outputNames.logits, logits, 'float32', ['batch', categories]);
  builder.output(outputNames.priority, priority, 'float32', ['batch', steps + 1]);
  builder.output(outputNames.unknownScore, unknown, 'float32', ['batch']);
  builder.output(outputNames.embedding, embedding, 'float32', ['batch', width]);
  return whole;
}
