import { type LoadedConfig, loadConfig } from '../config/load.ts';
import type { CommandCall } from './command.ts';

export function configFile(call: Pick<CommandCall, 'text'>): string {
  return call.text('config') ?? 'config.yaml';
}

/** The configuration that the options of a call name. Throws ConfigError with everything that is wrong. */
export function loadFor(call: Pick<CommandCall, 'text' | 'texts' | 'env'>): LoadedConfig {
  return loadConfig({ file: configFile(call), sets: call.texts('set'), env: call.env });
}
