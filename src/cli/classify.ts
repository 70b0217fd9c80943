import { createReadStream, existsSync, type ReadStream } from 'node:fs';
import type { LoadedConfig } from '../config/load.ts';
import { model } from '../config/model.ts';
import { ConfigError } from '../errors.ts';
import { answerLines, linesOf } from '../terminal/answer-lines.ts';
import { buildClassifier } from '../wiring/parts.ts';
import type { Command, CommandCall } from './command.ts';
import { configFile, loadFor } from './config-option.ts';

export const classify: Command = {
  name: 'classify',
  summary: 'judge texts: JSON lines {"id"?, "subject", "body"} on standard input, one answer line each',
  usage: 'triaged classify [--file FILE] [--config FILE] [--json]',
  example: `echo '{"subject":"Kein WLAN","body":"Seit heute früh."}' | triaged classify --json`,
  options: {
    file: { type: 'string', value: 'FILE', description: 'read the lines from there' },
  },
  async run(call) {
    const input = inputOf(call);
    const classifier = await buildClassifier(modelConfig(call));
    const stop = () => input.destroy();
    call.signal.addEventListener('abort', stop);
    try {
      await classifier.start();
      const failed = await answerLines(linesOf(input), classifier, (line) => call.terminal.out(line));
      return failed === 0 ? 0 : 1;
    } catch (error) {
      if (call.signal.aborted) return 1;
      throw error;
    } finally {
      call.signal.removeEventListener('abort', stop);
      await classifier.stop();
    }
  },
};

function inputOf(call: CommandCall): NodeJS.ReadStream | ReadStream {
  const file = call.text('file');
  if (file === undefined) {
    if (process.stdin.isTTY) call.terminal.error('triaged classify: reads JSON lines; end them with Ctrl-D');
    return process.stdin;
  }
  if (!existsSync(file)) {
    throw new ConfigError('E_CONFIG', 'there is no such file', { where: file, hint: 'Name it with --file.' });
  }
  return createReadStream(file);
}

/** Without a configuration the shipped model is asked: judging texts needs no Znuny. */
function modelConfig(call: CommandCall): LoadedConfig {
  if (call.text('config') !== undefined || existsSync(configFile(call))) return loadFor(call);
  if (call.texts('set').length > 0) {
    const hint = 'Give --config FILE, or leave --set out.';
    throw new ConfigError('E_CONFIG', '--set changes a configuration, and there is none here', { hint });
  }
  // All that the model is built from; the other sections belong to Znuny.
  return { directory: process.cwd(), config: { model: model.parse({}) } } as LoadedConfig;
}
