import { askHealth } from '../check/health.ts';
import type { Command } from './command.ts';
import { loadFor } from './config-option.ts';

export const healthcheck: Command = {
  name: 'healthcheck',
  summary: 'ask the running daemon whether it lives (for a container); prints why it is not ready',
  usage: 'triaged healthcheck [--config FILE] [--json]',
  example: 'triaged healthcheck --config /etc/triaged/config.yaml',
  async run(call) {
    const health = await askHealth(loadFor(call).config.server.listen);
    if (call.flag('json')) call.terminal.out(JSON.stringify(health));
    else if (!health.alive) call.terminal.error(`not alive: ${health.reasons.join('; ')}`);
    else
      call.terminal.out(health.ready ? 'alive and ready' : `alive, not ready: ${health.reasons.join('; ')}`);
    return health.alive ? 0 : 1;
  },
};
