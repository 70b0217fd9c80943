/** Examples for the tests of this room. */
import type { Prediction, Ticket } from '../ticket.ts';
import type { DecideInput } from './decide.ts';
import type { RoutingOptions, RuleOptions } from './rule.ts';

export const MODEL = {
  categories: [
    { name: 'Network', group: 'IT' },
    { name: 'Hardware', group: 'IT' },
    { name: 'Billing', group: 'Finance' },
    { name: 'Complaint', group: 'Service' },
  ],
};

export function rule(name: string, options: Partial<RuleOptions> = {}): RuleOptions {
  return {
    name,
    categories: [],
    when: {},
    fields: {},
    dynamicFields: {},
    leave: false,
    continue: false,
    ...options,
  };
}

export function routing(
  rules: readonly RuleOptions[],
  options: Partial<RoutingOptions> = {},
): RoutingOptions {
  return {
    rules,
    defaultQueue: 'Unclassified',
    defaultPriority: '3 normal',
    minConfidence: 0.8,
    minPriorityConfidence: 0.7,
    maxPriority: '4 high',
    priorities: ['2 low', '3 normal', '4 high', '5 very high'],
    mode: 'apply',
    timeZone: 'Europe/Berlin',
    ...options,
  };
}

/** Probabilities of the model's categories in its order. */
export function prediction(probabilities: readonly number[], options: Partial<Prediction> = {}): Prediction {
  const categories = MODEL.categories
    .map((category, index) => ({ ...category, probability: probabilities[index] ?? 0 }))
    .toSorted((a, b) => b.probability - a.probability);
  return { categories, priorities: [], unknown: false, unknownScore: 0, calibrated: true, ...options };
}

export function input(
  judged: Prediction,
  ticket: Partial<Ticket> = {},
  options: Partial<Omit<DecideInput, 'ticket' | 'prediction'>> = {},
): DecideInput {
  return {
    ticket: { ...TICKET, ...ticket },
    text: { subject: 'Drucker', body: 'druckt nicht', language: 'de', truncated: false },
    sender: 'Erika Muster <erika@kunde.example>',
    prediction: judged,
    ...options,
  };
}

const TICKET: Ticket = {
  id: 1,
  number: '2026112410000018',
  title: '[EXTERN] Drucker',
  queue: 'Raw',
  queueId: 2,
  priority: '3 normal',
  state: 'new',
  stateType: 'new',
  lock: 'unlock',
  type: 'Unclassified',
  service: '',
  sla: '',
  owner: 'root@localhost',
  ownerId: 1,
  responsible: 'root@localhost',
  responsibleId: 1,
  createBy: 1,
  changeBy: 1,
  created: '2026-11-24 09:30:00',
  changed: '2026-11-24 09:30:00',
  createdAt: Date.UTC(2026, 10, 24, 8, 30), // a Tuesday, 09:30 in Berlin
  readAt: Date.UTC(2026, 10, 24, 8, 31),
  customerUser: 'erika@kunde.example',
  customerId: 'KD-4711',
  dynamicFields: {},
  articles: [],
  history: [],
};
