/**
 * `costs[chosen][true]`, levels low → high: what it costs to choose one priority where another was right.
 * The most probable level is not the one to choose: a missed "very high" costs more than a false "high".
 */
export type PriorityCosts = readonly (readonly number[])[];

/** Expected cost of choosing each level, given the levels' probabilities. */
export function expectedCosts(probabilities: ArrayLike<number>, costs: PriorityCosts): number[] {
  return costs.map((row) => row.reduce((sum, cost, truth) => sum + cost * (probabilities[truth] ?? 0), 0));
}

/** The levels, the one with the least expected cost first; the first of equal ones stays first. */
export function cheapestFirst(probabilities: ArrayLike<number>, costs: PriorityCosts): number[] {
  const expected = expectedCosts(probabilities, costs);
  return [...expected.keys()].sort((a, b) => (expected[a] ?? 0) - (expected[b] ?? 0));
}
