// Own patterns, a line at a time: those of email-reply-parser cross lines and take 30 s for 20 kB of `Op a schreef`.

/** A mail in its parts, as lines: what the writer wrote, and the older mail below it. */
export type MailParts = { readonly own: readonly string[]; readonly quoted: readonly string[] };

const ORIGINAL =
  /^[\s>*_-]*(?:original(?:[ -]?message|[ -]?nachricht)|urspr(?:ü|ue)ngliche (?:nachricht|mail|e-mail)|forwarded message|weitergeleitete (?:nachricht|mail|e-mail)|begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|message d['’]origine|message transféré|mensaje original|messaggio originale|oorspronkelijk bericht)[\s:*_-]*$/i;
const WROTE =
  /(?:^|[\s,])(?:wrote|writes|schrieb|schrieben|geschrieben|a écrit|escribió|ha scritto|schreef|napisał(?:\(a\))?|pisze|skrev)(?:[\s,].{0,160})?:$/iu;
/** An attribution names when or who: a date, a time or an address. "The driver said and wrote:" is a sentence. */
const WHEN_OR_WHO = /\d{1,2}[.:/]\s?\d|\d{4}|@|\d{1,2}\.? \p{L}{3,10}|\p{L}{3,10} \d{1,2}\b/u;

const label = (words: string) => new RegExp(`^[\\s>]{0,8}\\*{0,2}(?:${words})\\s?:`, 'iu');
const FROM = label('von|from|de|da|van|od|absender');
const DATE = label('gesendet|sent|datum|date|envoyé|enviado|inviato|verzonden|wysłano|gesendet am');
const OTHERS = label(
  'an|to|à|para|cc|kopie|betreff|subject|objet|asunto|oggetto|onderwerp|temat|antwort an|reply-to|bcc',
);
const HEADER_LINES = 8;

/** Parts the newest text of a mail from the mails that it answers or forwards. */
export function splitQuotes(lines: readonly string[]): MailParts {
  const own: string[] = [];
  const quoted: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (isQuoted(line)) {
      quoted.push(line);
      continue;
    }
    if (line.length <= 400) {
      const attribution = attributionLines(lines, at);
      if (attribution > 0) {
        const next = lines.slice(at + attribution).find((candidate) => candidate.trim() !== '') ?? '';
        at += attribution - 1;
        // answers below or between the quoted lines go on; without `>` all that follows is the older mail
        if (isQuoted(next)) continue;
        return { own, quoted: [...quoted, ...lines.slice(at + 1)] };
      }
      const header = headerLines(lines, at);
      if (header > 0) return { own, quoted: [...quoted, ...lines.slice(at + header)] };
    }
    own.push(line);
  }
  return { own, quoted };
}

function isQuoted(line: string): boolean {
  return /^\s{0,3}>/.test(line);
}

/** Number of lines of "On … wrote:" from here (mail programs break it), 0 where there is none. */
function attributionLines(lines: readonly string[], at: number): number {
  let text = '';
  for (let count = 1; count <= 3; count++) {
    const line = (lines[at + count - 1] ?? '').trim();
    if (line === '' || isQuoted(line)) return 0;
    text = text === '' ? line : `${text} ${line}`;
    if (text.length > 300) return 0;
    if (line.endsWith(':'))
      return WROTE.test(text) && WHEN_OR_WHO.test(text) && beginsThere(lines, at) ? count : 0;
  }
  return 0;
}

/** An attribution begins its paragraph; the last sentence of one is the writer's. */
function beginsThere(lines: readonly string[], at: number): boolean {
  const before = (lines[at - 1] ?? '').trim();
  return before === '' || before.length < 60 || /[.!?:,]$/.test(before);
}

/** Number of lines of an Outlook header block or an "Original Message" line from here, 0 where there is none. */
function headerLines(lines: readonly string[], at: number): number {
  const line = lines[at] ?? '';
  if (ORIGINAL.test(line)) {
    let next = at + 1;
    while (next < lines.length && (lines[next] ?? '').trim() === '') next++;
    return next - at + fieldLines(lines, next);
  }
  if (!FROM.test(line)) return 0;
  const block = lines.slice(at, at + HEADER_LINES);
  const dated = block.some((field) => DATE.test(field));
  const addressed = block.some((field) => OTHERS.test(field));
  return dated && addressed ? fieldLines(lines, at) : 0;
}

function fieldLines(lines: readonly string[], at: number): number {
  let end = at;
  let last = at;
  while (end < lines.length && end - at < HEADER_LINES * 2) {
    const line = lines[end] ?? '';
    if (FROM.test(line) || DATE.test(line) || OTHERS.test(line)) last = end + 1;
    else if (line.trim() === '' || !/^\s/.test(line)) break;
    end++;
  }
  return last - at;
}

/** The same lines without their `>` marks. */
export function unquoted(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/^\s{0,3}(?:>\s?)+/, ''));
}
