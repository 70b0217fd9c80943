import { closingKind, DEVICE, DISCLAIMER, isGreeting, isSignatureLine } from './closings.ts';

const GREETING_LINES = 3;
const SIGNATURE_LINES = 25;
/** "Thanks" may stand anywhere; only a few short lines below it are a signature. */
const LINES_AFTER_THANKS = 8;
const SCANNED_PARAGRAPH = 1_500;

/** The matter of a mail: without greeting, closing, signature, device line and legal banners. */
export function withoutCourtesies(lines: readonly string[]): string[] {
  return withoutSignatures(withoutGreeting(withoutBanners(lines)));
}

function withoutGreeting(lines: readonly string[]): readonly string[] {
  let at = 0;
  for (let seen = 0; at < lines.length && seen < GREETING_LINES; at++) {
    const line = (lines[at] ?? '').trim();
    if (line === '') continue;
    if (!isGreeting(line)) break;
    seen++;
  }
  return lines.slice(at);
}

/** Drops whole paragraphs, since a disclaimer is broken into lines anywhere. */
function withoutBanners(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (const paragraph of paragraphs(lines)) {
    const text = paragraph.join(' ').replace(/\s+/g, ' ').slice(0, SCANNED_PARAGRAPH).trim();
    if (!DISCLAIMER.test(text)) kept.push(...paragraph.filter((line) => !DEVICE.test(line.trim())));
    else kept.push(...paragraph.filter((line) => !isBannerLine(line.trim(), paragraph.length)));
  }
  return kept;
}

/** In a paragraph with a banner the writer's own short lines may stand above it without an empty line. */
function isBannerLine(line: string, lines: number): boolean {
  return lines <= 2 || line.length > 60 || DISCLAIMER.test(line) || DEVICE.test(line);
}

function paragraphs(lines: readonly string[]): string[][] {
  const found: string[][] = [];
  let current: string[] = [];
  for (const line of lines) {
    current.push(line);
    if (line.trim() !== '') continue;
    found.push(current);
    current = [];
  }
  return [...found, current];
}

function withoutSignatures(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    // RFC 3676: all below is the signature; many programs lose the blank after the dashes
    if (/^--\s?$/.test(line)) {
      const tail = signatureLength(lines, at + 1, SIGNATURE_LINES);
      at += tail;
      continue;
    }
    const kind = closingKind(line.replace(/\s+/g, ' '));
    if (kind === null) {
      kept.push(lines[at] ?? '');
      continue;
    }
    const limit = kind === 'regards' ? SIGNATURE_LINES : LINES_AFTER_THANKS;
    const tail = signatureLength(lines, at + 1, limit);
    // a longer text after mere thanks goes on with the matter
    if (kind === 'regards' || at + 1 + tail === lines.length) at += tail;
  }
  return kept;
}

function signatureLength(lines: readonly string[], from: number, limit: number): number {
  let end = from;
  while (end < lines.length && end - from < limit && isSignatureLine((lines[end] ?? '').trim())) end++;
  return end - from;
}
