import { ConfigError } from '../errors.ts';
import { FIXTURE_PASSWORD } from '../simulator/fixture.ts';
import { Simulator } from '../simulator/simulator.ts';
import type { Command } from './command.ts';
import { wholeNumberOf } from './limit-option.ts';

export const simulate: Command = {
  name: 'simulate',
  summary: 'a Znuny in a box on loopback, until stopped',
  usage: 'triaged simulate [--port N] [--web-service NAME] [--tickets N]',
  example: 'triaged simulate --port 8090 --tickets 20',
  options: {
    port: { type: 'string', value: 'N', description: 'port (default: any free one)' },
    'web-service': { type: 'string', value: 'NAME', description: 'name of the web service (TicketTriage)' },
    tickets: { type: 'string', value: 'N', description: 'new mails in queue Unclassified at the start' },
  },
  async run(call) {
    const port = wholeNumberOf(call, 'port', { usual: 0, from: 0, to: 65_535 });
    const tickets = wholeNumberOf(call, 'tickets', { usual: 0, from: 0, to: 100_000 });
    const simulator = new Simulator({
      port,
      webService: call.text('web-service') ?? 'TicketTriage',
    });
    await simulator.start().catch((cause: unknown) => {
      const hint = 'Name another port, or none: any free one.';
      throw new ConfigError('E_CONFIG', `cannot listen on port ${port}`, { where: '--port', hint, cause });
    });
    for (let index = 1; index <= tickets; index += 1) {
      simulator.receiveMail({
        subject: `Sample ticket ${index}`,
        body: 'The VPN drops every few minutes since this morning.',
        queue: 'Unclassified',
      });
    }
    const facts = { url: simulator.url, username: 'otai-bot', password: FIXTURE_PASSWORD };
    call.terminal.out(
      call.flag('json')
        ? JSON.stringify(facts)
        : `${facts.url}  agent ${facts.username}  password ${facts.password}`,
    );
    await new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()));
    await simulator.stop();
    return 0;
  },
};
