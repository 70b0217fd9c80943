import type { CleanText } from '../ticket.ts';
import { withoutBlobs } from './blobs.ts';
import { withoutCourtesies } from './courtesies.ts';
import { htmlToPlain, looksLikeHtml } from './html.ts';
import { capAtWord, collapseBlanks, visibleText } from './invisible.ts';
import { detectLanguage } from './language.ts';
import { splitQuotes, unquoted } from './quotes.ts';
import { bareSubject } from './subject.ts';
import { unwrap, withoutLinkList } from './unwrap.ts';

export type CleanOptions = {
  /** cap of the cleaned body, in UTF-16 units; default 4,000 */
  readonly maxCharacters?: number;
};

const DEFAULT_CHARACTERS = 4_000;
const SUBJECT_CHARACTERS = 300;
/** Of a longer plain body only the head is read: fifty times the cap is more than quotes can hide. */
const READ_CHARACTERS = 200_000;
/** Mails within forwarded mails are opened this deep. */
const DEPTH = 3;
/** A forwarded mail's own text of this many letters says what it is about without the mail below it. */
const TELLING_LETTERS = 300;
const LEAST_LETTERS = 3;

/** "FYI", "siehe unten", "bitte übernehmen": words that only point to the mail below. */
const POINTER =
  /^(?:fyi|f\.y\.i\.|zur (?:info|information|kenntnis|kenntnisnahme|bearbeitung|weiteren bearbeitung|erledigung)|z\. ?k\.|z\.k\.n\.|zk|info|siehe unten|s\. ?u\.|see below|(?:bitte |please )?(?:um )?(?:übernehmen|bearbeiten|bearbeitung|prüfen|klären|kümmern|weiterleiten|beachten|handle|take over|check|see below|siehe unten|advise)(?: danke| bitte| thanks)?|for your information|as discussed|wie besprochen|anbei|weitergeleitet|forwarded)$/iu;

/** The same within a sentence: "I am only the messenger, see below". */
const POINTS_BELOW =
  /(?:siehe|s\.) ?(?:unten|u\.)|see below|(?:unten|nach)(?:stehend|folgend)|weitergeleitet|\bleite(?:n)? [^.!?]{0,60}weiter|\bforward(?:ed|ing)?\b|zur kenntnis|\bmail below\b/iu;

/**
 * The customer's own words, ready for the model: without markup, quotes, greeting, signature, banners,
 * wrapped lines, encoded data and invisible characters. A mail that only forwards keeps what it forwards.
 * Never throws; time grows with at most the first 200,000 characters.
 */
export function cleanText(
  input: { readonly subject: string; readonly body: string },
  options: CleanOptions = {},
): CleanText {
  const limit = Math.max(1, options.maxCharacters ?? DEFAULT_CHARACTERS);
  const { subject, forward } = bareSubject(visibleText(input.subject.slice(0, READ_CHARACTERS)));
  const html = looksLikeHtml(input.body);
  const read = html ? htmlToPlain(input.body) : input.body.slice(0, READ_CHARACTERS);
  const plain = withoutLinkList(withoutBlobs(visibleText(read)));
  const body = capAtWord(ownWords(plain.split('\n'), forward, DEPTH), limit);
  const shortSubject = capAtWord(collapseBlanks(subject), Math.min(limit, SUBJECT_CHARACTERS)).text;
  return {
    subject: shortSubject,
    body: body.text,
    language: detectLanguage(`${shortSubject}\n${body.text}`),
    truncated: body.cut || input.body.length > READ_CHARACTERS,
  };
}

/** At least three letters: below that there is nothing to judge ("12345", "???"). */
export function hasText(clean: Pick<CleanText, 'subject' | 'body'>): boolean {
  return letters(`${clean.subject} ${clean.body}`) >= LEAST_LETTERS;
}

function ownWords(lines: readonly string[], forward: boolean, depth: number): string {
  const { own, quoted } = splitQuotes(lines);
  const text = finish(withoutCourtesies(own));
  const older = depth > 0 && quoted.length > 0;
  if (
    older &&
    (isPointer(text) || ((forward || POINTS_BELOW.test(text)) && letters(text) < TELLING_LETTERS))
  ) {
    const below = ownWords(unquoted(quoted), forward, depth - 1);
    return letters(below) < LEAST_LETTERS ? text : `${text}\n${below}`.trim();
  }
  // "Hello" alone is all that there is: better than nothing
  return text === '' ? finish(own) : text;
}

function isPointer(text: string): boolean {
  return (
    letters(text) < LEAST_LETTERS ||
    (text.length < 60 && POINTER.test(text.replace(/[.,:;!\s-]+/g, ' ').trim()))
  );
}

function finish(lines: readonly string[]): string {
  return collapseBlanks(unwrap(lines.join('\n')));
}

function letters(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}
