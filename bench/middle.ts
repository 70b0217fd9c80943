/** The median (of two the mean), or the value below which another share of them lies; NaN of none. */
export function middle(values: readonly number[], share = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[Math.min(sorted.length - 1, Math.floor(index))] ?? Number.NaN;
  return share === 0.5 && sorted.length % 2 === 0
    ? (at(sorted.length / 2 - 1) + at(sorted.length / 2)) / 2
    : at(sorted.length * share);
}
