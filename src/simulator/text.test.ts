import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listOf } from './replay-harness.ts';
import { htmlToText, stored } from './text.ts';

function recordedArticle(name: string): { html: string; body: unknown } {
  const file = join(import.meta.dirname, '../../test/recordings', `${name}.json`);
  const { response } = JSON.parse(readFileSync(file, 'utf8'));
  const article = listOf(listOf(response.body, 'Ticket')[0], 'Article')[0];
  const html = Buffer.from(String(listOf(article, 'Attachment')[0]?.Content), 'base64').toString();
  return { html, body: article?.Body };
}

describe('stored texts', () => {
  it.each(['60-ticket-get-html-only-mail-htmlbody', '63-ticket-get-api-html'])(
    'make of the HTML in %s the text that was recorded',
    (name) => {
      const { html, body } = recordedArticle(name);
      expect(htmlToText(html)).toBe(body);
    },
  );

  it('wrap HTML mail at 78 characters', () => {
    const lines = htmlToText(`<p>${'word '.repeat(60)}</p>`).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
    expect(lines.filter((line) => line.length > 60).length).toBeGreaterThan(2);
  });

  it('are trimmed, lose CRLF and 4-byte characters, keep a lone CR and NUL', () => {
    expect(stored('  a\r\nb\rc\u0000 😀 \n\n')).toBe('a\nb\rc\u0000 \ufffd');
  });
});
