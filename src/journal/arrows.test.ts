import { expect, test } from 'vitest';
import type { TicketState } from '../ticket.ts';
import { type ArrowDrawer, assertLegalMove, isLegalArrow, origins, TICKET_STATES } from './arrows.ts';

/** Written by hand from design.md, not derived from the table under test. */
const LEGAL: readonly (readonly [TicketState, TicketState, ArrowDrawer])[] = [
  ['seen', 'claimed', 'claim'],
  ['deferred', 'claimed', 'claim'],
  ['claimed', 'seen', 'recover'],
  ['decided', 'seen', 'recover'],
  ['claimed', 'decided', 'move'],
  ['claimed', 'left', 'move'],
  ['claimed', 'deferred', 'move'],
  ['claimed', 'quarantined', 'move'],
  ['decided', 'applying', 'move'],
  ['decided', 'observed', 'move'],
  ['decided', 'left', 'move'],
  ['decided', 'deferred', 'move'],
  ['decided', 'quarantined', 'move'],
  ['applying', 'applying', 'move'],
  ['applying', 'applied', 'move'],
  ['applying', 'suggested', 'move'],
  ['applying', 'left', 'move'],
  ['applying', 'deferred', 'move'],
  ['applying', 'quarantined', 'move'],
  ['seen', 'held', 'move'],
  ['deferred', 'held', 'move'],
  ['quarantined', 'held', 'move'],
  ['held', 'seen', 'move'],
  ['quarantined', 'seen', 'move'],
  ['deferred', 'seen', 'move'],
  ['left', 'seen', 'move'],
  ['observed', 'seen', 'move'],
];
const DRAWERS: readonly ArrowDrawer[] = ['claim', 'recover', 'move'];

test('exactly the arrows of the design are legal', () => {
  const found: string[] = [];
  for (const from of TICKET_STATES) {
    for (const to of TICKET_STATES) {
      for (const drawer of DRAWERS)
        if (isLegalArrow(from, to, drawer)) found.push(`${from} → ${to} by ${drawer}`);
    }
  }

  expect(found.sort()).toEqual(LEGAL.map(([from, to, drawer]) => `${from} → ${to} by ${drawer}`).sort());
});

test('a write that was announced is neither claimed nor recovered', () => {
  expect(origins('claimed', 'claim')).toEqual(['seen', 'deferred']);
  expect(origins('seen', 'recover')).toEqual(['claimed', 'decided']);
});

test('an illegal move is a defect and says which', () => {
  expect(() => assertLegalMove(7, 'applied', 'applying')).toThrow(
    'ticket 7 cannot go from applied to applying',
  );
  expect(() => assertLegalMove(7, 'decided', 'applying')).not.toThrow();
});
