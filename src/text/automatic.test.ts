import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type AutomaticMail, automaticMail } from './automatic.ts';

type Case = {
  readonly expect: AutomaticMail | null;
  readonly from: string;
  readonly subject: string;
  readonly body: string;
};

const CASES: readonly Case[] = readFileSync(new URL('automatic-cases.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

describe('mail that nobody wrote is told from mail of people and monitors', () => {
  test('there are examples of all', () => {
    const counts = Map.groupBy(CASES, (one) => one.expect);
    for (const kind of ['bounce', 'out-of-office', null] as const) {
      expect(counts.get(kind)?.length).toBeGreaterThan(20);
    }
  });

  test.each(CASES)('$expect: $from | $subject', (one) => expect(automaticMail(one)).toBe(one.expect));
});

const SHAPES = new URL('../../test/shapes/', import.meta.url);
const AUTOMATIC_SHAPES: Readonly<Record<string, AutomaticMail>> = {
  'mail-out-of-office': 'out-of-office',
  'mail-bounce-unrelated': 'bounce',
  'mail-bounce-autoreply-queue': 'bounce',
  'mail-ooo-autoreply-queue': 'out-of-office',
  'mail-bulk-autoreply-queue': 'out-of-office',
};

describe('the ways in which tickets came to a real Znuny', () => {
  const names = readdirSync(SHAPES).filter((name) => /^\d+-shape-.*-get\.json$/.test(name));

  test('the shapes are there', () => expect(names.length).toBeGreaterThan(30));

  test.each(names)('only automatic ones are automatic: %s', (name) => {
    const first = firstArticle(readFileSync(new URL(name, SHAPES), 'utf8'));
    if (first === null) return;
    const shape = name.replace(/^\d+-shape-(.*)-get\.json$/, '$1');
    expect(automaticMail(first)).toBe(AUTOMATIC_SHAPES[shape] ?? null);
  });
});

function firstArticle(json: string): { from: string; subject: string; body: string } | null {
  let found: { from: string; subject: string; body: string } | null = null;
  JSON.parse(json, function (this: unknown, _key, value: unknown) {
    if (found === null && isArticle(value))
      found = { from: value.From, subject: value.Subject, body: value.Body };
    return value;
  });
  return found;
}

function isArticle(value: unknown): value is { From: string; Subject: string; Body: string } {
  return (
    typeof value === 'object' && value !== null && 'From' in value && 'Body' in value && 'Subject' in value
  );
}
