import { expect } from 'vitest';
import type { ZnunyHistoryEntry } from '../src/znuny/types.ts';
import { errorCode } from './raw.ts';
import { needs, promise } from './stage.ts';

const rows = (history: readonly ZnunyHistoryEntry[], type: string) =>
  history.filter(({ HistoryType }) => HistoryType === type);

promise(
  'TicketUpdate of title, queue, priority, state and lock in one call: all are written',
  async ({ stage }) => {
    const { id, number, title } = await stage.make();
    const Ticket = {
      Title: `${title} changed`,
      Queue: stage.target.targetQueue,
      Priority: '5 very high',
      State: 'open',
      Lock: 'lock',
    };
    const written = await stage.znuny.ticketUpdate({ TicketID: id, Ticket });
    expect(written).toEqual({ ticketId: id, ticketNumber: number, articleIds: [] });
    expect(await stage.get(id)).toMatchObject(Ticket);
  },
);

promise('TicketUpdate by ids: the same', async ({ stage }) => {
  const pattern = await stage.make({
    Ticket: { Queue: stage.target.targetQueue, Priority: '1 very low', State: 'open', Lock: 'lock' },
  });
  const { QueueID, PriorityID, StateID, LockID } = await stage.get(pattern.id);
  const { id } = await stage.make();
  const Ticket = { QueueID, PriorityID, StateID, LockID };
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket });
  expect(await stage.get(id)).toMatchObject(Ticket);
});

promise('TicketUpdate by ticket number, as well as by id', async ({ stage }) => {
  const { id, number } = await stage.make();
  const written = await stage.znuny.ticketUpdate({ TicketNumber: number, Ticket: { Priority: '4 high' } });
  expect(written.ticketId).toBe(id);
  expect((await stage.get(id)).Priority).toBe('4 high');
});

promise('TicketUpdate of owner, by login and by id', async ({ stage, skip }) => {
  const { login } = needs({ stage, skip }, 'agent');
  const { id } = await stage.make();
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Owner: login } });
  const owned = await stage.get(id);
  expect(owned.Owner).toBe(login);
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { OwnerID: 1 } });
  expect((await stage.get(id)).OwnerID).toBe(1);
});

promise('TicketUpdate of responsible, by login and by id', async ({ stage, skip }) => {
  needs({ stage, skip }, 'responsible');
  const { login } = needs({ stage, skip }, 'agent');
  const { id } = await stage.make();
  const before = await stage.get(id);
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Responsible: login } });
  expect((await stage.get(id)).Responsible).toBe(login);
  const { ResponsibleID } = before;
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { ResponsibleID } });
  expect((await stage.get(id)).ResponsibleID).toBe(ResponsibleID);
});

promise('TicketUpdate of type', async ({ stage, skip }) => {
  const Type = needs({ stage, skip }, 'type');
  const { id } = await stage.make();
  const before = await stage.get(id);
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Type } });
  const after = await stage.get(id);
  expect(after.Type).toBe(Type);
  expect(after.Type).not.toBe(before.Type);
  // The other one says what it was born with.
  expect(rows(await stage.history(id), 'TypeUpdate').at(-1)?.Name).toContain(`%%${before.Type}%%`);
});

promise('TicketUpdate of service and SLA', async ({ stage, skip }) => {
  const Service = needs({ stage, skip }, 'service');
  const SLA = needs({ stage, skip }, 'sla');
  const { id } = await stage.make();
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Service, SLA } });
  expect(await stage.get(id)).toMatchObject({ Service, SLA });
  const history = await stage.history(id);
  expect(rows(history, 'ServiceUpdate').length).toBeGreaterThan(0);
  expect(rows(history, 'SLAUpdate').length).toBeGreaterThan(0);
});

promise('TicketUpdate of the customer', async ({ stage }) => {
  const { id } = await stage.make();
  await stage.znuny.ticketUpdate({
    TicketID: id,
    Ticket: { CustomerUser: 'somebody@example.com', CustomerID: 'elsewhere' },
  });
  expect(await stage.get(id)).toMatchObject({
    CustomerUserID: 'somebody@example.com',
    CustomerID: 'elsewhere',
  });
});

promise(
  'TicketUpdate to a pending state, with PendingTime as minutes and as a wall time',
  async ({ stage }) => {
    const { id } = await stage.make();
    await stage.znuny.ticketUpdate({
      TicketID: id,
      Ticket: { State: 'pending reminder', PendingTime: { Diff: 1_440 } },
    });
    const pending = await stage.get(id);
    expect(pending.StateType).toBe('pending reminder');
    expect(Math.abs(pending.UntilTime - 86_400)).toBeLessThan(120);
    const Year = new Date().getFullYear() + 2;
    await stage.znuny.ticketUpdate({
      TicketID: id,
      Ticket: {
        State: 'pending reminder',
        PendingTime: { Year, Month: 7, Day: 1, Hour: 12, Minute: 34 },
      },
    });
    const later = new Date((await stage.get(id)).RealTillTimeNotUsed * 1_000);
    expect([later.getUTCFullYear(), later.getUTCMinutes()]).toEqual([Year, 34]);
  },
);

promise(
  'TicketUpdate to a pending state without PendingTime: unclear, and the queue has moved all the same',
  async ({ stage }) => {
    const { id } = await stage.make();
    const error = await stage.znuny
      .ticketUpdate({
        TicketID: id,
        Ticket: { Queue: stage.target.targetQueue, State: 'pending reminder' },
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'ambiguous' });
    expect(await stage.get(id)).toMatchObject({ Queue: stage.target.targetQueue, State: 'new' });
  },
);

promise('TicketUpdate that closes a ticket unlocks it', async ({ stage }) => {
  const { id } = await stage.make({ Ticket: { Lock: 'lock' } });
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { State: 'closed successful' } });
  expect(await stage.get(id)).toMatchObject({ StateType: 'closed', Lock: 'unlock' });
});

promise('TicketUpdate with the values that stand there already writes nothing', async ({ stage }) => {
  const { id, title } = await stage.make();
  const [before, history] = [await stage.get(id), await stage.history(id)];
  const { Queue, Priority, State, Lock } = before;
  await stage.znuny.ticketUpdate({ TicketID: id, Ticket: { Title: title, Queue, Priority, State, Lock } });
  const after = await stage.get(id);
  expect(await stage.history(id)).toEqual(history);
  expect({ ...after, Age: 0, UnlockTimeout: 0 }).toEqual({ ...before, Age: 0, UnlockTimeout: 0 });
});

promise(
  'TicketUpdate with neither fields nor article: nothing is done, and that is no error',
  async ({ stage }) => {
    const { id } = await stage.make();
    const history = await stage.history(id);
    expect((await stage.znuny.ticketUpdate({ TicketID: id, Ticket: {} })).ticketId).toBe(id);
    expect(errorCode(await stage.raw('TicketUpdate', { TicketID: id, Ticket: {} }))).toBe(
      'TicketUpdate.InvalidParameter',
    );
    expect(await stage.history(id)).toEqual(history);
  },
);
