import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Simulator } from './simulator.ts';
import { call, ids, NOTE } from './test-client.ts';

describe('rights and partial writes', () => {
  let sim: Simulator;
  beforeEach(async () => {
    sim = new Simulator();
    await sim.start();
  });
  afterEach(() => sim.stop());

  const fault = 'Ticket queue could not be updated, please contact system administrator!';

  it('a refused move leaves the new title and nothing after it', async () => {
    const { id } = sim.receiveMail({ subject: 'Old' });
    sim.setRights('otai-bot', 'Support', []);
    const Ticket = { Title: 'New', Queue: 'Support', Priority: '4 high' };
    const answer = await call(sim, 'TicketUpdate', { TicketID: id, Ticket, Article: NOTE });
    expect([answer.status, answer.body.faultstring]).toEqual([500, fault]);
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(sim.ticket(id)).toMatchObject({ title: 'New', queue: 'Raw', priority: '3 normal' });
    expect(sim.ticket(id)?.articles).toHaveLength(1);
  });

  it('a move into a move_into-only queue writes all of one call and none of the next', async () => {
    const { id } = sim.receiveMail({ subject: 'Away' });
    sim.setRights('otai-bot', 'Support', ['move_into']);
    const first = await call(sim, 'TicketUpdate', {
      TicketID: id,
      Ticket: { Queue: 'Support', Priority: '4 high' },
      Article: NOTE,
    });
    expect(first.errorCode).toBeUndefined();
    expect(sim.ticket(id)).toMatchObject({ queue: 'Support', priority: '4 high' });
    expect(sim.ticket(id)?.articles).toHaveLength(2);
    expect((await call(sim, 'TicketUpdate', { TicketID: id, Article: NOTE })).errorCode).toBe(
      'TicketUpdate.AccessDenied',
    );
    expect((await call(sim, 'TicketGet', { TicketID: id })).errorCode).toBe('TicketGet.AccessDenied');
  });

  it('an owner reads and writes its ticket without any right in the queue, but does not find it', async () => {
    const { id } = sim.portalTicket({ subject: 'Mine', user: 'otai-bot' });
    sim.setRights('otai-bot', 'Raw', []);
    expect((await call(sim, 'TicketGet', { TicketID: id })).errorCode).toBeUndefined();
    expect(
      (await call(sim, 'TicketUpdate', { TicketID: id, Ticket: { Priority: '4 high' } })).errorCode,
    ).toBeUndefined();
    expect(ids(await call(sim, 'TicketSearch'))).toEqual([]);
  });

  it('ro alone reads and does not write; unknown and forbidden read alike', async () => {
    const { id } = sim.receiveMail({ subject: 'Read me' });
    sim.setRights('otai-bot', 'Raw', ['ro']);
    expect(ids(await call(sim, 'TicketSearch'))).toEqual([String(id)]);
    const denied = await call(sim, 'TicketUpdate', { TicketID: id, Ticket: { Priority: '4 high' } });
    const unknown = await call(sim, 'TicketUpdate', { TicketID: 999_999, Ticket: { Priority: '4 high' } });
    expect(denied.text).toBe(unknown.text);
  });

  it('one unreadable ticket fails a whole TicketGet and TicketHistoryGet', async () => {
    const open = sim.receiveMail({ subject: 'a' }).id;
    const secret = sim.receiveMail({ subject: 'b', queue: 'HR' }).id;
    sim.setRights('otai-bot', 'HR', []);
    expect((await call(sim, 'TicketGet', { TicketID: [open, secret] })).errorCode).toBe(
      'TicketGet.AccessDenied',
    );
    const history = await call(sim, 'TicketHistoryGet', { TicketID: `${open},${secret}` });
    expect(history.text).toContain(`User does not have access to the ticket ${secret}!`);
  });

  it('a bad name writes nothing, a pending state without its time moves the queue all the same', async () => {
    const { id } = sim.receiveMail({ subject: 'Partial' });
    const bad = await call(sim, 'TicketUpdate', {
      TicketID: id,
      Ticket: { Queue: 'Support', Priority: '9 nuclear' },
    });
    expect(bad.errorCode).toBe('TicketUpdate.InvalidParameter');
    expect(sim.ticket(id)?.queue).toBe('Raw');
    const pending = await call(sim, 'TicketUpdate', {
      TicketID: id,
      Ticket: { Queue: 'Support', State: 'pending reminder' },
    });
    expect(pending.errorCode).toBe('TicketUpdate.MissingParameter');
    expect(sim.ticket(id)).toMatchObject({ queue: 'Support', state: 'new' });
  });

  it('the same values again write no row and do not move Changed', async () => {
    const { id } = sim.receiveMail({ subject: 'Same', createdAt: Date.now() - 60_000 });
    const before = sim.ticket(id);
    await call(sim, 'TicketUpdate', { TicketID: id, Ticket: { Queue: 'Raw', Priority: '3 normal' } });
    expect(sim.ticket(id)).toEqual(before);
  });

  it('a TicketCreate without the attachment’s content proves names and rights and creates nothing', async () => {
    const Article = { Subject: 's', Body: 'b', ContentType: 'text/plain; charset=utf8' };
    const Attachment = { ContentType: 'text/plain', Filename: 'x' };
    const probe = async (Queue: string) => {
      const Ticket = {
        Title: 't',
        Queue,
        State: 'new',
        Priority: '3 normal',
        CustomerUser: 'probe@example.test',
      };
      const answer = await call(sim, 'TicketCreate', { Ticket, Article, Attachment });
      return answer.errorCode;
    };
    sim.setRights('otai-bot', 'HR', ['ro', 'move_into']);
    expect(await probe('Nope')).toBe('TicketCreate.InvalidParameter');
    expect(await probe('HR')).toBe('TicketCreate.AccessDenied');
    expect(await probe('Support')).toBe('TicketCreate.MissingParameter');
    expect(sim.tickets()).toEqual([]);
  });

  it('a note is shown to the customer unless it says otherwise', async () => {
    const { id } = sim.receiveMail({ subject: 'Note' });
    const { IsVisibleForCustomer: _, ...open } = NOTE;
    await call(sim, 'TicketUpdate', { TicketID: id, Article: open });
    await call(sim, 'TicketUpdate', { TicketID: id, Article: NOTE });
    expect(sim.ticket(id)?.articles.map((article) => article.visibleForCustomer)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
