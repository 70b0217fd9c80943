/** Phrases at the two ends of a mail that say nothing of its matter, German and English. */

const NAME = String.raw`[\p{L}\p{M}.'’&/()| -]{0,80}`;

/** A whole line: "Sehr geehrte Damen und Herren," "Hallo zusammen!" "Hi team," */
export const GREETING = new RegExp(
  String.raw`^(?:(?:sehr )?geehrte[rsn]?|(?:hallo|hallöchen|hi|hey|hello|dear|liebe[rsn]?|moin(?: moin)?|servus|grüß gott|grüezi|mahlzeit|gr(?:iaß|üß) (?:eich|euch|dich|sie)|werte[rsn]?|guten? (?:tag|morgen|abend|mittag)|schönen guten (?:tag|morgen|abend)|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern)(?![\p{L}\p{M}]))${NAME}[,!.:;]?$`,
  'iu',
);
const GREETING_WORDS = 8;

export function isGreeting(line: string): boolean {
  return line.length <= 90 && line.split(' ').length <= GREETING_WORDS && GREETING.test(line);
}

const ENGLISH = `(?:(?:with )?(?:best|kind|kindest|warm|warmest|many|warm)? ?regards|best(?: wishes)?|cheers|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|respectfully|rgds|br|kr|all the best)`;
const GERMAN = `(?:(?:mit )?(?:(?:freundliche[mnrs]?|viele[nr]?|liebe[nr]?|beste[nr]?|herzliche[nr]?|schöne[nr]?|kollegiale[nr]?|sonnige[nr]?|freundl[.]|frdl[.]) )+(?:gr(?:ü|u|ue)(?:ß|ss)(?:en?)?|grüsse)|gr(?:ü|ue|u)(?:ß|ss)e?|m ?f ?g|lg|vg|bg|hg|hochachtungsvoll|beste gr(?:ü|ue)(?:ß|ss)e|mit besten empfehlungen|ihr|ihre|euer|eure)`;
const THANKS = `(?:(?:vielen |besten |herzlichen |lieben |tausend )?dank(?:e|eschön)?(?: schön| sehr| dir| euch| ihnen)?(?: (?:im voraus|vorab|schon mal|euch|ihnen|für (?:ihre|eure|die|deine) (?:hilfe|mühe|unterstützung|bemühungen)))*|merci|(?:many |kind )?thanks(?: (?:a lot|again|in advance|so much|for your help))*|thank you(?: (?:very much|so much|in advance|for your help))*|thx|tia)`;
const AND = String.raw`(?: ?(?:und|and|&|\+|,|!) ?)`;

const REGARDS = new RegExp(
  String.raw`^(?:${THANKS}${AND})?(?:${ENGLISH}|${GERMAN})(?:${AND}${THANKS})?(?: (?:aus|from) ${NAME})?(?:[,.!]*(?: ${NAME}(?:,[\p{L}\p{M}\d .,'-]{0,80})?)?)?[,.!]*$`,
  'iu',
);
const ONLY_THANKS = new RegExp(String.raw`^${THANKS}[,.!]*(?: ?[:;]-?\))?$`, 'iu');

/** A line that closes a letter; what follows may be a signature. Bare thanks close with less certainty. */
export function closingKind(line: string): 'regards' | 'thanks' | null {
  if (line.length === 0 || line.length > 120) return null;
  // "Ihre" and "best" also begin sentences; a closing line has few words
  if (line.split(' ').length > 12) return null;
  if (ONLY_THANKS.test(line)) return 'thanks';
  return REGARDS.test(line) && !SENTENCE.test(line) ? 'regards' : null;
}

/** A verb makes it a sentence: "Ihre Rechnung ist falsch", "Best is to call me". */
const SENTENCE =
  /\b(?:ist|sind|war|hat|haben|kann|geht|wird|nicht|bitte|funktioniert|is|are|was|has|have|can|not|please|does|don't|way|would)\b|\?/iu;

const CONTACT =
  /^(?:(?:tel|telefon|fon|phone|mobil|mobile|handy|cell|fax|telefax|e-?mail|mail|web|internet|www|t|m|f|p|e|w|durchwahl|direct|office|adresse|address|skype|ust-?id(?:nr)?|steuernr|hrb|iban|bic|registergericht|amtsgericht|handelsregister|geschäftsführ\p{L}*|managing directors?|sitz(?: der gesellschaft)?|registered office|vorstand|aufsichtsrat\p{L}*|vat(?: no| id)?|company (?:no|number)|abteilung|department)\b\.?\s?[:.|]|\+\d|\(?0\d[\d /().-]{5,}$|https?:\/\/\S+$|www\.\S+$|\S+@\S+\.\S+$)/iu;
const PHONE_OR_MAIL = /(?:\+|\b0)\d[\d /().-]{5,}|\S@\S+\.\S/;

const LABEL = /^[\p{L}\d][\p{L}\d /.()-]{1,40}:(?:\s|$)/u;

/** A line as it stands below a closing: name, role, company, street, telephone. */
export function isSignatureLine(line: string): boolean {
  if (line === '' || CONTACT.test(line)) return true;
  if (line.length > 90) return false;
  if (PHONE_OR_MAIL.test(line)) return !/[.!?]$/.test(line);
  if (/^p\.?\s?p?\.?s\b/i.test(line) || LABEL.test(line)) return false;
  if (/[?]/.test(line)) return false;
  const words = line.split(' ').length;
  return words <= 4 || (words <= 9 && !/[.!:;]$/.test(line) && !SENTENCE.test(line));
}

export const DEVICE =
  /^(?:sent from (?:my|an?|outlook|mail|yahoo|proton|samsung|the )|sent (?:with|via) |von (?:meinem|mein) .{1,40} gesendet|gesendet (?:von|mit|über|aus) |diese nachricht wurde von meinem |get outlook for |outlook für .{1,20} (?:holen|beziehen)|envoyé de(?:puis)? |inviato da |enviado desde |verzonden (?:vanaf|met) |virenfrei\b|virus-free\b)/iu;

/** First words or unmistakable parts of legal and security banners. */
export const DISCLAIMER =
  /(?:this (?:e-?mail|message|communication)(?: \(including any attachments\))?(?: and (?:any|all) (?:attachments?|files)[^.]{0,60})? (?:is|are|may|contains?|has been|originated|was sent)[^.]{0,80}(?:confidential|privileged|intended|outside|external)|if you (?:have received|are not the intended)[^.]{0,60}(?:error|mistake|recipient)|please consider the environment|confidentiality notice|diese (?:e-?mail|nachricht)[^.]{0,80}(?:vertraulich|ausschließlich|rechtlich geschützt|extern|absender)|(?:falls|wenn|sollten) sie nicht der (?:richtige|beabsichtigte|vorgesehene) (?:adressat|empfänger)|das unerlaubte kopieren|unbefugte weitergabe|irrtümlich erhalten|bitte (?:denken|prüfen) sie (?:an die umwelt|der umwelt)|bitte prüfen sie der umwelt|denken sie an die umwelt|^\W{0,4}(?:caution|achtung|warning|vorsicht|warnung)\W{1,4}(?:this|diese|external|externe)[^.]{0,80}(?:outside|extern|external)|do not click (?:on )?(?:any )?links|klicken sie (?:nicht )?(?:auf )?(?:keine )?(?:links|anhänge)|datenschutz(?:hinweise|erklärung)[^.]{0,80}(?:https?:|finden sie|unter)|accepts no (?:liability|responsibility))/iu;
