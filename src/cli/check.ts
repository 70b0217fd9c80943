import { check as runCheck } from '../check/check.ts';
import { exitCode } from '../check/finding.ts';
import { printReport } from '../check/print.ts';
import type { Command } from './command.ts';
import { configFile } from './config-option.ts';

export const check: Command = {
  name: 'check',
  summary: 'say what does not fit: file, model and rules, journal, Znuny; writes nothing to Znuny',
  usage: 'triaged check [--offline] [--strict] [--config FILE] [--set KEY=VALUE …] [--json]',
  example: 'triaged check --offline --strict --config config.yaml',
  options: {
    offline: { type: 'boolean', description: 'ask no Znuny' },
    strict: { type: 'boolean', description: 'a warning counts as an error' },
  },
  async run(call) {
    const strict = call.flag('strict');
    const report = await runCheck({
      file: configFile(call),
      sets: call.texts('set'),
      env: call.env,
      offline: call.flag('offline'),
      strict,
      clock: Date.now,
    });
    const lines = call.flag('json') ? [JSON.stringify(report, null, 2)] : printReport(report);
    for (const line of lines) call.terminal.out(line);
    return exitCode(report, strict);
  },
};
