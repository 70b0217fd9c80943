/** The median, or the value below which another share of them lies; NaN of none. */
export function middle(values: readonly number[], share = 0.5): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
    Number.NaN
  );
}
