import PQueue from 'p-queue';
import { Agent, request } from 'undici';
import type { Stand } from './stand.ts';

export type Loop = { readonly milliseconds: number; readonly calls: number };

/**
 * The least that any triage of this Znuny costs: one search, then one TicketGet and one TicketUpdate a ticket with a
 * SessionID. No guard, no history, no model, no journal. Its routes have to take POST.
 */
export async function bareLoop({ target, endpoint, mark }: Stand, concurrency: number): Promise<Loop> {
  const agent = new Agent({ connections: concurrency });
  let calls = 0;
  const call = async (
    operation: keyof typeof endpoint.routes,
    data: Record<string, unknown>,
  ): Promise<Record<string, unknown>> => {
    calls += 1;
    const { body } = await request(`${endpoint.baseUrl}${endpoint.routes[operation]?.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(data),
      dispatcher: agent,
    });
    const answer = (await body.json()) as Record<string, unknown>;
    if ('Error' in answer) throw new Error(`bare loop: ${JSON.stringify(answer)}`);
    return answer;
  };
  const { bot, sourceQueue, targetQueue } = target;
  const { SessionID } = await call('SessionCreate', { UserLogin: bot.login, Password: bot.password });
  calls = 0;
  const started = performance.now();
  const ours = mark === '' ? {} : { CustomerID: mark };
  const search = { SessionID, States: ['new'], Queues: [sourceQueue], Limit: 10_000, ...ours };
  const { TicketID } = await call('TicketSearch', search);
  const queue = new PQueue({ concurrency });
  const jobs = (TicketID as readonly string[]).map((id) => async () => {
    await call('TicketGet', { SessionID, TicketID: id, AllArticles: 1 });
    await call('TicketUpdate', {
      SessionID,
      TicketID: id,
      Ticket: { Queue: targetQueue, Priority: '4 high' },
      Article: {
        Subject: 'Triage',
        Body: 'Moved by the bare loop.',
        ContentType: 'text/plain; charset=utf8',
        IsVisibleForCustomer: 0,
        NoAgentNotify: 1,
      },
    });
  });
  await queue.addAll(jobs);
  const milliseconds = performance.now() - started;
  await agent.close();
  return { milliseconds, calls };
}
