import type { Prediction } from '../ticket.ts';
import type { RoutingOptions } from './rule.ts';

/**
 * The priority that the model alone sets, null for none: it only raises, at most to `maxPriority`, only when
 * sure, and never where a customer, a filter or a mail header chose another priority than the default.
 */
export function modelPriority(
  present: string,
  prediction: Prediction,
  options: RoutingOptions,
): string | null {
  const { priorities, defaultPriority, maxPriority, minPriorityConfidence } = options;
  const [top] = prediction.priorities;
  if (!top || prediction.unknown || maxPriority === null || present !== defaultPriority) return null;
  if (top.probability < minPriorityConfidence) return null;
  const from = priorities.indexOf(present);
  const cap = priorities.indexOf(maxPriority);
  const to = Math.min(priorities.indexOf(top.name), cap);
  return from >= 0 && to > from ? (priorities[to] ?? null) : null;
}
