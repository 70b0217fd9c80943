import PQueue from 'p-queue';
import { Agent, request } from 'undici';
import { BOT } from '../src/demo/world.ts';

/**
 * The least that any triage of this Znuny costs: one search, then one TicketGet and one TicketUpdate a ticket with a
 * SessionID. No guard, no history, no model, no journal. Answers the milliseconds for all tickets.
 */
export async function bareLoop(url: string, concurrency: number): Promise<number> {
  const agent = new Agent({ connections: concurrency });
  const call = async (operation: string, data: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { body } = await request(
      `${url}/otrs/nph-genericinterface.pl/Webservice/TicketTriage/${operation}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(data),
        dispatcher: agent,
      },
    );
    return (await body.json()) as Record<string, unknown>;
  };
  const { SessionID } = await call('SessionCreate', { UserLogin: BOT.login, Password: BOT.password });
  const started = performance.now();
  const { TicketID } = await call('TicketSearch', { SessionID, States: ['new'], Limit: 10_000 });
  const queue = new PQueue({ concurrency });
  for (const id of TicketID as string[]) {
    void queue.add(async () => {
      await call('TicketGet', { SessionID, TicketID: id, AllArticles: 1 });
      const answer = await call('TicketUpdate', {
        SessionID,
        TicketID: id,
        Ticket: { Queue: 'Accounting', Priority: '4 high' },
        Article: {
          Subject: 'Triage',
          Body: 'Moved by the bare loop.',
          ContentType: 'text/plain; charset=utf8',
          IsVisibleForCustomer: 0,
          NoAgentNotify: 1,
        },
      });
      if ('Error' in answer) throw new Error(JSON.stringify(answer));
    });
  }
  await queue.onIdle();
  const milliseconds = performance.now() - started;
  await agent.close();
  return milliseconds;
}
