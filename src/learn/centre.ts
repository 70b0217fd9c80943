/** Mean-pooled hidden states of the whole text and of its subject. */
export type Pooled = { readonly full: Float32Array; readonly subject: Float32Array };

type Part = { readonly mean: Float32Array; readonly deviation: number };

export type Centre = { readonly width: number; readonly full: Part; readonly subject: Part };

/** The subject's part of the features beside the full text's; measured on worlds left out. */
export const subjectShare = 0.65;

function fitPart(vectors: readonly Float32Array[], width: number): Part {
  const sum = new Float64Array(width);
  for (const vector of vectors) for (let j = 0; j < width; j++) sum[j] = (sum[j] ?? 0) + (vector[j] ?? 0);
  const mean = Float32Array.from(sum, (v) => v / vectors.length);
  let squares = 0;
  for (const vector of vectors)
    for (let j = 0; j < width; j++) squares += ((vector[j] ?? 0) - (mean[j] ?? 0)) ** 2;
  return { mean, deviation: Math.sqrt(squares / (vectors.length * width)) };
}

/** Sentence embeddings share one large direction: without taking it off, all texts look alike. */
export function fitCentre(texts: readonly Pooled[]): Centre {
  const width = texts[0]?.full.length ?? 0;
  return {
    width,
    full: fitPart(
      texts.map((text) => text.full),
      width,
    ),
    subject: fitPart(
      texts.map((text) => text.subject),
      width,
    ),
  };
}

/** What one part is multiplied by after its mean is taken off. */
export function partScale(part: Part, width: number, share: number): number {
  return share / (part.deviation * Math.sqrt(width));
}

/** [full | subject], of a length around 1. */
export function centred(text: Pooled, centre: Centre): Float32Array {
  const { width } = centre;
  const features = new Float32Array(width * 2);
  const full = partScale(centre.full, width, 1);
  const subject = partScale(centre.subject, width, subjectShare);
  for (let j = 0; j < width; j++) {
    features[j] = ((text.full[j] ?? 0) - (centre.full.mean[j] ?? 0)) * full;
    features[width + j] = ((text.subject[j] ?? 0) - (centre.subject.mean[j] ?? 0)) * subject;
  }
  return features;
}
