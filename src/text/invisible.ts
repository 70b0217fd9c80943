/** C0 and C1 controls except tab and newline, soft hyphen, zero-width, bidirectional marks, fillers, BOM, specials. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the purpose
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFD]|\u034F|[\uFE00-\uFE0F]|[\u{E0000}-\u{E0FFF}]/gu;
const LINE_ENDS = /\r\n?|\u2028|\u2029|\u0085/g;
const BLANKS = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/g;

/** The characters that a person sees: NFC, `\n` line ends, plain blanks; indentation is kept. */
export function visibleText(text: string): string {
  const visible = text.toWellFormed().replace(LINE_ENDS, '\n').replace(BLANKS, ' ').replace(INVISIBLE, '');
  // removing a joiner may put a letter beside its accent, so compose last
  return visible.normalize('NFC');
}

/** One blank between words, at most one empty line between paragraphs, no lines drawn of `=====`. */
export function collapseBlanks(text: string): string {
  const lines: string[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.replace(/[ \t]+/g, ' ').trim();
    const drawn = line.length > 1 && /^[-_=*~#+.•·─━|\s]+$/u.test(line);
    if (drawn || (line === '' && (lines.at(-1) ?? '') === '')) continue;
    lines.push(line);
  }
  return lines.join('\n').trim();
}

/** Cuts at a word boundary near the limit, never inside a surrogate pair. */
export function capAtWord(text: string, limit: number): { readonly text: string; readonly cut: boolean } {
  if (text.length <= limit) return { text, cut: false };
  const head = text.slice(0, limit);
  if (/\s/.test(text.charAt(limit))) return { text: head.trimEnd(), cut: true };
  const tail = head.slice(-WORD);
  const blank = Math.max(tail.lastIndexOf(' '), tail.lastIndexOf('\n'));
  if (blank > 0) return { text: head.slice(0, head.length - tail.length + blank).trimEnd(), cut: true };
  return { text: head.isWellFormed() ? head : head.slice(0, -1), cut: true };
}

/** Longer than any word that a person writes; a longer one (Base64, a link) is cut in the middle. */
const WORD = 80;
