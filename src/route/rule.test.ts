import { describe, expect, test } from 'vitest';
import { ConfigError } from '../errors.ts';
import { input, MODEL, prediction, routing, rule } from './example.ts';
import { matchWhen } from './match.ts';
import { compileRules, type RuleOptions, type WhenOptions } from './rule.ts';

function errorOf(options: Partial<RuleOptions>, timeZone = 'UTC'): ConfigError {
  try {
    compileRules(routing([rule('mine', options)], { timeZone }), MODEL);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('expected a ConfigError');
}

describe('a wrong rule is refused with its name', () => {
  test('unknown category, with the nearest and all known ones', () => {
    const error = errorOf({ categories: ['Netwrok'] });
    expect(error.message).toBe(
      'rule "mine": the model has no category or group "Netwrok"; did you mean "Network"?',
    );
    expect(error.hint).toContain('Network, Hardware, Billing, Complaint');
    expect(error.hint).toContain('IT, Finance, Service');
    expect(errorOf({ categories: ['Quarterly report'] }).message).not.toContain('did you mean');
  });

  test.each([
    [{ when: { body: ['('] } }, 'when.body is no regular expression'],
    [{ when: { body: ['(?=x)'] } }, 'when.body is no regular expression'],
    [{ when: { subject: [''] } }, 'when.subject is an empty pattern'],
    [{ when: { sender: ['a'.repeat(1_001)] } }, 'when.sender has more than 1000 characters'],
    [{ when: { hours: ['9-17'] } }, 'when.hours "9-17"'],
    [{ when: { hours: ['Mon-Funday 08:00-17:00'] } }, 'when.hours'],
  ] satisfies [Partial<RuleOptions>, string][])('%o', (options, message) => {
    expect(errorOf(options).message).toContain(`rule "mine": ${message}`);
  });

  test('unknown time zone', () =>
    expect(errorOf({}, 'Europe/Nowhere').message).toContain('"Europe/Nowhere"'));
});

describe('when', () => {
  const matched = (when: WhenOptions, ticket = {}, text = {}) => {
    const routed = compileRules(routing([rule('mine', { when })]), MODEL);
    const given = input(prediction([1]), ticket);
    const [only] = routed.rules;
    return only && matchWhen(only, { ...given, text: { ...given.text, ...text } }, routed.wallClock).matched;
  };

  test.each([
    [{}, true],
    [{ queue: ['Raw', 'Postmaster'] }, true],
    [{ queue: ['Postmaster'] }, false],
    [{ priority: ['3 normal'], language: ['de'] }, true],
    [{ priority: ['3 normal'], language: ['en'] }, false],
    [{ customer: ['^kd-'] }, true],
    [{ customer: ['@kunde\\.example$'] }, true],
    [{ customer: ['^other$'] }, false],
    [{ sender: ['MUSTER'] }, true],
    [{ subject: ['^drucker$'] }, true],
    [{ subject: ['^\\[extern\\]'] }, true],
    [{ body: ['scanner', 'druckt'] }, true],
    [{ body: ['scanner'] }, false],
    [{ hours: ['08:00-10:00'] }, true],
    [{ hours: ['Tue 09:30-09:31'] }, true],
    [{ hours: ['09:31-10:00', 'Mon,Wed-Fri 00:00-24:00'] }, false],
    [{ hours: ['Sun-Tue 00:00-24:00'] }, true],
    [{ hours: ['Mon 22:00-10:00'] }, true],
    [{ hours: ['Tue 22:00-10:00'] }, false],
  ] satisfies [WhenOptions, boolean][])('%o: %s', (when, expected) => expect(matched(when)).toBe(expected));

  test('an unknown language is none', () =>
    expect(matched({ language: ['de'] }, {}, { language: null })).toBe(false));

  test('hours follow the zone through summer time', () => {
    const july = { createdAt: Date.UTC(2026, 6, 1, 6, 30) };
    expect(matched({ hours: ['08:00-09:00'] }, july)).toBe(true);
    expect(matched({ hours: ['07:00-08:00'] }, july)).toBe(false);
  });

  test('a pattern that would take a backtracking engine years takes milliseconds', () => {
    const start = performance.now();
    expect(matched({ body: ['^(a+)+$'] }, {}, { body: `${'a'.repeat(4_000)}!` })).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
