import { expect } from 'vitest';
import { needs, promise, type Stage } from './stage.ts';

/** An id of no ticket. */
const MISSING = 2_000_000_000;

/** Of the web service with the add-on; the client uses no route of TicketDelete that is not named to it. */
const TicketDelete = { method: 'POST', path: '/TicketDelete' } as const;

const withAddOn = (stage: Stage, webService: string) =>
  stage.client({ webService, routes: { TicketDelete } });

promise(
  'TicketDelete on a stock Znuny: E_ZNUNY_URL says that Znuny cannot delete and what to do, and nothing changes',
  async ({ stage }) => {
    const { id } = await stage.make();
    const history = await stage.history(id);
    const sent: string[] = [];
    const client = stage.client({ onCall: ({ operation }) => sent.push(operation) });
    const error = await client.ticketDelete(id).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'config',
      code: 'E_ZNUNY_URL',
      message: expect.stringContaining('cannot delete'),
      hint: expect.stringMatching(/close.*archive.*add-on/i),
    });
    expect(sent).not.toContain('TicketDelete');
    expect(await stage.history(id)).toEqual(history);
  },
);

promise(
  'TicketDelete on a stock Znuny by a route that it does not have: an error, and nothing changes',
  async ({ stage }) => {
    const { id } = await stage.make();
    const history = await stage.history(id);
    const client = withAddOn(stage, stage.target.webService);
    const error = await client.ticketDelete(id).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_URL' });
    expect(await stage.history(id)).toEqual(history);
  },
);

promise('TicketDelete with an add-on: the ticket is gone, and no other', async ({ stage, skip }) => {
  const client = withAddOn(stage, needs({ stage, skip }, 'deleteService'));
  const agent = stage.target.agent === undefined ? stage.znuny : stage.agentClient(stage.target.agent);
  const [gone, kept] = [await stage.make(), await stage.make()];
  await client.ticketDelete(gone.id);
  const { tickets, failed } = await agent.ticketGet([gone.id, kept.id]);
  expect(tickets.map(({ TicketID }) => TicketID)).toEqual([kept.id]);
  expect(failed).toMatchObject([{ ticketId: gone.id, error: { code: 'E_ZNUNY_ACCESS' } }]);
  expect(await agent.ticketSearch({ TicketNumber: gone.number })).toEqual([]);
});

promise(
  'TicketDelete with an add-on, of a ticket that is not there: E_ZNUNY_ACCESS',
  async ({ stage, skip }) => {
    const client = withAddOn(stage, needs({ stage, skip }, 'deleteService'));
    const error = await client.ticketDelete(MISSING).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'permanent', code: 'E_ZNUNY_ACCESS' });
  },
);
