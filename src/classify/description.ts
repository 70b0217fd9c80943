/**
 * A category that the model was never trained on, known by one sentence: how near a ticket's embedding is to
 * the sentence's, beside how near it is to those of the model's own categories. Embeddings are centred and of
 * length 1 (the model's `embedding` output); uncentred ones all look alike.
 */
export type Anchors = {
  /** of the model's own categories, by their descriptions */
  readonly own: readonly Embedding[];
  /** of the added ones */
  readonly added: readonly Embedding[];
};

export type Embedding = readonly number[];

/** Log-odds of an added category = added · its cosine + own · the greatest cosine of the own ones + bias. */
export type Similarity = { readonly added: number; readonly own: number; readonly bias: number };

export function cosine(left: Embedding, right: Embedding): number {
  return left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);
}

/** `added`: cosine to the added category's sentence; `own`: the greatest cosine to one of the model's own. */
export function addedScore(added: number, own: number, similarity: Similarity): number {
  return similarity.added * added + similarity.own * own + similarity.bias;
}

/** One number for each added category, on the scale of log-probabilities of the model's own ones. */
export function addedScores(
  embedding: Embedding,
  anchors: Anchors,
  similarity: Similarity,
): readonly number[] {
  const own = Math.max(...anchors.own.map((anchor) => cosine(embedding, anchor)));
  return anchors.added.map((anchor) => addedScore(cosine(embedding, anchor), own, similarity));
}
