import { describe, expect, it } from 'vitest';
import { delayOf } from './delays.ts';
import { NOTE } from './test-client.ts';

describe('znuny delays', () => {
  const session = { SessionID: 'x' };
  const ids = Array.from({ length: 50 }, (_, index) => index);

  it.each([
    ['TicketSearch', session, 30],
    ['TicketSearch', {}, 43],
    ['TicketGet', { ...session, TicketID: 1 }, 28],
    ['TicketUpdate', { ...session, Ticket: { Priority: '4 high' } }, 49],
    ['TicketUpdate', { ...session, Ticket: { Queue: 'a', Priority: '4 high' } }, 113],
    ['TicketUpdate', { ...session, Ticket: { Queue: 'a', Priority: '4 high' }, Article: NOTE }, 162],
  ] as const)('%s %o takes the measured %d ms', (operation, data, ms) => {
    expect(delayOf('znuny', operation, data)).toBe(ms);
  });

  it('reads 50 tickets in one call at about 3 ms each, and their histories at 1.5 ms', () => {
    expect(delayOf('znuny', 'TicketGet', { ...session, TicketID: ids })).toBeLessThan(180);
    expect(delayOf('znuny', 'TicketHistoryGet', { ...session, TicketID: ids.join() })).toBeLessThan(110);
  });

  it('is nothing unless asked for', () => {
    expect(delayOf(undefined, 'TicketUpdate', {})).toBe(0);
    expect(delayOf({ TicketGet: 5 }, 'TicketGet', {})).toBe(5);
    expect(delayOf({ TicketGet: 5 }, 'TicketSearch', {})).toBe(0);
  });
});
