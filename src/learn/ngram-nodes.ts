import type { GraphBuilder } from './graph.ts';
import type { Vocabulary } from './lexical.ts';
import { charSpace, type NgramSpace, type PieceTables, pieceLength } from './ngrams.ts';

/** The computation of ngrams.ts and lexical.ts as graph nodes. Lists are [batch, n], 0 = nothing here. */

const longestGram = (space: NgramSpace) => Math.max(...space.sizes);

function zeros(builder: GraphBuilder, shape: string, type: 'float32' | 'int64'): string {
  const zero = builder.op('ConstantOfShape', [shape]);
  return type === 'float32' ? zero : builder.cast(zero, type);
}

/** [batch, columns], where `columns` is a graph value of shape [1]. */
function shapeWith(builder: GraphBuilder, like: string, columns: string): string {
  const batch = builder.op('Slice', [builder.op('Shape', [like]), builder.ints(0), builder.ints(1)]);
  return builder.op('Concat', [batch, columns], { axis: 0 });
}

/** Characters of all pieces, the gaps closed, with zeros behind for the longest n-gram to end in. */
export function characterList(builder: GraphBuilder, ids: string, tables: PieceTables): string {
  const table = builder.tensor('characters', [tables.pieces, pieceLength], tables.characters);
  const perPiece = builder.op('Gather', [table, ids], { axis: 0 });
  const loose = builder.cast(builder.op('Reshape', [perPiece, builder.ints(0, -1)]), 'int64');
  const present = builder.op('Greater', [loose, builder.ints(0)]);
  const place = builder.op('CumSum', [builder.cast(present, 'int64'), builder.ints(1)]);
  // one column more than characters: gaps are thrown into the last one, which is cut off
  const last = builder.op('ReduceMax', [place], { axes: [0, 1], keepdims: 0 });
  const longest = builder.op('Reshape', [last, builder.ints(1)]);
  const columns = builder.op('Add', [longest, builder.ints(longestGram(charSpace) + 1)]);
  const trash = builder.op('Sub', [columns, builder.ints(1)]);
  const target = builder.op('Where', [present, builder.op('Sub', [place, builder.ints(1)]), trash]);
  const empty = zeros(builder, shapeWith(builder, loose, columns), 'int64');
  const packed = builder.op('ScatterElements', [empty, target, loose], { axis: 1 });
  return builder.slice(packed, 1, 0, trash);
}

/** Folded pieces, with one zero behind each text. Padding stands on the right, so there are no gaps. */
export function pieceList(builder: GraphBuilder, ids: string, tables: PieceTables): string {
  const table = builder.tensor('folded', [tables.pieces], tables.folded);
  const folded = builder.cast(builder.op('Gather', [table, ids], { axis: 0 }), 'int64');
  return builder.op('Pad', [folded, builder.ints(0, 0, 0, 1)]);
}

/** [batch, n]: buckets of all n-grams; `buckets` itself where a list has ended. */
export function bucketList(builder: GraphBuilder, symbols: string, space: NgramSpace): string {
  const longest = longestGram(space);
  const length = builder.op('Slice', [builder.op('Shape', [symbols]), builder.ints(1), builder.ints(2)]);
  const starts = builder.op('Sub', [length, builder.ints(longest - 1)]);
  const shifted = Array.from({ length: longest }, (_, k) =>
    builder.slice(symbols, 1, k, k === 0 ? starts : builder.op('Add', [starts, builder.ints(k)])),
  );
  const lists: string[] = [];
  let code = '';
  for (const [k, symbol] of shifted.entries()) {
    const moved = k === 0 ? '' : builder.op('Mul', [code, builder.ints(space.base)]);
    code = k === 0 ? symbol : builder.op('Add', [moved, symbol]);
    if (!space.sizes.includes(k + 1)) continue;
    const bucket = builder.op('Mod', [code, builder.ints(space.buckets)]);
    const inside = builder.op('Greater', [symbol, builder.ints(0)]);
    lists.push(builder.op('Where', [inside, bucket, builder.ints(space.buckets)]));
  }
  return builder.op('Concat', lists, { axis: 1 });
}

export type LexicalValues = {
  readonly buckets: string;
  /** [batch, n]: each occurrence's part of its n-gram's tf-idf value, rows of length 1 */
  readonly values: string;
  /** [batch, 1]: see `coverage` */
  readonly coverage: string;
};

export function tfIdfValues(builder: GraphBuilder, buckets: string, vocabulary: Vocabulary): LexicalValues {
  const size = vocabulary.space.buckets;
  const table = builder.tensor('idf', [size + 1], vocabulary.idf);
  const bytes = builder.cast(builder.op('Gather', [table, buckets], { axis: 0 }), 'float32');
  const idf = builder.op('Mul', [bytes, builder.float(vocabulary.idfScale)]);

  const real = builder.cast(builder.op('Less', [buckets, builder.ints(size)]), 'float32');
  const empty = zeros(builder, shapeWith(builder, buckets, builder.ints(size + 1)), 'float32');
  const histogram = builder.op('ScatterElements', [empty, buckets, real], { axis: 1, reduction: 'add' });
  const met = builder.op('GatherElements', [histogram, buckets], { axis: 1 });
  const count = builder.op('Max', [met, builder.float(1)]);
  const tf = builder.op('Add', [builder.op('Log', [count]), builder.float(1)]);
  const part = builder.op('Mul', [builder.op('Div', [tf, count]), idf]);
  const squares = builder.op('Mul', [builder.op('Mul', [part, part]), count]);
  const sum = builder.op('ReduceSum', [squares, builder.ints(1)], { keepdims: 1 });
  const norm = builder.op('Sqrt', [builder.op('Max', [sum, builder.float(1e-9)])]);

  const known = builder.cast(builder.op('Greater', [bytes, builder.float(0)]), 'float32');
  const total = builder.op('ReduceSum', [real, builder.ints(1)], { keepdims: 1 });
  const share = builder.op('Div', [
    builder.op('ReduceSum', [known, builder.ints(1)], { keepdims: 1 }),
    builder.op('Max', [total, builder.float(1)]),
  ]);
  return { buckets, values: builder.op('Div', [part, norm]), coverage: share };
}

/** [batch, classes] from int8 rows of a table [buckets + 1, classes]; scales are applied by the caller. */
export function lexicalScores(
  builder: GraphBuilder,
  list: LexicalValues,
  rows: Int8Array,
  classes: number,
): string {
  const table = builder.tensor('weights', [rows.length / classes, classes], rows);
  const picked = builder.cast(builder.op('Gather', [table, list.buckets], { axis: 0 }), 'float32');
  const weights = builder.op('Unsqueeze', [list.values, builder.ints(1)]);
  return builder.op('Squeeze', [builder.op('MatMul', [weights, picked]), builder.ints(1)]);
}
