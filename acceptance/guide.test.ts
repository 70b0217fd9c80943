import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { Installation } from './daemon.ts';
import { needs, promise } from './stage.ts';

const ROOT = join(import.meta.dirname, '..');

promise(
  "the guide's config.yaml runs as it stands: Network and Billing land where it says",
  async ({ stage, skip }) => {
    needs({ stage, skip }, 'guideQueues');
    const { target } = stage;
    const installation = new Installation(stage);
    onTestFinished(() => installation.close());
    cpSync(join(ROOT, 'test', 'fixtures', 'guide-config.yaml'), installation.configFile);
    // The guide names a model of the hub; what an administrator puts there is here the shipped one.
    cpSync(
      join(ROOT, 'models', 'shipped', 'triage-de-en'),
      join(installation.folder, 'models', 'softoft', 'ticket-classifier-de'),
      { recursive: true },
    );
    // Address, login and a free port are the surroundings; that only what comes now is triaged is its default.
    const daemon = await installation.run(
      [
        ...['--set', `connector.url=${target.url}`, '--set', `connector.web_service=${target.webService}`],
        ...['--set', `connector.username=${target.bot.login}`, '--set', 'server.listen=127.0.0.1:0'],
      ],
      { ZNUNY_PASSWORD: target.bot.password },
    );
    const network = await stage.make({
      Ticket: { Queue: 'Unclassified', Title: 'VPN bricht ständig ab' },
      Article: {
        Subject: 'VPN bricht ständig ab',
        Body: 'Guten Tag,\n\nseit heute Morgen bricht die VPN-Verbindung alle paar Minuten ab, und das WLAN im zweiten Stock ist auch weg.\n\nViele Grüße',
      },
    });
    const billing = await stage.make({
      Ticket: { Queue: 'Unclassified', Title: 'Invoice 4711 is missing' },
      Article: {
        Subject: 'Invoice 4711 is missing',
        Body: 'Hello,\n\nwe have not received the invoice for our last order. Please send it again as PDF.\n\nKind regards',
      },
    });
    for (const { id } of [network, billing])
      await daemon.log.seen('ticket triaged', { ticketId: id, outcome: 'applied' }, 120_000);
    expect(await stage.get(network.id)).toMatchObject({ Queue: 'IT-Infrastructure', Priority: '4 high' });
    expect(await stage.get(billing.id)).toMatchObject({ Queue: 'Accounting', Priority: '3 normal' });
    expect((await daemon.terminate()).code).toBe(0);
  },
);
