import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelInput } from './classifier.ts';
import type { ModelFolder } from './model-folder.ts';
import { describeModel, type ModelMapping } from './model-info.ts';
import { modelText } from './model-text.ts';
import { type RawOutput, toPrediction } from './prediction.ts';

const folder: ModelFolder = {
  directory: '/models/test',
  name: 'test',
  dtype: 'q8',
  hash: 'abc',
  labels: ['vpn', 'wlan', 'invoice'],
  maxTokens: 256,
  tokenLimit: 512,
  manifest: {
    version: 1,
    name: 'test',
    input: { template: '{subject}\n{body}', maxTokens: 256 },
    categories: [
      { name: 'vpn', group: 'it', description: 'Tunnels.' },
      { name: 'wlan', group: 'it', description: 'Radio.' },
      { name: 'invoice', group: 'finance', description: 'Bills.' },
    ],
    priorities: ['2 low', '3 normal', '4 high'],
    outputs: { priority: 'priority_logits', unknownScore: 'unknown_score' },
    thresholds: { category: 0.69, priority: 0.8, unknown: 0.6 },
    languages: ['de', 'en'],
    files: {},
    training: { data: 'd', date: '2026-01-01', evidence: 'e' },
  },
};
const plain: ModelFolder = { ...folder, manifest: null };
const input: ModelInput = { subject: 'VPN', body: 'geht nicht', language: 'de' };
const raw: RawOutput = {
  logits: [Math.log(5), Math.log(3), Math.log(2)],
  priorityLogits: [0, 0, 1],
  unknownScore: 0.2,
  embedding: null,
};
const mapping = describeModel(folder, null, {});
const plainMapping = describeModel(plain, null, {});
const rawPlain: RawOutput = { ...raw, priorityLogits: null, unknownScore: null };

test('categories are sorted probabilities with the groups of the manifest', () => {
  const prediction = toPrediction(raw, mapping, input);

  expect(prediction.categories.map(({ name, group }) => [name, group])).toEqual([
    ['vpn', 'it'],
    ['wlan', 'it'],
    ['invoice', 'finance'],
  ]);
  expect(prediction.categories[0]?.probability).toBeCloseTo(0.5);
  expect(prediction.priorities[0]?.name).toBe('4 high');
  expect(prediction).toMatchObject({ unknown: false, unknownScore: 0.2, calibrated: true });
});

const described: ModelFolder = {
  ...folder,
  manifest: folder.manifest && {
    ...folder.manifest,
    outputs: { ...folder.manifest.outputs, embedding: 'embedding' },
    similarity: { added: 10, own: -5, bias: 0 },
  },
};
const anchors = {
  own: [
    [1, 0],
    [1, 0],
    [1, 0],
  ],
  added: [[0, 1]],
};

