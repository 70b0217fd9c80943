import type { Mode } from '../ticket.ts';
import type { Config } from './schema.ts';

const SYSTEM_QUEUES = ['Raw', 'Postmaster'];
const OBSERVED_HOURS = 24;

/** Names of the queues that are searched: `intake.queues`, else Raw, Postmaster and the default queue. */
export function sourceQueues(config: Pick<Config, 'intake' | 'routing'>): readonly string[] {
  if (config.intake.queues) return [...new Set(config.intake.queues)];
  const defaultQueue = config.routing.default_queue;
  return [...new Set(defaultQueue === undefined ? SYSTEM_QUEUES : [...SYSTEM_QUEUES, defaultQueue])];
}

/** Hours before the first start from which tickets are taken; older ones are for backfill. */
export function lookbackHours(config: {
  readonly mode: Mode;
  readonly intake: Pick<Config['intake'], 'lookback_hours'>;
}): number {
  return config.intake.lookback_hours ?? (config.mode === 'observe' ? OBSERVED_HOURS : 0);
}
