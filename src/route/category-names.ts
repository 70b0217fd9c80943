import { distance } from 'fastest-levenshtein';

export type CategoryNames = readonly { readonly name: string; readonly group: string }[];

/** The model's categories that a rule's word means, by name or by group, in any case; empty where there is none. */
export function categoriesNamed(word: string, model: CategoryNames): readonly string[] {
  const wanted = fold(word);
  return model
    .filter(({ name, group }) => fold(name) === wanted || fold(group) === wanted)
    .map(({ name }) => name);
}

export function unknownCategory(word: string, model: CategoryNames): { message: string; hint: string } {
  const names = [...new Set(model.map(({ name }) => name))];
  const groups = [...new Set(model.map(({ group }) => group))].filter((group) => !names.includes(group));
  const nearest = [...names, ...groups].toSorted(
    (a, b) => distance(fold(word), fold(a)) - distance(fold(word), fold(b)),
  )[0];
  const near = nearest !== undefined && distance(fold(word), fold(nearest)) <= Math.max(2, word.length / 2);
  return {
    message: `the model has no category or group "${word}"${near ? `; did you mean "${nearest}"?` : ''}`,
    hint: `Known categories: ${names.join(', ')}.${groups.length > 0 ? ` Known groups: ${groups.join(', ')}.` : ''}`,
  };
}

function fold(word: string): string {
  return word.trim().toLowerCase();
}
