import { FIXTURE_FIELDS, FIXTURE_PASSWORD, FIXTURE_QUEUES } from '../src/simulator/fixture.ts';
import { Simulator } from '../src/simulator/simulator.ts';
import type { Target } from './target.ts';

const WEBHOOK = { header: 'x-triage-token', secret: 'webhook-secret-of-the-suite' };

export type Simulated = {
  readonly target: Target;
  readonly phoneTicket: (subject: string) => number;
  readonly stop: () => Promise<void>;
};

/** A Znuny in a box that offers all that the suite can ask for. */
export async function simulatedTarget(): Promise<Simulated> {
  const simulator = new Simulator({
    queues: [
      ...FIXTURE_QUEUES,
      { id: 21, name: 'Acceptance Source' },
      { id: 22, name: 'Acceptance Target' },
      { id: 23, name: 'Acceptance Target::Below' },
      { id: 24, name: 'Acceptance ReadOnly' },
      { id: 25, name: 'Acceptance MoveInto' },
      { id: 26, name: 'Acceptance Secret' },
    ],
    users: [
      { id: 1, login: 'root@localhost', firstName: 'Admin', lastName: 'Znuny', admin: true },
      {
        id: 2,
        login: 'otai-bot',
        firstName: 'Otai',
        lastName: 'Bot',
        rights: {
          'Acceptance ReadOnly': ['ro'],
          'Acceptance MoveInto': ['move_into'],
          'Acceptance Secret': [],
        },
      },
      { id: 3, login: 'anna', firstName: 'Anna', lastName: 'Agent' },
    ],
    fields: [
      ...FIXTURE_FIELDS,
      { name: 'AcceptanceText', type: 'text' },
      { name: 'AcceptanceDropdown', type: 'dropdown', values: ['a', 'b', 'c'] },
      { name: 'AcceptanceMulti', type: 'multiselect', values: ['a', 'b', 'c'] },
      { name: 'AcceptanceDate', type: 'datetime' },
      { name: 'AcceptanceCheck', type: 'checkbox' },
      { name: 'AcceptanceArticleText', type: 'text', object: 'Article' },
    ],
    // As hard as an administrator can make it.
    sysConfig: { ticketType: true, ticketService: true, ticketResponsible: true },
    sessionCheckRemoteIp: true,
    webServices: [
      { name: 'Sample', routes: 'sample' },
      { name: 'GetOnly', routes: 'operations', getOnly: true },
      { name: 'Small', routes: 'operations', maxLength: 2_000 },
      { name: 'KeepAlive', routes: 'operations', keepAlive: true },
      { name: 'Invalid', valid: false },
      { name: 'Delete', routes: 'operations', addOn: ['TicketDelete'] },
    ],
    routes: 'operations',
    // A kill finds writes under way.
    delays: { TicketUpdate: 40 },
  });
  await simulator.start();
  const port = await freePort();
  simulator.setWebhook({
    url: `http://127.0.0.1:${port}/webhook`,
    headers: { [WEBHOOK.header]: WEBHOOK.secret },
  });
  return {
    target: {
      url: simulator.url,
      webService: 'TicketTriage',
      bot: { login: 'otai-bot', password: FIXTURE_PASSWORD },
      agent: { login: 'anna', password: FIXTURE_PASSWORD },
      sourceQueue: 'Acceptance Source',
      targetQueue: 'Acceptance Target',
      customerUser: 'erika.muster',
      subQueue: 'Acceptance Target::Below',
      readOnlyQueue: 'Acceptance ReadOnly',
      moveIntoQueue: 'Acceptance MoveInto',
      forbiddenQueue: 'Acceptance Secret',
      type: 'Incident',
      service: 'Helpdesk',
      sla: 'Standard',
      responsible: true,
      textField: 'AcceptanceText',
      dropdownField: { name: 'AcceptanceDropdown', keys: ['a', 'b'] },
      multiselectField: { name: 'AcceptanceMulti', keys: ['a', 'b'] },
      dateField: 'AcceptanceDate',
      checkboxField: 'AcceptanceCheck',
      articleField: 'AcceptanceArticleText',
      sampleService: 'Sample',
      getOnlyService: 'GetOnly',
      smallService: { name: 'Small', maxLength: 2_000 },
      keepAliveService: 'KeepAlive',
      invalidService: 'Invalid',
      deleteService: 'Delete',
      guideQueues: true,
      webhook: { port, ...WEBHOOK },
    },
    phoneTicket: (subject) =>
      simulator.phoneTicket({ subject, body: 'Entered by hand.', queue: 'Acceptance Source', state: 'new' })
        .id,
    stop: () => simulator.stop(),
  };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
