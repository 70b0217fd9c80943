/** Texts that share at least this much of their 5-grams are taken for copies of each other. */
export const nearDuplicate = 0.5;

const size = 5;

export type NamedText = { readonly name: string; readonly text: string };
export type Pair = { readonly left: string; readonly right: string; readonly jaccard: number };

/** Numbers of the distinct runs of five characters, in small letters, blanks and punctuation as one space. */
function grams(text: string, numberOf: Map<string, number>): Set<number> {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const found = new Set<number>();
  for (let i = 0; i + size <= plain.length; i++) {
    const gram = plain.slice(i, i + size);
    const number = numberOf.get(gram) ?? numberOf.size;
    numberOf.set(gram, number);
    found.add(number);
  }
  return found;
}

/** All pairs with a Jaccard index of at least `nearDuplicate`; counts along an index, so some thousand texts take seconds. */
export function nearDuplicates(texts: readonly NamedText[]): Pair[] {
  const numberOf = new Map<string, number>();
  const sets = texts.map(({ text }) => grams(text, numberOf));
  const holders: number[][] = Array.from({ length: numberOf.size }, () => []);
  const shared = new Int32Array(texts.length);
  const pairs: Pair[] = [];
  for (const [i, set] of sets.entries()) {
    shared.fill(0, 0, i);
    for (const gram of set) {
      const list = holders[gram] ?? [];
      for (const k of list) shared[k] = (shared[k] ?? 0) + 1;
      list.push(i);
    }
    for (let k = 0; k < i; k++) {
      const common = shared[k] ?? 0;
      const value = common / Math.max(1, set.size + (sets[k]?.size ?? 0) - common);
      if (value < nearDuplicate) continue;
      pairs.push({ left: texts[k]?.name ?? '', right: texts[i]?.name ?? '', jaccard: value });
    }
  }
  return pairs;
}
