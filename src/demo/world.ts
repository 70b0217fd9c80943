import { FIXTURE_PASSWORD, FIXTURE_QUEUES } from '../simulator/fixture.ts';
import { Simulator } from '../simulator/simulator.ts';
import type { SimulatedTicket } from '../simulator/types.ts';
import type { Sample } from './sample.ts';

/** Queues of the demo's helpdesk besides those of the simulator's fixture. */
const DEMO_QUEUES = ['IT-Service', 'Customer-Service'];
export const SOURCE_QUEUE = 'Unclassified';
export const BOT = { login: 'otai-bot', password: FIXTURE_PASSWORD };

/** A Znuny in a box with a helpdesk's queues; tickets come in by the ways of real ones. */
export class DemoWorld {
  readonly simulator: Simulator;

  /** `queues`: names that tickets expect and the fixture does not have. */
  constructor(queues: readonly string[], options: { readonly delays?: 'znuny' } = {}) {
    const names = FIXTURE_QUEUES.map((queue) => queue.name);
    const more = [...new Set([...DEMO_QUEUES, ...queues])].filter((name) => !names.includes(name));
    this.simulator = new Simulator({
      queues: [...FIXTURE_QUEUES, ...more.map((name) => ({ name }))],
      ...options,
    });
  }

  /** `createdAt` is epoch ms; what agents and jobs do to it afterwards follows within a second. */
  put(sample: Sample, createdAt: number): SimulatedTicket {
    const ticket = this.#comesIn(sample, createdAt);
    if (sample.poison) {
      this.simulator.faults.add({
        kind: 'status',
        status: 500,
        operation: 'TicketUpdate',
        ticketId: ticket.id,
        times: Number.POSITIVE_INFINITY,
      });
    }
    return ticket;
  }

  #comesIn(sample: Sample, createdAt: number): SimulatedTicket {
    const { simulator } = this;
    const { subject, body, from } = sample;
    const common = { subject, body, queue: SOURCE_QUEUE, createdAt };
    const mail = { ...common, from };
    const later = { at: createdAt + 1_000 };
    switch (sample.way) {
      case 'mail':
        return simulator.receiveMail(mail);
      case 'html-mail':
        return simulator.receiveMail({ subject, html: body, from, queue: SOURCE_QUEUE, createdAt });
      case 'panel':
        return simulator.customerPanelTicket(common);
      case 'portal':
        return simulator.portalTicket({ ...common, from });
      case 'agent-phone':
        return simulator.phoneTicket({ ...common, state: 'new' });
      case 'out-of-office':
        return simulator.receiveOutOfOffice(mail);
      case 'bounce':
        return simulator.receiveBounce(mail);
      case 'process':
        // Started through the interface it stays new; a process that an agent starts is pending and never found.
        return simulator.portalTicket({
          ...common,
          from,
          fields: { ProcessManagementProcessID: 'Process-1' },
        });
      case 'agent-moved': {
        // From one source queue to another: elsewhere it would not even be read.
        const { id } = simulator.receiveMail({ ...mail, queue: 'Raw' });
        return simulator.agentMoves(id, SOURCE_QUEUE, later);
      }
      case 'agent-locked':
        return simulator.agentLocks(simulator.receiveMail(mail).id, later);
      case 'agent-note':
        return simulator.agentNotes(simulator.receiveMail(mail).id, later);
      case 'generic-agent':
        return simulator.genericAgent(simulator.receiveMail(mail).id, { ...later, priority: '4 high' });
    }
  }
}
