import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator.ts';
import { differences, historyRows } from './differences.ts';
import { readRecordings } from './recording.ts';
import { Stage } from './replay-harness.ts';

/** Where an administrator switched types, services and responsibles on, as many do: ids as recorded. */
const INSTANCE: SimulatorOptions = {
  sysConfig: { ticketType: true, ticketService: true, ticketResponsible: true },
  users: [
    { id: 1, login: 'root@localhost', admin: true },
    { id: 2, login: 'otai-bot' },
    { id: 3, login: 'anna', firstName: 'Anna', lastName: 'Agent' },
    { id: 5, login: 'portal', firstName: 'Portal', lastName: 'Agent' },
  ],
  queues: [{ id: 2, name: 'Raw' }],
  fields: [{ name: 'AcceptanceArticleText', type: 'text', object: 'Article' }],
  services: [{ name: 'Acceptance Service', slas: ['Acceptance SLA'] }],
  customers: [
    { login: 'customer1', name: 'Erika Muster', email: 'customer1@example.com', customerId: 'company1' },
  ],
};

const SERVICE = { type: 'Incident', service: 'Acceptance Service', sla: 'Acceptance SLA' } as const;
const mail = (sim: Simulator, more: object = {}) =>
  sim.receiveMail({
    subject: 'VPN',
    body: 'is down\n',
    from: 'Erika Muster <customer1@example.com>',
    queue: 'Raw',
    ...more,
  });
const create = (stage: Stage, ticket: Readonly<Record<string, string>>) =>
  fetch(`${stage.sim.url}/otrs/nph-genericinterface.pl/Webservice/TicketTriage/TicketCreate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      SessionID: stage.session('portal'),
      Ticket: {
        Title: 'portal',
        Queue: 'Raw',
        State: 'new',
        Priority: '3 normal',
        CustomerUser: 'customer1',
        ...ticket,
      },
      Article: { Subject: 's', Body: 'b', ContentType: 'text/plain; charset=utf8', TimeUnit: 5 },
    }),
  });

const STORY: Readonly<Record<number, (stage: Stage) => unknown>> = {
  414: ({ sim }) => mail(sim),
  416: (stage) => create(stage, { Type: 'Unclassified' }),
  418: (stage) =>
    create(stage, {
      Type: SERVICE.type,
      Service: SERVICE.service,
      SLA: SERVICE.sla,
      Responsible: 'anna',
    }),
  420: ({ sim }) => sim.agentSetsType(mail(sim).id, 'Incident'),
  422: ({ sim }) => sim.genericAgent(mail(sim).id, { service: 'Acceptance Service' }),
  424: ({ sim }) => mail(sim, SERVICE),
  426: ({ sim }) => sim.agentAccountsTime(mail(sim).id, 5),
  428: ({ sim }) => sim.agentWatches(mail(sim).id),
};

const recordings = readRecordings(join(import.meta.dirname, '../shapes-types-on'));

describe('shapes of a Znuny with types, services and responsibles', () => {
  it.each(recordings)('$name', async (recording) => {
    const number = recording.number - (recording.number % 2);
    const { TicketID } = recording.request.body as { readonly TicketID: string };
    const stage = new Stage({ ...INSTANCE, firstTicketId: Number(TicketID) });
    stage.clock('2026-11-26 11:28:39');
    await stage.sim.start();
    try {
      await STORY[number]?.(stage);
      const got = await stage.replay(recording, { shift: 0, queues: {} }, stage.session('otai-bot'));
      expect(differences(recording.response, got)).toEqual([]);
      expect(historyRows(got.body)).toEqual(historyRows(recording.response.body));
    } finally {
      await stage.sim.stop();
    }
  });
});
