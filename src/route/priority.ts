import type { Prediction } from '../ticket.ts';
import type { RoutingOptions } from './rule.ts';

/**
 * The priority that the model alone sets, null for none: it only raises, at most to `maxPriority`, only when
 * sure that the ticket is at least as urgent as that, and never where a customer, a filter or a mail header chose another priority than the default.
 */
export function modelPriority(
  present: string,
  prediction: Prediction,
  options: RoutingOptions,
): string | null {
  const { priorities, defaultPriority, maxPriority, minPriorityConfidence } = options;
  const [top] = prediction.priorities;
  if (!top || prediction.unknown || maxPriority === null || present !== defaultPriority) return null;
  const from = priorities.indexOf(present);
  const cap = priorities.indexOf(maxPriority);
  const to = Math.min(priorities.indexOf(top.name), cap);
  if (from < 0 || to <= from) return null;
  const sure = prediction.priorities
    .filter(({ name }) => priorities.indexOf(name) >= to)
    .reduce((sum, { probability }) => sum + probability, 0);
  return sure >= minPriorityConfidence ? (priorities[to] ?? null) : null;
}
