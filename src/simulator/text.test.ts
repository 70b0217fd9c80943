import { describe, expect, it } from 'vitest';
import { htmlToText, stored } from './text.ts';

describe('stored texts', () => {
  it('wrap HTML mail at 78 characters', () => {
    const lines = htmlToText(`<p>${'word '.repeat(60)}</p>`).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
    expect(lines.filter((line) => line.length > 60).length).toBeGreaterThan(2);
  });

  it('are trimmed, lose CRLF and 4-byte characters, keep a lone CR and NUL', () => {
    expect(stored('  a\r\nb\rc\u0000 😀 \n\n')).toBe('a\nb\rc\u0000 \ufffd');
  });
});
