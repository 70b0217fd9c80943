import { expect } from 'vitest';
import { errorCode } from './raw.ts';
import { promise } from './stage.ts';

const NOTE = { Subject: 'note', Body: 'a note of the suite', NoAgentNotify: 1 } as const;

promise.for([
  ['Queue', 'No such queue'],
  ['Priority', '9 none'],
  ['State', 'no such state'],
  ['Owner', 'nobody-of-the-suite'],
] as const)(
  'TicketUpdate with an unknown %s: E_ZNUNY_NAME names it, and nothing of the call is written',
  async ([key, value], { stage }) => {
    const { id } = await stage.make();
    const history = await stage.history(id);
    const error = await stage.znuny
      .ticketUpdate({
        TicketID: id,
        Ticket: { Title: 'not written', Priority: '4 high', [key]: value },
        Article: NOTE,
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'config',
      code: 'E_ZNUNY_NAME',
      message: expect.stringContaining(`${key} "${value}"`),
    });
    expect(await stage.history(id)).toEqual(history);
  },
);

promise('TicketUpdate with a good title and a bad article: nothing is written', async ({ stage }) => {
  const { id } = await stage.make();
  const history = await stage.history(id);
  const answer = await stage.raw('TicketUpdate', {
    TicketID: id,
    Ticket: { Title: 'not written' },
    Article: { Body: 'without subject', ContentType: 'text/plain; charset=utf8' },
  });
  expect([answer.status, errorCode(answer)]).toEqual([200, 'TicketUpdate.MissingParameter']);
  expect(await stage.history(id)).toEqual(history);
});

promise(
  'TicketUpdate of a ticket that is not there: E_ZNUNY_ACCESS, nothing was written',
  async ({ stage }) => {
    const error = await stage.znuny
      .ticketUpdate({ TicketID: 2_000_000_000, Ticket: { Priority: '4 high' } })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'permanent', code: 'E_ZNUNY_ACCESS' });
  },
);

promise(
  'TicketUpdate with a parameter that Znuny would ignore: the client refuses and sends nothing',
  async ({ stage }) => {
    const { id } = await stage.make();
    const sent: string[] = [];
    const client = stage.client({ onCall: ({ operation }) => sent.push(operation) });
    const Ticket = { Prioritty: '4 high' } as object;
    const error = await client.ticketUpdate({ TicketID: id, Ticket }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'permanent', message: expect.stringContaining('Prioritty') });
    expect(sent).not.toContain('TicketUpdate');
    const answer = await stage.raw('TicketUpdate', { TicketID: id, Ticket });
    expect(errorCode(answer)).toBeUndefined();
    expect((await stage.get(id)).Priority).toBe('3 normal');
  },
);
