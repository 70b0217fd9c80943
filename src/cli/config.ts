import { printConfig } from '../config/print.ts';
import type { Command } from './command.ts';
import { loadFor } from './config-option.ts';

export const config: Command = {
  name: 'config',
  summary: 'print the effective configuration, defaults filled and secrets masked',
  usage: 'triaged config [--config FILE] [--set KEY=VALUE …] [--json]',
  example: 'triaged config --config /etc/triaged/config.yaml',
  async run(call) {
    const loaded = loadFor(call);
    call.terminal.out(printConfig(loaded, { json: call.flag('json') }).trimEnd());
    for (const warning of loaded.warnings) call.terminal.error(`! ${warning}`);
    return 0;
  },
};
