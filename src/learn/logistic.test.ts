import { expect, test } from 'vitest';
import { argmax } from './figures.ts';
import { linearScores, logisticObjective, trainLogistic } from './logistic.ts';
import { dequantizeHead, quantizeHead } from './quantize.ts';
import { randomNumbers } from './random.ts';
import { fromDense, fromMaps } from './sparse.ts';

test('separable classes are told apart, and the same data gives the same head', () => {
  const random = randomNumbers(1);
  const labels = Array.from({ length: 90 }, (_, i) => i % 3);
  const rows = fromDense(
    labels.map((label) => Float32Array.from([0, 1, 2], (c) => (c === label ? 2 : 0) + random())),
  );

  const head = trainLogistic(rows, labels, { classes: 3, l2: 1e-3 });
  const again = trainLogistic(rows, labels, { classes: 3, l2: 1e-3 });

  expect(linearScores(rows, head).map(argmax)).toEqual(labels);
  expect(again).toEqual(head);
});

test('the gradient is the slope of the loss, measured numerically', () => {
  const random = randomNumbers(2);
  const maps = Array.from(
    { length: 12 },
    () => new Map([0, 1, 2, 3].filter(() => random() > 0.4).map((c) => [c, random()])),
  );
  const labels = maps.map((_, i) => i % 3);
  const objective = logisticObjective(fromMaps(maps, 4), labels, { classes: 3, l2: 0.1, smoothing: 0.1 });
  const x = Float64Array.from({ length: 15 }, () => random() - 0.5);
  const gradient = new Float64Array(15);
  objective(x, gradient);

  const unused = new Float64Array(15);
  for (let i = 0; i < x.length; i++) {
    const step = 1e-5;
    const up = objective(x.with(i, (x[i] ?? 0) + step), unused);
    const down = objective(x.with(i, (x[i] ?? 0) - step), unused);
    expect(gradient[i]).toBeCloseTo((up - down) / (2 * step), 6);
  }
});

test('columns that no row uses get no weight', () => {
  const rows = fromMaps([new Map([[5, 1]]), new Map([[7, 1]])], 100);

  const head = trainLogistic(rows, [0, 1], { classes: 2, l2: 1e-2 });

  const used = new Set(
    [...head.weights.keys()].filter((i) => head.weights[i] !== 0).map((i) => Math.floor(i / 2)),
  );
  expect([...used]).toEqual([5, 7]);
});

test('rounding to int8 moves no weight by more than half a step', () => {
  const random = randomNumbers(3);
  const weights = Float32Array.from({ length: 40 }, () => (random() - 0.5) * 6);
  const head = { classes: 4, weights, bias: new Float32Array(4) };

  const stored = quantizeHead(head);
  const back = dequantizeHead(stored);

  for (const [i, w] of weights.entries()) {
    expect(Math.abs((back.weights[i] ?? 0) - w)).toBeLessThanOrEqual((stored.scales[i % 4] ?? 0) * 0.501);
  }
});
