import {
  ABOUT_THE_NOTE,
  ABSENCE,
  ABSENCE_CUE,
  ABSENCE_DATE,
  AWAY_MENTIONED,
  AWAY_SENTENCE,
  AWAY_SUBJECT,
  AWAY_SUBJECT_END,
  BOUNCE_ADDRESS,
  BOUNCE_NAME,
  BOUNCE_SUBJECT,
  FIRST_PERSON,
  PERHAPS_AWAY_SUBJECT,
  PERHAPS_BOUNCE_SUBJECT,
  POSTMASTER,
  REQUEST,
  SAYS_AUTOMATIC,
  SERVER_BEGINS,
  SERVER_SPEAKS,
  SPEAKS_OF_MAIL,
} from './automatic-patterns.ts';
import { htmlToPlain, looksLikeHtml } from './html.ts';
import { visibleText } from './invisible.ts';
import { splitQuotes } from './quotes.ts';
import { bareSubject } from './subject.ts';

export type AutomaticMail = 'bounce' | 'out-of-office';

type Mail = { readonly from: string; readonly subject: string; readonly body: string };

const READ_CHARACTERS = 20_000;
/** Absence notes are short; in a long letter an absence is a side remark. */
const LONGEST_NOTE = 1_500;
/** Below these a server quotes the mail that it could not deliver. */
const FIRST_WORDS = 300;

/**
 * Whether a mail server or an absence assistant wrote the mail, told from sender, subject and text alone:
 * the Generic Interface shows no mail headers. In doubt null: a person's ticket about bounces or absence
 * notes must be triaged.
 */
export function automaticMail(mail: Mail): AutomaticMail | null {
  const from = visibleText(mail.from.slice(0, 500));
  const { subject, forward } = bareSubject(visibleText(mail.subject.slice(0, 1_000)));
  const own = ownText(mail.body);
  if (isBounce(from, subject, forward, own)) return 'bounce';
  return isAway(subject, forward, own) ? 'out-of-office' : null;
}

function ownText(body: string): string {
  const plain = looksLikeHtml(body) ? htmlToPlain(body) : body;
  const lines = visibleText(plain.slice(0, READ_CHARACTERS)).split('\n');
  // wrapped lines must not part "ich bin" from "nicht im Büro"
  return splitQuotes(lines).own.join(' ').replace(/\s+/g, ' ').trim();
}

function isBounce(from: string, subject: string, forward: boolean, text: string): boolean {
  if (BOUNCE_ADDRESS.test(from) || BOUNCE_NAME.test(displayName(from))) return true;
  if (
    POSTMASTER.test(from) &&
    (BOUNCE_SUBJECT.test(subject) || PERHAPS_BOUNCE_SUBJECT.test(subject) || SERVER_SPEAKS.test(text))
  )
    return true;
  // a person forwards a bounce to ask what it means
  if (forward) return false;
  if (SERVER_BEGINS.test(text)) return !FIRST_PERSON.test(text.slice(0, FIRST_WORDS));
  const perhaps = PERHAPS_BOUNCE_SUBJECT.test(subject) && SPEAKS_OF_MAIL.test(text);
  if (!perhaps && !BOUNCE_SUBJECT.test(subject)) return false;
  const server = text.search(SERVER_SPEAKS);
  const above = server < 0 ? text : text.slice(0, server);
  return !FIRST_PERSON.test(above);
}

function isAway(subject: string, forward: boolean, text: string): boolean {
  if (forward || ABOUT_THE_NOTE.test(text)) return false;
  const absent = text.length <= LONGEST_NOTE && ABSENCE.test(text);
  const wants = REQUEST.test(text);
  if (AWAY_SUBJECT.test(subject)) return absent || !wants;
  if (ABOUT_THE_NOTE.test(subject) || wants) return false;
  if (AWAY_SUBJECT_END.test(subject)) return true;
  if ([AWAY_MENTIONED, AWAY_SENTENCE, PERHAPS_AWAY_SUBJECT].some((words) => words.test(subject)))
    return absent;
  if (text.length > LONGEST_NOTE) return false;
  if (SAYS_AUTOMATIC.test(text)) return true;
  return absent && ABSENCE_DATE.test(text) && ABSENCE_CUE.test(text);
}

function displayName(from: string): string {
  return from
    .replace(/[<(].*$/, '')
    .replace(/["']/g, '')
    .trim();
}
