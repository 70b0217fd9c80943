import { expect, test } from 'vitest';
import type { Prediction } from '../ticket.ts';
import { toAnswer } from './answer.ts';

const prediction: Prediction = {
  categories: [
    { name: 'vpn', group: 'it', probability: 0.9 },
    { name: 'invoice', group: 'finance', probability: 0.1 },
  ],
  priorities: [{ name: '4 high', probability: 0.6 }],
  unknown: true,
  unknownScore: 0.7,
  calibrated: true,
};

test('a line has the most probable category even when unknown, and all categories in order', () => {
  expect(JSON.stringify(toAnswer('a-1', 'de', prediction))).toBe(
    '{"id":"a-1","category":"vpn","group":"it","probability":0.9,' +
      '"categories":[{"name":"vpn","probability":0.9},{"name":"invoice","probability":0.1}],' +
      '"priority":"4 high","priorityProbability":0.6,"language":"de","unknown":true,"unknownScore":0.7}',
  );
});

test('without an id and without a priority head the line says so', () => {
  const answer = toAnswer(undefined, null, { ...prediction, priorities: [] });

  expect('id' in answer).toBe(false);
  expect(answer).toMatchObject({ priority: null, priorityProbability: null, language: null });
});
