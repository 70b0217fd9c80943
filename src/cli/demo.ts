import { DEMO_TICKETS, runDemo } from '../demo/demo.ts';
import type { Command } from './command.ts';
import { VERSION } from './version.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'a Znuny in a box and the daemon on it, with sample tickets',
  usage: 'triaged demo [--exit] [--json] [--file TICKETS.jsonl]',
  example: 'triaged demo --exit --json',
  options: {
    exit: { type: 'boolean', description: 'end when all tickets have ended' },
    file: {
      type: 'string',
      value: 'FILE',
      description: 'own tickets: subject, body, optional expectedQueue',
    },
  },
  async run(call) {
    const json = call.flag('json');
    const summary = await runDemo({
      file: call.text('file') ?? DEMO_TICKETS,
      version: VERSION,
      exit: call.flag('exit'),
      signal: call.signal,
      env: call.env,
      // one line for machines on stdout; what people read goes beside it
      print: json ? call.terminal.error : call.terminal.out,
    });
    if (json) call.terminal.out(JSON.stringify(summary));
    return 0;
  },
};
