import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Simulator } from './simulator.ts';

describe('webhook', () => {
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

  it('Ticket::Generic tells the whole ticket, its newest article and the people, by name and mail', async () => {
    sim.setWebhook({ url, invoker: 'Ticket::Generic', events: ['ArticleCreate'] });
    const { id } = sim.receiveMail({ subject: 'One', from: 'John Doe <john.doe@kunde.example>' });
    await vi.waitFor(() => expect(got).toHaveLength(1));
    sim.agentNotes(id, { agent: 'bert', body: 'mine' });
    await vi.waitFor(() => expect(got).toHaveLength(2));
    expect(got[1]?.body).toMatchObject({
      Event: { Event: 'ArticleCreate', TicketID: id, OldTicketData: { TicketID: id } },
      Ticket: {
        TicketID: id,
        Article: { Body: '\nmine\n\n', FromRealname: 'Bert Agent' },
        Articles: [{ Subject: 'One' }, { Subject: 'Note' }],
        CustomerUser: { UserEmail: 'john.doe@kunde.example', UserLastname: 'Doe' },
        CustomerCompany: { CustomerID: 'lab-firma' },
        OwnerData: { UserLogin: 'root@localhost' },
        ServiceData: {},
      },
    });
  });
});
