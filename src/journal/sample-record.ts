import type { DecisionRecord } from './journal.ts';

/** A complete decision for tests: Network → IT-Infrastructure, with a note. */
export function sampleRecord(ticketId: number, id: string): DecisionRecord {
  const fields = { Queue: 'IT-Infrastructure', Priority: '4 high' };
  return {
    id,
    ticketId,
    ticketNumber: `20261124${String(ticketId).padStart(8, '0')}`,
    kind: 'triage',
    decision: {
      reason: 'rule',
      rule: 'network',
      category: 'Network',
      group: 'IT',
      probability: 0.93,
      threshold: 0.8,
      fields,
      dynamicFields: { TriageCategory: 'Network' },
      note: 'call the plant first',
      withNote: true,
      mode: 'apply',
      trace: [
        { rule: 'network', category: 'Network', matched: true, why: 'category matches', probability: 0.93 },
      ],
    },
    plan: {
      ticketId,
      fields,
      dynamicFields: { TriageCategory: 'Network' },
      before: {
        fields: { Queue: 'Unclassified', Priority: '3 normal' },
        dynamicFields: { TriageCategory: '' },
      },
      note: { subject: 'Triage', body: `Network, 93 %\n${id}` },
    },
    prediction: {
      categories: [
        { name: 'Network', group: 'IT', probability: 0.93 },
        { name: 'Billing', group: 'Finance', probability: 0.07 },
      ],
      priorities: [
        { name: '4 high', probability: 0.8 },
        { name: '3 normal', probability: 0.2 },
      ],
      unknown: false,
      unknownScore: 0.02,
      calibrated: true,
    },
    modelHash: 'model-1',
    configHash: 'config-1',
    ticketCreatedAt: 900,
  };
}
