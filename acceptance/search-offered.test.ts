import { expect } from 'vitest';
import type { TicketSearchQuery } from '../src/znuny/types.ts';
import { type Making, needs, promise, type Stage } from './stage.ts';

/** One ticket with something special and one without, apart from all others by the word in their titles. */
async function pair(stage: Stage, word: string, special: Making['Ticket'], plain: Making['Ticket'] = {}) {
  const make = async (Ticket: Making['Ticket']) =>
    stage.get((await stage.make({ Ticket: { ...Ticket, Title: word } })).id);
  const [one, other] = [await make(special), await make(plain)];
  const find = async (query: TicketSearchQuery) =>
    (await stage.znuny.ticketSearch({ Title: `${stage.mark} ${word}`, ...query })).toSorted((a, b) => a - b);
  return { one, other, find, both: [one.TicketID, other.TicketID].toSorted((a, b) => a - b) };
}

promise('TicketSearch by Types, TypeIDs, CreatedTypes and CreatedTypeIDs', async ({ stage, skip }) => {
  const Type = needs({ stage, skip }, 'type');
  const { one, other, find, both } = await pair(stage, 'typed', { Type });
  await stage.znuny.ticketUpdate({ TicketID: other.TicketID, Ticket: { Type } });
  await stage.znuny.ticketUpdate({ TicketID: one.TicketID, Ticket: { TypeID: other.TypeID } });
  expect(await find({ Types: Type })).toEqual([other.TicketID]);
  expect(await find({ Types: [Type, other.Type] })).toEqual(both);
  expect(await find({ TypeIDs: [other.TypeID] })).toEqual([one.TicketID]);
  expect(await find({ CreatedTypes: Type })).toEqual([one.TicketID]);
  expect(await find({ CreatedTypeIDs: other.TypeID })).toEqual([other.TicketID]);
});

promise('TicketSearch by Services and ServiceIDs', async ({ stage, skip }) => {
  const Service = needs({ stage, skip }, 'service');
  const { one, find } = await pair(stage, 'served', { Service });
  expect(await find({ Services: Service })).toEqual([one.TicketID]);
  expect(await find({ ServiceIDs: [one.ServiceID] })).toEqual([one.TicketID]);
  expect(await find({ Services: 'No such service' })).toEqual([]);
});

promise('TicketSearch by SLAs and SLAIDs', async ({ stage, skip }) => {
  const Service = needs({ stage, skip }, 'service');
  const SLA = needs({ stage, skip }, 'sla');
  const { one, find } = await pair(stage, 'agreed', { Service, SLA }, { Service });
  expect(await find({ SLAs: [SLA] })).toEqual([one.TicketID]);
  expect(await find({ SLAIDs: one.SLAID })).toEqual([one.TicketID]);
  expect(await find({ SLAs: 'No such SLA' })).toEqual([]);
});

promise('TicketSearch by ResponsibleIDs', async ({ stage, skip }) => {
  needs({ stage, skip }, 'responsible');
  const { login } = needs({ stage, skip }, 'agent');
  const { one, other, find, both } = await pair(stage, 'responsible', { Responsible: login });
  expect(await find({ ResponsibleIDs: one.ResponsibleID })).toEqual([one.TicketID]);
  expect(await find({ ResponsibleIDs: [one.ResponsibleID, other.ResponsibleID] })).toEqual(both);
});

promise('TicketSearch by Queues: a sub-queue is found by its full name only', async ({ stage, skip }) => {
  const below = needs({ stage, skip }, 'subQueue');
  const { targetQueue } = stage.target;
  const { one, other, find, both } = await pair(stage, 'nested', { Queue: below }, { Queue: targetQueue });
  expect(await find({ Queues: below })).toEqual([one.TicketID]);
  expect(await find({ Queues: targetQueue })).toEqual([other.TicketID]);
  expect(await find({ Queues: targetQueue, UseSubQueues: 0 })).toEqual([other.TicketID]);
  expect(await find({ Queues: [targetQueue, below] })).toEqual(both);
  expect(await find({ Queues: below.slice(below.lastIndexOf(':') + 1) })).toEqual([]);
});

promise('TicketSearch with UseSubQueues: the queues below are searched too', async ({ stage, skip }) => {
  const below = needs({ stage, skip }, 'subQueue');
  const { targetQueue } = stage.target;
  const { one, other, find, both } = await pair(stage, 'under', { Queue: below }, { Queue: targetQueue });
  expect(await find({ Queues: targetQueue, UseSubQueues: 1 })).toEqual(both);
  expect(await find({ QueueIDs: other.QueueID, UseSubQueues: true })).toEqual(both);
  expect(await find({ Queues: below, UseSubQueues: 1 })).toEqual([one.TicketID]);
});

promise('TicketSearch leaves out what the agent may not read, without an error', async ({ stage, skip }) => {
  const Queue = needs({ stage, skip }, 'forbiddenQueue');
  const agent = stage.agentClient(needs({ stage, skip }, 'agent'));
  const Title = `${stage.mark} secret`;
  const { id } = await stage.make({ Ticket: { Queue, Title: 'secret' } }, agent);
  expect(await agent.ticketSearch({ Title })).toEqual([id]);
  expect(await stage.znuny.ticketSearch({ Title })).toEqual([]);
  expect(await stage.znuny.ticketSearch({ TicketID: id })).toEqual([]);
  expect(await stage.znuny.ticketSearch({ Title, Queues: Queue })).toEqual([]);
});

promise('TicketSearch finds what the agent may read, though not write', async ({ stage, skip }) => {
  const Queue = needs({ stage, skip }, 'readOnlyQueue');
  const agent = stage.agentClient(needs({ stage, skip }, 'agent'));
  const { id } = await stage.make({ Ticket: { Queue, Title: 'readable' } }, agent);
  expect(await stage.znuny.ticketSearch({ Title: `${stage.mark} readable`, Queues: Queue })).toEqual([id]);
});
