/**
 * Real help-desk tickets as a file for `triaged demo --file`: node scripts/real-tickets.ts SOURCE.jsonl.gz COUNT > out.jsonl
 * SOURCE holds `{"text","label"}` lines, subject and body joined. The data is read by path and never committed.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const SUBJECT_WORDS = 8;
const [source, count] = process.argv.slice(2);
if (source === undefined || count === undefined) {
  console.error('usage: node scripts/real-tickets.ts SOURCE.jsonl.gz COUNT > tickets.jsonl');
  process.exit(78);
}
const lines = gunzipSync(readFileSync(source)).toString('utf8').split('\n').filter(Boolean);
for (const line of lines.slice(0, Number(count))) {
  const { text } = JSON.parse(line) as { text: string };
  const subject = text.split(/\s+/).slice(0, SUBJECT_WORDS).join(' ');
  process.stdout.write(`${JSON.stringify({ subject, body: text })}\n`);
}
