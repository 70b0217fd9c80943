import { expect, test } from 'vitest';
import { findings } from './check-findings.ts';
import { House, USUAL } from './cli-harness.ts';
import { expectTriaged, expectUntouched, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

/** What an administrator may switch on in SysConfig, and what each new ticket and each article then looks like. */
const ON = {
  sysConfig: { ticketType: true, ticketService: true, ticketResponsible: true, needAccountedTime: true },
};

test('mail and portal tickets are triaged where types, services, responsibles and accounted time are on', async () => {
  const world = await World.open({ simulator: ON });
  const mail = world.mail();
  const born = world.mail({ type: 'Incident', service: 'Helpdesk', sla: 'Standard' });
  const portal = world.simulator.portalTicket({
    subject: 'vpn wlan',
    body: 'wlan vpn',
    queue: 'Raw',
    createdAt: Date.now() - 60_000,
  }).id;
  const { log } = await world.start();
  const ids = [mail, born, portal];
  await until('all are triaged', () => ids.every((id) => isTriaged(world, id)), { why: () => log.tail() });
  for (const id of ids) expectTriaged(world.ticket(id));
});

test('a type or a service that somebody set afterwards is a decision', async () => {
  const world = await World.open({ simulator: ON });
  const typed = world.mail();
  world.simulator.agentSetsType(typed, 'Incident');
  const served = world.mail();
  world.simulator.genericAgent(served, { service: 'Helpdesk' });
  const { log } = await world.start();
  for (const ticketId of [typed, served]) {
    const line = await log.seen('ticket triaged', { ticketId });
    expect(line).toMatchObject({ outcome: 'left', reason: 'someone decided' });
    expectUntouched(world.ticket(ticketId));
  }
});

test('check proves every name there as well', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny(ON);
  znuny.receiveMail({ subject: 'wlan', queue: 'Unclassified' });
  here.write(USUAL, znuny.url);
  const { errors, warnings, code } = await findings(here);
  expect([...errors, ...warnings]).toEqual([]);
  expect(code).toBe(0);
  expect(znuny.tickets()).toHaveLength(1);
});
