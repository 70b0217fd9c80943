import { expect, test } from 'vitest';
import {
  addScores,
  auroc,
  calibrationError,
  chooseThreshold,
  fitMixture,
  fitSharpness,
  logLoss,
  operatingPoint,
  thresholdOfWorlds,
} from './calibrate.ts';
import { judge } from './figures.ts';
import { randomNumbers } from './random.ts';

const own = [0, 1, 2];

/** Scores that are honest (labels are drawn from their softmax), multiplied by a factor. */
function overConfident(factor: number, texts = 3000) {
  const random = randomNumbers(7);
  const honest = Array.from({ length: texts }, () => Float64Array.from([0, 1, 2], () => 8 * random()));
  const labels = honest.map((row) => {
    const powers = row.map(Math.exp);
    const drawn = random() * powers.reduce((a, b) => a + b);
    const upTo = powers.map((_, c) => powers.slice(0, c + 1).reduce((a, b) => a + b));
    return Math.max(
      0,
      upTo.findIndex((sum) => drawn < sum),
    );
  });
  return { scores: honest.map((row) => row.map((v) => v * factor)), labels, honest };
}

test('the temperature of over-confident scores is found, and lowers their calibration error', () => {
  const { scores, labels } = overConfident(3);

  const sharpness = fitSharpness(scores, (s) => logLoss(s, labels));
  const calibrated = addScores(scores, scores, { a: sharpness, b: 0 });

  expect(sharpness).toBeCloseTo(1 / 3, 1);
  const before = calibrationError(judge(scores, labels, own));
  const after = calibrationError(judge(calibrated, labels, own));
  expect(before).toBeGreaterThan(0.1);
  expect(after).toBeLessThan(0.03);
});

test('a mixture is never worse than the better branch, and leaves noise out', () => {
  const { scores, labels, honest } = overConfident(1);
  const random = randomNumbers(8);
  const noise = scores.map((row) => row.map(() => random()));

  const mixture = fitMixture(honest, noise, (s) => logLoss(s, labels));

  expect(mixture.b).toBeLessThan(0.3);
  expect(logLoss(addScores(honest, noise, mixture), labels)).toBeLessThanOrEqual(logLoss(honest, labels));
});

test('a chosen threshold keeps the promised precision on the data given, and the one below does not', () => {
  const { scores, labels } = overConfident(1);
  const judged = judge(scores, labels, own);

  const chosen = chooseThreshold(judged, 0.9);

  expect(chosen?.precision).toBeGreaterThanOrEqual(0.9);
  expect(chosen?.coverage).toBeGreaterThan(0.1);
  const kept = judged.filter((j) => j.probability >= (chosen?.threshold ?? 1));
  expect(kept.filter((j) => j.right).length / kept.length).toBe(chosen?.precision);
  expect(operatingPoint(judged, (chosen?.threshold ?? 0) - 0.01).precision).toBeLessThan(0.9);
});

test('no threshold is chosen where none keeps the promise', () => {
  const judged = Array.from({ length: 100 }, (_, i) => ({ probability: i / 100, right: i % 2 === 0 }));

  expect(chooseThreshold(judged, 0.95)).toBeUndefined();
});

test('probabilities of classes with one outcome are added before they are judged', () => {
  const row = Float64Array.from([0.3, 0.3, 0.4], Math.log);

  const [single] = judge([row], [0], own);
  const [grouped] = judge([row], [0], [0, 0, 1]);

  expect(single?.right).toBe(false);
  expect(grouped?.right).toBe(true);
  expect(grouped?.probability).toBeCloseTo(0.6, 9);
});

test('AUROC is 1 for a clean split, one half for equal scores', () => {
  expect(auroc([3, 4], [1, 2])).toBe(1);
  expect(auroc([1, 1], [1, 1])).toBe(0.5);
});

test('the threshold is the lowest at which three of four worlds keep the precision', () => {
  // right in all four worlds above .8; below, worlds a and b are wrong half of the time
  const judged = ['a', 'b', 'c', 'd'].flatMap((world) =>
    Array.from({ length: 20 }, (_, i) => ({
      world,
      probability: i < 10 ? 0.9 : 0.7,
      right: i < 10 || world > 'b' || i % 2 === 0,
    })),
  );
  const worlds = judged.map(({ world }) => world);

  expect(thresholdOfWorlds(judged, worlds, 0.95, 0.75)).toBe(0.71);
  expect(thresholdOfWorlds(judged, worlds, 0.95, 0.5)).toBe(0);
});
