import { expect, test } from 'vitest';
import { addedScores, cosine } from './description.ts';

const anchors = {
  own: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  added: [
    [0, 0, 1],
    [0, 0.6, 0.8],
  ],
};
const similarity = { added: 10, own: -5, bias: -1 };

test('vectors of length 1 have their cosine as product', () => {
  expect(cosine([0, 0.6, 0.8], [0, 0, 1])).toBeCloseTo(0.8);
});

test('a ticket near a new sentence and far from the old ones is probably of the new category', () => {
  const [near = 0, other = 0] = addedScores([0, 0, 1], anchors, similarity);

  expect(near).toBeCloseTo(9);
  expect(near).toBeGreaterThan(other);
});

test('nearness to a category of its own takes from the new ones', () => {
  const [alone = 0] = addedScores([0, 0, 1], anchors, similarity);
  const [beside = 0] = addedScores([0.8, 0, 0.6], anchors, similarity);

  expect(beside).toBeLessThan(alone);
  expect(beside).toBeCloseTo(10 * 0.6 - 5 * 0.8 - 1);
});
