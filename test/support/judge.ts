import { expect } from 'vitest';
import type { SimulatedTicket, SimulatorCall } from '../../src/simulator/types.ts';
import type { World } from './world.ts';

const BOT = 2;
const MARKER = /triaged decision [a-z2-9]{16}$/;

export function botNotes(ticket: SimulatedTicket) {
  return ticket.articles.filter((article) => article.createBy === BOT);
}

export function botRows(ticket: SimulatedTicket, type: string) {
  return ticket.history.filter((row) => row.type === type && row.createBy === BOT);
}

/** The bot's note and nothing but one: internal, marked, and the fields beside it. */
export function expectTriaged(
  ticket: SimulatedTicket,
  queue = 'IT-Infrastructure',
  priority = '4 high',
): void {
  const notes = botNotes(ticket);
  const got = {
    id: ticket.id,
    queue: ticket.queue,
    priority: ticket.priority,
    notes: notes.length,
    moves: botRows(ticket, 'Move').length,
    internal: notes.every((note) => !note.visibleForCustomer && note.channel === 'Internal'),
    marked: notes.every((note) => MARKER.test(note.body)),
  };
  expect(got).toEqual({ id: ticket.id, queue, priority, notes: 1, moves: 1, internal: true, marked: true });
}

export function expectUntouched(ticket: SimulatedTicket): void {
  expect(ticket.history.filter((row) => row.createBy === BOT)).toEqual([]);
  expect(botNotes(ticket)).toEqual([]);
}

/** At any moment: no second note, no second move. */
export function expectNeverTwice(world: World): void {
  const twice = world.simulator
    .tickets()
    .filter((ticket) => botNotes(ticket).length > 1 || botRows(ticket, 'Move').length > 1);
  expect(twice.map(({ id }) => id)).toEqual([]);
}

/** A TicketUpdate of the bot's; the probe of the route at start has no login. */
export function isUpdate({ operation, user }: SimulatorCall): boolean {
  return operation === 'TicketUpdate' && user === 'otai-bot';
}

/** TicketUpdates that reached the simulator for this ticket. */
export function updatesOf(world: World, ticketId: number): readonly SimulatorCall[] {
  return world.simulator.calls.filter((call) => isUpdate(call) && call.ticketIds.includes(ticketId));
}

export function isTriaged(world: World, ticketId: number): boolean {
  return botNotes(world.ticket(ticketId)).length > 0;
}
