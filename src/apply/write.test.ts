import { expect, test } from 'vitest';
import { ConfigError, PermanentError, TransientError } from '../errors.ts';
import type { Plan } from '../ticket.ts';
import { toTicketUpdate, write } from './write.ts';

const PLAN: Plan = {
  ticketId: 7,
  fields: { Queue: 'IT-Infrastructure', Priority: '4 high' },
  dynamicFields: { TriageCategory: 'Network' },
  before: { fields: { Queue: 'Raw', Priority: '3 normal' }, dynamicFields: { TriageCategory: '' } },
  note: { subject: 'Triage', body: 'moved' },
};

test('fields, note and dynamic fields travel in one update', () => {
  expect(toTicketUpdate(PLAN)).toEqual({
    TicketID: 7,
    Ticket: { Queue: 'IT-Infrastructure', Priority: '4 high' },
    Article: {
      Subject: 'Triage',
      Body: 'moved',
      ContentType: 'text/plain; charset=utf8',
      CommunicationChannel: 'Internal',
      SenderType: 'agent',
      IsVisibleForCustomer: 0,
      NoAgentNotify: 1,
      TimeUnit: 0,
    },
    DynamicField: [{ Name: 'TriageCategory', Value: 'Network' }],
  });
});

test('what the plan does not want is not in the update, the values before least of all', () => {
  expect(toTicketUpdate({ ...PLAN, fields: {}, dynamicFields: {}, note: null })).toEqual({ TicketID: 7 });
});

test.each([
  new ConfigError('E_ZNUNY_NAME', 'unknown queue'),
  new PermanentError('E_ZNUNY_REQUEST', 'refused'),
  new TransientError('E_ZNUNY_UNREACHABLE', 'no connection'),
])('$name proves that nothing was written', async (error) => {
  expect(await write({ ticketUpdate: () => Promise.reject(error) }, PLAN)).toEqual({
    kind: 'refused',
    error,
  });
});