test('a category that only a sentence describes takes its share where a text is near the sentence', () => {
  const added = describeModel(described, null, {
    descriptions: { Facility: 'Doors, lamps and heating of a building.' },
    groups: { Facility: 'house' },
  });
  const near = toPrediction({ ...raw, embedding: [0, 1] }, added, input, anchors);
  const far = toPrediction({ ...raw, embedding: [1, 0] }, added, input, anchors);

  expect(near.categories[0]).toMatchObject({ name: 'Facility', group: 'house' });
  expect(far.categories.at(-1)?.name).toBe('Facility');
  for (const { categories } of [near, far]) {
    expect(categories).toHaveLength(4);
    expect(categories.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
  }
});

test('an embedding that is missing or no number is no answer, never a guess', () => {
  const added = describeModel(described, null, { descriptions: { Facility: 'Doors and lamps.' } });

  expect(() => toPrediction(raw, added, input, anchors)).toThrow(/embedding/);
  expect(() => toPrediction({ ...raw, embedding: [Number.NaN, 1] }, added, input, anchors)).toThrow(
    /embedding/,
  );
});

test('a model without an embedding is asked for no new category', () => {
  expect(() => describeModel(folder, null, { descriptions: { Facility: 'Doors.' } })).toThrow(
    /model.descriptions names "Facility"/,
  );
});

test('labels with one name are one category with the sum of their probabilities', () => {
  const merged = describeModel(folder, null, {
    labels: { vpn: 'Network', wlan: 'Network', invoice: 'Billing' },
    groups: { Billing: 'Accounting' },
    descriptions: { Network: 'All that connects.' },
  });

  const prediction = toPrediction(raw, merged, input);

  expect(merged.info.categories).toEqual([
    { name: 'Network', group: 'it', description: 'All that connects.' },
    { name: 'Billing', group: 'Accounting', description: 'Bills.' },
  ]);
  expect(prediction.categories[0]).toMatchObject({ name: 'Network', group: 'it' });
  expect(prediction.categories[0]?.probability).toBeCloseTo(0.8);
});

test('priorities are renamed by a list in order, or by a map that may merge', () => {
  const listed = describeModel(folder, null, { priorities: ['niedrig', 'normal', 'hoch'] });
  const mapped = describeModel(folder, null, { priorities: { '2 low': '3 normal' } });

  expect(listed.info.priorities).toEqual(['niedrig', 'normal', 'hoch']);
  expect(mapped.info.priorities).toEqual(['3 normal', '4 high']);
  expect(
    toPrediction(raw, mapped, input).priorities.find(({ name }) => name === '3 normal')?.probability,
  ).toBeCloseTo(2 / (2 + Math.E));
});

test('a second model gives the priorities, with its labels and its threshold', () => {
  const second: ModelFolder = { ...plain, labels: ['low', 'high'], hash: 'def' };

  const { info, priorityOf } = describeModel(folder, second, {
    priorities: { low: '2 low', high: '4 high' },
  });

  expect(info.priorities).toEqual(['2 low', '4 high']);
  expect(info.priorityThreshold).toBeNull();
  expect(priorityOf).toEqual([0, 1]);
  expect(info.hash).not.toBe(mapping.info.hash);
});

test('a configuration that names what the model does not have is refused with what it has', () => {
  const refused = (options: Parameters<typeof describeModel>[2]): unknown => {
    try {
      return describeModel(folder, null, options);
    } catch (error) {
      return error;
    }
  };

  expect(refused({ labels: { dsl: 'Network' } })).toMatchObject({
    code: 'E_MODEL',
    hint: 'The model has: vpn, wlan, invoice.',
  });
  expect(refused({ groups: { dsl: 'it' } })).toMatchObject({ where: 'model.groups' });
  expect(refused({ priorities: ['low', 'high'] })).toMatchObject({ where: 'model.priorities' });
});

test('a plain model is uncalibrated, its groups are its labels, its unknown score is its doubt', () => {
  const prediction = toPrediction(rawPlain, plainMapping, { ...input, language: 'fr' });

  expect(plainMapping.info).toMatchObject({ calibrated: false, threshold: null, priorities: [] });
  expect(prediction.categories[2]).toMatchObject({ name: 'invoice', group: 'invoice' });
  expect(prediction).toMatchObject({ unknown: false, calibrated: false, priorities: [] });
  expect(prediction.unknownScore).toBeCloseTo(0.5);
});

test('a score at the threshold, a foreign language and fewer than three letters are unknown', () => {
  const predict = (unknownScore: number, text: ModelInput): unknown =>
    toPrediction({ ...raw, unknownScore }, mapping, text);

  expect(predict(0.6, input)).toMatchObject({ unknown: true, unknownScore: 0.6 });
  expect(predict(0.59, input)).toMatchObject({ unknown: false });
  expect(predict(0, { ...input, language: 'fr' })).toMatchObject({ unknown: true, unknownScore: 1 });
  expect(predict(0, { ...input, language: null })).toMatchObject({ unknown: false });
  for (const subject of ['', 'ab', '12345 --- !!', '🙂🙂🙂🙂']) {
    expect(predict(0, { subject, body: ' 42 ', language: null })).toMatchObject({
      unknown: true,
      unknownScore: 1,
    });
  }
  expect(predict(0, { subject: 'a', body: 'b ü', language: null })).toMatchObject({ unknown: false });
});

test('numbers that are not finite, too few or too many are an error, never a confident guess', () => {
  const broken: RawOutput[] = [
    { ...raw, logits: [Number.NaN, 1, 1] },
    { ...raw, logits: [Number.POSITIVE_INFINITY, 1, 1] },
    { ...raw, logits: [1, 2] },
    { ...raw, logits: [1, 2, 3, 4] },
    { ...raw, logits: [] },
    { ...raw, priorityLogits: null },
    { ...raw, priorityLogits: [1, Number.NaN, 1] },
    { ...raw, unknownScore: Number.NaN },
  ];

  for (const answer of broken) expect(() => toPrediction(answer, mapping, input)).toThrow(/nonsense/);
});

test('whatever the logits, the probabilities are sorted and sum to one', () => {
  const logit = fc.float({
    noNaN: true,
    noDefaultInfinity: true,
    min: Math.fround(-1e30),
    max: Math.fround(1e30),
  });
  const merged: ModelMapping = describeModel(plain, null, { labels: { wlan: 'vpn' } });

  fc.assert(
    fc.property(fc.array(logit, { minLength: 3, maxLength: 3 }), (logits) => {
      const { categories } = toPrediction({ ...rawPlain, logits }, merged, input);
      const values = categories.map(({ probability }) => probability);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
      expect(values).toEqual(values.toSorted((left, right) => right - left));
    }),
  );
});

test('the text of the model fills the template once and is bounded', () => {
  const tricky: ModelInput = { subject: '{body} $& {subject}', body: 'text', language: null };
  const huge: ModelInput = { subject: 's', body: '😀'.repeat(500_000), language: null };

  expect(modelText('query: {subject}\n{body}', tricky, 256)).toBe('query: {body} $& {subject}\ntext');
  expect(modelText('{subject}\n{body}', huge, 64)).toHaveLength(768);
  expect(modelText('{subject}{body}', huge, 64).isWellFormed()).toBe(true);
});
