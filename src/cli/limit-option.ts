import { ConfigError } from '../errors.ts';
import type { CommandCall } from './command.ts';

type Named = Pick<CommandCall, 'text'>;

/** `--limit N`, a whole number above 0. */
export function limitOf(call: Named, usual: number): number {
  return wholeNumberOf(call, 'limit', { usual, from: 1, to: 1_000_000 });
}

/** `--name N`, a whole number from one bound to the other; `usual` where it is not given. Throws ConfigError. */
export function wholeNumberOf(
  call: Named,
  name: string,
  { usual, from, to }: { readonly usual: number; readonly from: number; readonly to: number },
): number {
  const text = call.text(name);
  if (text === undefined) return usual;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new ConfigError('E_CONFIG', `--${name} must be a whole number from ${from} to ${to}, not "${text}"`);
}
