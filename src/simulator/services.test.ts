import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Simulator } from './simulator.ts';
import { type Answer, call, ids, NOTE } from './test-client.ts';

const SERVICE_INVALID = 'TicketUpdate: Ticket->ServiceID or Ticket->Service parameter is invalid!';
const SLA_INVALID = 'TicketUpdate: Ticket->SLAID or Ticket->SLA parameter is invalid!';

describe('services, SLAs and accounted time', () => {
  let sim: Simulator;
  beforeEach(async () => {
    sim = new Simulator({
      services: [
        { name: 'Helpdesk', slas: ['Standard', 'Gold'] },
        { name: 'Helpdesk::Print', slas: ['Standard'] },
        { name: 'Private', slas: ['Gold'], customers: ['john.doe'] },
      ],
    });
    await sim.start();
  });
  afterEach(() => sim.stop());

  const update = (id: number, Ticket: Record<string, unknown>) =>
    call(sim, 'TicketUpdate', { TicketID: id, Ticket });
  const message = ({ body }: Answer) =>
    (body.Error as { ErrorMessage?: string } | undefined)?.ErrorMessage ?? 'none';
  const got = async (id: number) =>
    (await call(sim, 'TicketGet', { TicketID: id, AllArticles: 1 })).body.Ticket as Record<string, unknown>[];
  const rows = (id: number, type: string) =>
    sim
      .ticket(id)
      ?.history.filter((row) => row.type === type)
      .map(({ name }) => name);

  it('are set by name or id and shown with both; unset, the ids are empty and the names absent', async () => {
    const { id } = sim.receiveMail({ subject: 'One' });
    const [bare] = await got(id);
    expect([bare?.ServiceID, bare?.SLAID]).toEqual(['', '']);
    expect(bare).not.toHaveProperty('Service');
    expect(message(await update(id, { Service: 'Helpdesk', SLAID: 1 }))).toBe('none');
    expect((await got(id))[0]).toMatchObject({
      Service: 'Helpdesk',
      ServiceID: 1,
      SLA: 'Standard',
      SLAID: 1,
    });
    expect(rows(id, 'ServiceUpdate')).toEqual(['%%Helpdesk%%1%%NULL%%']);
    expect(rows(id, 'SLAUpdate')).toEqual(['%%Standard%%1%%NULL%%']);
  });

  it('an SLA needs a service that has it: sent with it, or the ticket’s own', async () => {
    const { id } = sim.receiveMail({ subject: 'One' });
    expect(message(await update(id, { SLA: 'Standard' }))).toBe(SLA_INVALID);
    expect(message(await update(id, { Service: 'Helpdesk::Print', SLA: 'Gold' }))).toBe(SLA_INVALID);
    expect(message(await update(id, { Service: 'Helpdesk', SLA: 'Nope' }))).toBe(SLA_INVALID);
    expect(sim.ticket(id)?.service).toBe('');
    expect(message(await update(id, { Service: 'Helpdesk' }))).toBe('none');
    expect(message(await update(id, { SLA: 'Gold' }))).toBe('none');
    expect(sim.ticket(id)).toMatchObject({ service: 'Helpdesk', sla: 'Gold' });
  });

  it('an unknown service and one that the customer has not read alike, before the state is looked at', async () => {
    const { id } = sim.receiveMail({ subject: 'One' });
    for (const wrong of [{ Service: 'Nope' }, { ServiceID: 99 }, { Service: 'Private' }]) {
      expect(message(await update(id, { ...wrong, State: 'nope' }))).toBe(SERVICE_INVALID);
    }
    expect(message(await update(id, { Service: 'Private', CustomerUser: 'john.doe' }))).toBe('none');
    const type = await update(id, { Type: 'Nope', Service: 'Nope' });
    expect(message(type)).toContain('Ticket->Type');
  });

  it('a new service takes away an SLA that it has not', async () => {
    const { id } = sim.receiveMail({ subject: 'One' });
    await update(id, { Service: 'Helpdesk', SLA: 'Gold' });
    await update(id, { Service: 'Helpdesk::Print' });
    expect(sim.ticket(id)).toMatchObject({ service: 'Helpdesk::Print', sla: '' });
    expect(rows(id, 'SLAUpdate')).toEqual(['%%Gold%%2%%NULL%%', '%%NULL%%%%Gold%%2']);
    expect(rows(id, 'ServiceUpdate')?.at(-1)).toBe('%%Helpdesk::Print%%2%%Helpdesk%%1');
  });

  const create = (on: Simulator, Ticket: Record<string, unknown>) =>
    call(on, 'TicketCreate', {
      Ticket: {
        Title: 't',
        Queue: 'Raw',
        State: 'new',
        Priority: '3 normal',
        CustomerUser: 'probe@example.test',
        ...Ticket,
      },
      Article: NOTE,
    });

  it('TicketCreate checks them too; only with Ticket::Service does a new ticket have rows of them', async () => {
    const sent = { Service: 'Helpdesk', SLA: 'Standard' };
    expect(message(await create(sim, { SLA: 'Standard' }))).toContain('Ticket->SLAID');
    const { TicketID } = (await create(sim, sent)).body;
    expect(sim.ticket(Number(TicketID))).toMatchObject({ service: 'Helpdesk', sla: 'Standard' });
    expect(rows(Number(TicketID), 'ServiceUpdate')).toEqual([]);

    const withService = new Simulator({ sysConfig: { ticketService: true } });
    await withService.start();
    await create(withService, sent);
    withService.receiveMail({ subject: 'Without' });
    const born = withService.tickets().map(({ history }) => history.slice(0, 3).map(({ name }) => name));
    expect(born.map((names) => names.slice(1))).toEqual([
      ['%%Helpdesk%%1%%NULL%%', '%%Standard%%1%%NULL%%'],
      ['%%NULL%%%%NULL%%', '%%NULL%%%%NULL%%'],
    ]);
    await withService.stop();
  });

  it('are found by names and ids; an unknown one finds nothing', async () => {
    const { id } = sim.receiveMail({ subject: 'With' });
    sim.receiveMail({ subject: 'Without' });
    await update(id, { Service: 'Helpdesk', SLA: 'Gold' });
    for (const by of [{ Services: 'Helpdesk' }, { ServiceIDs: [1] }, { SLAs: ['Gold'] }, { SLAIDs: '2' }]) {
      expect(ids(await call(sim, 'TicketSearch', by))).toEqual([String(id)]);
    }
    for (const wrong of [{ Services: ['Helpdesk', 'Nope'] }, { SLAs: 'Nope' }, { SLAIDs: 'x' }]) {
      expect((await call(sim, 'TicketSearch', wrong)).body).toEqual({});
    }
  });

  it('time adds up, a comma is a point, and what is no number is refused', async () => {
    const { id } = sim.receiveMail({ subject: 'One' });
    const note = (TimeUnit: unknown) =>
      call(sim, 'TicketUpdate', { TicketID: id, Article: { ...NOTE, TimeUnit } });
    expect(message(await note('5 min'))).toBe('TicketUpdate: Article->TimeUnit parameter is invalid!');
    expect(message(await note(-1))).toContain('TimeUnit');
    for (const unit of ['1,5', 0.129, '0', 10]) expect(message(await note(unit))).toBe('none');
    const [ticket] = await got(id);
    expect(ticket?.TimeUnit).toBe(11.62);
    const articles = ticket?.Article as Record<string, unknown>[];
    expect(articles.map(({ TimeUnit }) => TimeUnit)).toEqual([0, 1.5, 0.12, 0, 10]);
    expect(rows(id, 'TimeAccounting')).toEqual(['%%1.5%%1.5', '%%0.12%%1.62', '%%10%%11.62']);
  });
});
