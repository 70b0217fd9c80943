import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyPaths, readRecordings } from './replay-harness.ts';
import { Simulator } from './simulator.ts';

const recordings = readRecordings(join(import.meta.dirname, '../../test/recordings'));

describe('webhook (Generic::Tunnel)', () => {
  const got: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  const listener = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(500).end();
    });
  });
  const sim = new Simulator();
  let url = '';
  beforeEach(async () => {
    got.length = 0;
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`;
  });
  afterEach(() => {
    listener.close();
  });

  it('tells TicketCreate once, with the shared header, and does not repeat after a 500', async () => {
    const hook = sim.setWebhook({ url, headers: { 'x-triage-token': 'HOOKSECRET' } });
    const { id } = sim.receiveMail({ subject: 'One' });
    await vi.waitFor(() => expect(hook.calls[0]?.status).toBe(500));
    sim.agentMoves(id, 'Support');
    expect(got).toHaveLength(1);
    expect(got[0]?.body).toEqual({ TicketID: id, Event: 'TicketCreate' });
    expect(got[0]?.headers).toMatchObject({
      'x-triage-token': 'HOOKSECRET',
      'user-agent': 'REST::Client/273',
    });
  });

  it.each([198, 199, 200])('sends the key paths and types of recording %d', async (number) => {
    const recorded = recordings.find((one) => one.number === number);
    sim.setWebhook({ url, events: ['TicketCreate', 'ArticleCreate', 'TicketQueueUpdate'] });
    const { id } = sim.receiveMail({ subject: 'One' });
    sim.agentMoves(id, 'Support');
    const body = recorded?.request.body;
    const wanted = typeof body === 'object' && body !== null && 'Event' in body ? body.Event : '';
    const of = () => got.find((one) => JSON.stringify(one.body).includes(`"Event":"${wanted}"`))?.body;
    await vi.waitFor(() => expect(of()).toBeDefined());
    expect([...keyPaths(of())].toSorted()).toEqual([...keyPaths(body)].toSorted());
  });
});
