import { Daemon } from '../daemon/daemon.ts';
import type { Command } from './command.ts';
import { configFile } from './config-option.ts';
import { VERSION } from './version.ts';

export const run: Command = {
  name: 'run',
  summary: 'triage new tickets until stopped (SIGTERM ends it, SIGHUP reloads the file)',
  usage: 'triaged run [--config FILE] [--set KEY=VALUE …]',
  example: 'ZNUNY_PASSWORD=… triaged run --config /etc/triaged/config.yaml',
  async run(call) {
    const daemon = new Daemon({
      file: configFile(call),
      sets: call.texts('set'),
      env: call.env,
      version: VERSION,
    });
    const ended = new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()));
    call.onHangup(() => void daemon.reload());
    try {
      await daemon.start();
      await Promise.race([ended, daemon.running]);
    } finally {
      await daemon.stop();
    }
    return 0;
  },
};
