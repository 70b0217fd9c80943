import { expect, test } from 'vitest';
import type { Decision } from '../ticket.ts';
import { bookkeeping } from './bookkeeping.ts';

const DECISION: Decision = {
  reason: 'below-threshold',
  rule: null,
  category: 'Network',
  group: 'IT',
  probability: 2 / 3,
  threshold: 0.8,
  fields: {},
  dynamicFields: {},
  note: null,
  withNote: true,
  mode: 'apply',
  trace: [],
};

test('each named field gets its value', () => {
  const names = {
    category: 'TriageCategory',
    probability: 'TriageConfidence',
    status: 'TriageStatus',
    model: 'TriageModel',
  };

  expect(bookkeeping(names, DECISION, 'shipped')).toEqual({
    TriageCategory: 'Network',
    TriageConfidence: '0.667',
    TriageStatus: 'below-threshold',
    TriageModel: 'shipped',
  });
});

test('a field without a name is not written', () => {
  expect(bookkeeping({ status: 'TriageStatus' }, DECISION, 'shipped')).toEqual({
    TriageStatus: 'below-threshold',
  });
});
