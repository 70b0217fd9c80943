import { z } from 'zod';

/**
 * The lexical branch reads characters and token pieces, both recovered from the token ids, so that the
 * same computation fits into the graph (ngram-nodes.ts) and the model needs no second input.
 * Everything here is exact integer arithmetic below 2^53: graph and JavaScript give the same buckets.
 */

/** A space of hashed n-grams: `code = Σ symbol · base^k`, `bucket = code mod buckets` (a prime). */
export type NgramSpace = {
  readonly base: number;
  readonly sizes: readonly number[];
  readonly buckets: number;
};

export const charSpace: NgramSpace = { base: 131, sizes: [2, 3, 4, 5], buckets: 131_071 };
export const pieceSpace: NgramSpace = { base: 24_007, sizes: [1, 2], buckets: 65_521 };

/** Longest piece in characters; the rest of a longer one is ignored. */
export const pieceLength = 16;

export type PieceTables = {
  readonly pieces: number;
  /** pieces x pieceLength: folded characters, 1 and up; 0 = none */
  readonly characters: Uint8Array;
  /** a number per piece that is the same for pieces that differ in case or digits only; 0 = padding */
  readonly folded: Int32Array;
};

const tokenizerSchema = z.object({
  model: z.object({ type: z.literal('Unigram'), vocab: z.array(z.tuple([z.string(), z.number()])) }),
  added_tokens: z.array(z.object({ id: z.number(), content: z.string() })),
});

const padding = '<pad>';
const endOfText = '</s>';

/** Case and digits say little about a ticket's category: `WLAN` is `wlan`, `0171` is `0000`. */
function fold(piece: string): string {
  return piece.toLowerCase().replace(/[0-9]/g, '0').replaceAll('▁', ' ');
}

/** From the text of a `tokenizer.json` (Unigram, Metaspace). */
export function pieceTables(tokenizerJson: string): PieceTables {
  const tokenizer = tokenizerSchema.parse(JSON.parse(tokenizerJson));
  const special = new Set(tokenizer.added_tokens.map((token) => token.content));
  const pieces = tokenizer.model.vocab.length;
  const characters = new Uint8Array(pieces * pieceLength);
  const folded = new Int32Array(pieces);
  const alphabet = new Map<string, number>();
  const firstOf = new Map<string, number>();
  for (const [id, [piece]] of tokenizer.model.vocab.entries()) {
    if (piece === padding) continue;
    const text = special.has(piece) ? piece : fold(piece);
    const first = firstOf.get(text) ?? id + 1;
    firstOf.set(text, first);
    folded[id] = first;
    // the end of subject and text reads as a space, any other special piece as nothing
    const letters = piece === endOfText ? ' ' : special.has(piece) ? '' : text;
    for (const [i, letter] of [...letters].slice(0, pieceLength).entries()) {
      const symbol = alphabet.get(letter) ?? alphabet.size + 1;
      // what does not fit into the base shares its last symbol
      alphabet.set(letter, Math.min(symbol, charSpace.base - 1));
      characters[id * pieceLength + i] = Math.min(symbol, charSpace.base - 1);
    }
  }
  return { pieces, characters, folded };
}

/** Bucket → how often. */
export type Counts = ReadonlyMap<number, number>;

export function ngramCounts(symbols: ArrayLike<number>, space: NgramSpace): Counts {
  const counts = new Map<number, number>();
  for (const size of space.sizes) {
    for (let start = 0; start + size <= symbols.length; start++) {
      let code = 0;
      for (let k = start; k < start + size; k++) code = code * space.base + (symbols[k] ?? 0);
      const bucket = code % space.buckets;
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
  }
  return counts;
}

export function charSymbols(ids: readonly number[], tables: PieceTables): number[] {
  const symbols: number[] = [];
  for (const id of ids) {
    const row = tables.characters.subarray(id * pieceLength, (id + 1) * pieceLength);
    for (const symbol of row) if (symbol > 0) symbols.push(symbol);
  }
  return symbols;
}

export function pieceSymbols(ids: readonly number[], tables: PieceTables): number[] {
  return ids.map((id) => tables.folded[id] ?? 0).filter((symbol) => symbol > 0);
}
