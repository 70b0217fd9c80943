import { ConfigError } from '../errors.ts';
import type { CommandCall } from './command.ts';

/** `--limit N`, a whole number above 0. */
export function limitOf(call: Pick<CommandCall, 'text'>, usual: number): number {
  const text = call.text('limit');
  if (text === undefined) return usual;
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit > 0 && limit <= 1_000_000) return limit;
  throw new ConfigError('E_CONFIG', `--limit must be a whole number from 1 to 1000000, not "${text}"`);
}
