import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scrubber } from './scrub.ts';

const SECRET = 'pä$$ "wörd"/+=%';

function scrubberOf(...values: readonly string[]): Scrubber {
  const scrubber = new Scrubber();
  scrubber.add(values);
  return scrubber;
}

test.each([
  ['as it is', SECRET],
  ['in JSON', JSON.stringify({ password: SECRET })],
  ['in JSON in JSON', JSON.stringify(JSON.stringify({ password: SECRET }))],
  ['in a query string', `?Password=${encodeURIComponent(SECRET)}`],
  [
    'in a query string with small hex digits',
    encodeURIComponent(SECRET).replace(/%../g, (h) => h.toLowerCase()),
  ],
  ['in a form', new URLSearchParams({ Password: SECRET }).toString()],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in a Basic header', `Basic ${Buffer.from(`otai-bot:${SECRET}`).toString('base64')}`],
  ['in a Basic header of a longer login', `Basic ${Buffer.from(`otai-bot1:${SECRET}`).toString('base64')}`],
  ['in a token', Buffer.from(`x${SECRET}yz`).toString('base64url')],
])('a secret is taken out %s', (_, text) => {
  const scrubbed = scrubberOf(SECRET).scrub(text);

  expect(scrubbed).toContain('<secret>');
  expect(scrubbed).not.toContain('wörd');
  expect(scrubbed).not.toContain('%C3%B6rd');
  expect(scrubbed).not.toContain(Buffer.from(SECRET).toString('base64').slice(2, -4));
});

test('whatever the secret and the text around it, its value does not come through', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!'<secret>'.includes(secret) && !secret.includes('<secret>'));
      const scrubber = scrubberOf(secret);

      const once = scrubber.scrub(`${before}${secret}${after}`);

      expect(once).toContain('<secret>');
      expect(once.split('<secret>').some((part) => part.includes(secret))).toBe(false);
    }),
  );
});

test('the longer of two secrets is taken out whole', () => {
  expect(scrubberOf('hunter2', 'hunter2-prod').scrub('login hunter2-prod failed')).toBe(
    'login <secret> failed',
  );
});

test('a value too short to protect anything does not black out words', () => {
  expect(scrubberOf('abc', '').scrub('abcdef')).toBe('abcdef');
});

test('secrets of a reload are added to the earlier ones', () => {
  const scrubber = scrubberOf('first-secret');
  scrubber.add(['second-secret']);

  expect(scrubber.scrub('first-secret second-secret')).toBe('<secret> <secret>');
});
