/** For tests: calls that a real Znuny made to a listener. The same event is made to happen, and the call caught. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { TicketEvent } from '../../src/simulator/store.ts';
import type { WebhookOptions } from '../../src/simulator/webhook.ts';
import { differences } from './differences.ts';
import type { Recording, Variation } from './recording.ts';
import type { Stage } from './replay-harness.ts';

type Outgoing = {
  readonly invoker: NonNullable<WebhookOptions['invoker']>;
  readonly event: TicketEvent;
  readonly happens: (stage: Stage, queue: string) => void;
};

/** With an owner, so locked. */
function byApi({ sim }: Stage, queue: string): number {
  const subject = 'Webhook: Drucker im Büro';
  const people = { user: 'otai-bot', customer: 'erika.muster', owner: 'root@localhost' };
  return sim.portalTicket({ ...people, subject, queue, body: `Testtext ${subject}` }).id;
}

function byHtmlMail({ sim }: Stage, queue: string): void {
  sim.receiveMail({
    subject: 'Störung: Drucker im 3. OG drückt nicht',
    queue,
    from: 'Jürgen Größer <juergen@muster.example.test>',
    to: 'Support <support@example.test>',
    messageId: '<html-hook-1@muster.example.test>',
    html: '<html><body><p>Guten Tag,</p><p><a href="https://intranet.example.test/drucker?id=42">Anleitung</a></p></body></html>',
  });
}

const OUTGOING: Readonly<Record<number, Outgoing>> = {
  197: { invoker: 'Ticket::Generic', event: 'TicketCreate', happens: byApi },
  198: { invoker: 'Generic::Tunnel', event: 'TicketCreate', happens: byApi },
  199: { invoker: 'Generic::Tunnel', event: 'ArticleCreate', happens: byApi },
  200: {
    invoker: 'Generic::Tunnel',
    event: 'TicketQueueUpdate',
    happens: (stage, queue) => stage.sim.agentMoves(byApi(stage, queue), 'Accounting', { agent: 'otai-bot' }),
  },
  201: { invoker: 'Ticket::Generic', event: 'TicketCreate', happens: byHtmlMail },
};

const HEADERS = ['content-type', 'user-agent', 'te', 'connection', 'x-triage-token'];

/** Undefined where the recording is of a call to Znuny. */
export async function sentByZnuny(
  stage: Stage,
  recording: Recording,
  variation: Variation,
): Promise<string[] | undefined> {
  const outgoing = OUTGOING[recording.number];
  if (outgoing === undefined) return undefined;
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { invoker, event } = outgoing;
  const headers = { 'x-triage-token': 'HOOKSECRET' };
  const { path } = recording.request;
  stage.sim.setWebhook({ url: `http://127.0.0.1:${port}${path}`, invoker, events: [event], headers });
  const caught = once(listener, 'request');
  await stage.renamed(variation, async () => {
    outgoing.happens(stage, variation.queues.Unclassified ?? 'Unclassified');
  });
  const [request, response]: unknown[] = await caught;
  const call = request as IncomingMessage;
  const body = await json(call);
  (response as { end: () => void }).end();
  stage.sim.setWebhook(undefined);
  listener.close();
  const found = differences({ status: null, body: recording.request.body }, { status: null, body });
  for (const name of HEADERS) {
    const recorded = recording.request.headers[name];
    if (call.headers[name] !== recorded) found.push(`${name}: ${recorded} but ${call.headers[name]}`);
  }
  return found;
}
