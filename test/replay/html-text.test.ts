import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { htmlToText } from '../../src/simulator/text.ts';
import { listOf } from './differences.ts';

function recordedArticle(name: string): { html: string; body: unknown } {
  const file = join(import.meta.dirname, '../recordings', `${name}.json`);
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
});
