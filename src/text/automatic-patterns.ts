/** What machines write in the name of a mailbox, German and English. Subjects are without `Re:` and ticket number. */

const DELIMITER = String.raw`(?=$|\s*[:(\[]|\s+[-–—|]\s|\s*\d{1,3}$)`;

const AWAY = `(?:automatische (?:antwort|rückantwort|abwesenheitsnotiz|e-?mail-?antwort)|automatic (?:reply|response|answer)|automated (?:reply|response)|auto[- ]?(?:reply|response|responder|answer|antwort)|abwesenheits(?:notiz|nachricht|meldung|benachrichtigung|mitteilung|info)|abwesenheit|abwesend|(?:i am |i'm )?(?:currently )?out of (?:the )?office(?: (?:reply|auto ?reply|message|notification|notice|response))?|ooo|vacation (?:reply|message|notice|response)|urlaubs(?:notiz|nachricht|benachrichtigung)|réponse automatique|risposta automatica|respuesta automática|automatisch antwoord)`;

/** The machine's words begin the subject and are set off from what follows, or stand in brackets or at the end. */
export const AWAY_SUBJECT = new RegExp(
  String.raw`^[[(*"]{0,2}(?:${AWAY}|(?:bin )?nicht im (?:büro|hause?)|(?:bin )?außer haus)[\])*"]{0,2}${DELIMITER}`,
  'iu',
);
/** Of assistants, but also what a German writes about a car: the text must be that of an absent person. */
export const PERHAPS_AWAY_SUBJECT = /^auto\s?:/iu;
export const AWAY_SUBJECT_END = new RegExp(String.raw`(?:[-–—:|([]\s?|\s)${AWAY}[\])]?[.!]?$`, 'iu');
export const AWAY_MENTIONED = new RegExp(String.raw`(?<![\p{L}\p{M}])${AWAY}(?![\p{L}\p{M}])`, 'iu');
/** "Erika Muster is out of the office until Monday", "Bin bis 14.6. im Urlaub" */
export const AWAY_SENTENCE =
  /\b(?:is|am|i'm|ist|bin) (?:\S{1,20} ){0,5}?(?:out of (?:the )?office|away|on (?:annual )?leave|on (?:vacation|holiday)|abwesend|nicht im (?:büro|haus|dienst)|außer haus|im urlaub)/iu;

/** First person, present or near future, with words between: "ich bin vom 3. bis zum 7. Juni nicht im Büro". */
const ICH_BIN = String.raw`(?:\bich bin|\bbin ich|\bich werde|\bwerde ich|\bich befinde mich|\bbefinde ich mich|\bich habe|^bin)`;
const FORT = String.raw`(?:abwesend|nicht (?:im (?:haus|hause|büro|dienst|office)|am (?:arbeits)?platz|in der (?:firma|praxis|kanzlei)|anwesend|erreichbar|zu erreichen|verfügbar|persönlich)|außer haus|ausser haus|im (?:\p{L}{0,12})?urlaub|urlaub|in (?:elternzeit|mutterschutz)|auf (?:einer |der )?(?:\p{L}{0,12}reisen?|(?:fort|weiter)bildung|schulung|messe|tagung|konferenz)|verreist|unterwegs)`;
const I_AM = String.raw`\bi(?:['’]m| am| will be|['’]ll be| shall be)`;
const GONE = `(?:out of (?:the |my )?office|out of town|away(?: from (?:my|the) (?:desk|office))?|on (?:annual |parental |maternity |paternity |sick |business )?(?:leave|vacation|holidays?|travel|trip)|not (?:in|at) (?:the |my )?(?:office|desk|work)|travell?ing|unavailable|not available|out until|out from)`;
export const ABSENCE = new RegExp(
  String.raw`${ICH_BIN} [^.!?\n]{0,20}?(?:[^!?\n]{0,100}? )?${FORT}|${I_AM} (?:[^!?\n]{0,60}? )?${GONE}`,
  'imu',
);

const MONTH = String.raw`(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)\p{L}*`;
const DAY = `(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|monday|tomorrow|morgen|next week|(?:nächste[rnm]?|kommende[rnm]?) woche|end of the week|ende der woche|further notice|auf weiteres`;
export const ABSENCE_DATE = new RegExp(
  String.raw`\b(?:bis|until|till|til|from|vom|von|ab|am|through|to|on|between|zwischen|back|returning?|zurück|wieder)\b[^.!?\n]{0,30}?(?:\d{1,2}[.:/-]|\d{1,2}(?:st|nd|rd|th)?\b|${MONTH}|${DAY})`,
  'iu',
);

/** What an absent person adds for whoever wrote: a deputy, when mail is read, thanks for the message. */
export const ABSENCE_CUE =
  /vertret|dringend|urgent|in (?:my|his|her) absence|während meiner abwesenheit|colleague|kolleg|wenden sie sich|kontaktieren sie|please (?:contact|call|ring|reach)|nicht weitergeleitet|weitergeleitet|access to (?:my )?(?:e-?)?mail|(?:e-?mails?|nachricht(?:en)?|postfach)[^.!?\n]{0,60}(?:gelesen|beantwort|bearbeit|read|answer|checked|monitored|abgerufen)|(?:lese|rufe)[^.!?\n]{0,40}(?:mails?|nachrichten)|(?:antworte|beantworte|melde|reply|respond|get back|answer)|(?:dank|thank(?:s| you)) für (?:ihre|deine|eure) (?:nachricht|e-?mail|mail|anfrage)|thank(?:s| you) for your (?:e-?mail|message|mail|note)/iu;

export const SAYS_AUTOMATIC =
  /(?:dies|das|hierbei) (?:ist|handelt es sich um) eine(?:n)? automati(?:sche|sierte|sch (?:erstellte|generierte|erzeugte)) (?:antwort|abwesenheit|rückmeldung|eingangsbestätigung)|this is an? auto(?:matic|mated|matically generated|-generated|mated)? ?-?(?:reply|response|answer|acknowledg)|this is an out[- ]of[- ](?:the[- ])?office/iu;

/** A person wants something: asks, needs, complains. Deputies, apologies and "please contact" do not count. */
export const REQUEST =
  /\?|\b(?:könn(?:ten|en|t|te)|kann(?:st)?|würde(?:n|t)?) (?:sie|ihr|du|man|jemand|mir|uns)\b|\b(?:could|can|would|will) (?:you|someone|somebody|anyone|anybody)\b|\b(?:brauche|brauchen|benötige|benötigen|möchte|möchten|hätte gern\p{L}*|i need|we need|i want|i would like|i'd like)\b|\bbitte (?:[^.!?]{0,80} )?(?:prüfen|helfen|einrichten|freischalten|aktivieren|deaktivieren|einstellen|anlegen|sperren|stornieren|verschieben|liefern|schicken|zusenden|zuschicken|ändern|absagen|beheben|umleiten|weiterleiten|zurücksetzen|abschalten|ausschalten|einschalten|verlängern|löschen|erstellen|geben|reparieren|anpassen|austauschen|überweisen|bestätigen)\b|\bplease (?:\p{L}{1,12} ){0,3}?(?:help|check|fix|set|reset|enable|disable|activate|turn|ship|deliver|cancel|change|update|create|add|remove|delete|grant|give|extend|look|stop|move|postpone|install|replace|confirm|reschedule|redirect|forward my)\b|\b(?:funktioniert|geht|klappt|läuft|startet|kommt) [^.!?\n]{0,40}nicht\b|\b(?:doesn['’]t|does not|don['’]t|won['’]t|isn['’]t|is not|not) work(?:ing)?\b|\b(?:stimmt|stimmen) [^.!?\n]{0,20}nicht\b|\b(?:nichts gehört|immer noch|noch (?:immer )?(?:nicht|keine?n?)|still (?:no|not|waiting|wrong)|have(?:n['’]t| not) (?:heard|received|got))\b|\b(?:kaputt|defekt|broken|fehlermeldung|error message|keep getting|stuck)\b|lässt sich\b|\bwie (?:kann|stelle|richte) ich\b|\bhow (?:do|can) i\b|help me|hilfe bei/iu;

/** A person's problem with absence notes is a request, however absent its writer is. */
export const ABOUT_THE_NOTE =
  /(?:abwesenheits?\p{L}*|out[- ]of[- ]office\p{L}*|autom(?:atic|ated|atische) (?:reply|replies|response|antwort(?:en)?)|auto-?repl(?:y|ies)|autoresponder|urlaubsnotiz)[^.!?]{0,80}(?:einrichten|einzurichten|einstellen|aktivieren|deaktivieren|ausschalten|abschalten|einschalten|ändern|funktioniert|geht|klappt|falsch|fehler|lässt|bekommt|bekommen|erhalten|erhält|verschick|raus\b|trotz|immer noch|set up|\bturn|enable|disable|activate|wrong|not work|does ?n[o']t|is ?n[o']t|still|stuck|broken|keeps?|receiv|getting|loop)|(?:dank\p{L}* für|thanks? (?:you )?for|bekommt|bekommen|erhalten|erhält|kriegt|einrichten|aktivieren|get|gets|getting|receives?|set up|\bturn o(?:n|ff)|disable|enable) [^.!?]{0,60}(?:abwesenheits\p{L}+|out[- ]of[- ]office|auto(?:matic|mated)? ?-?repl(?:y|ies)|automatische[nr]? antwort)/iu;

const BOUNCED = String.raw`(?:undelivered mail(?: returned to sender)?|undeliverable(?: (?:mail|message))?|mail (?:system error(?: - returned mail)?|delivery (?:failed|failure|error|problem|status))(?:,? ?[:-]? ?returning message to sender)?|delivery status notification|(?:e-?mail|message) (?:undeliverable|not delivered|delivery (?:failed|failure|delayed)|could not be delivered)|non[- ]?delivery (?:report|notification|receipt)|returned mail(?=$|: (?:see|user|host|unable|delivery|cannot|data|mailbox|unknown|undeliverable|address|local))|failure notice|unzustellbar(?:e (?:nachricht|e-?mail|mail))?|nicht zustellbar(?:e (?:nachricht|e-?mail|mail))?|nicht zugestellte (?:nachricht|e-?mail|mail)|(?:ihre )?(?:e-?mail|mail|nachricht)(?: ist| war| konnte| wurde)? (?:nicht zu(?:stellbar|gestellt)(?: werden)?|unzustellbar)|zustellung der (?:nachricht|e-?mail) fehlgeschlagen|unzustellbarkeits\p{L}*|fehler bei der (?:nachrichtenzustellung|e-?mail-?zustellung)|benachrichtigung (?:zum|über den|über die) (?:übermittlungsstatus|zustell\p{L}*|unzustellbarkeit)|warning: (?:message|could not send message)[^:]{0,60})`;
export const BOUNCE_SUBJECT = new RegExp(String.raw`^[[(*"]{0,2}${BOUNCED}[\])*".!]{0,2}${DELIMITER}`, 'iu');
/** Parcels fail and come back too: these need a text that speaks of mail. */
export const PERHAPS_BOUNCE_SUBJECT = new RegExp(
  `^(?:delivery (?:failure(?: notification| report)?|notification|report|failed|has failed|delayed|delay notification)|returned to sender|nicht zugestellt|zustellung (?:fehlgeschlagen|verzögert)|zustell(?:ungs)?(?:fehler|bericht|benachrichtigung)|fehler bei der (?:zustellung|übermittlung)|rückläufer)[.!]?${DELIMITER}`,
  'iu',
);
export const SPEAKS_OF_MAIL =
  /\b(?:nachricht|e-?mails?|mails?|message|recipients?|empfänger\p{L}*|postfach|mailbox|smtp)\b/iu;
/** The server is the first to speak, whatever the subject. */
export const SERVER_BEGINS =
  /^(?:hi\. )?(?:this is the (?:mail|qmail|postfix|exim)|this message was created automatically by mail delivery|delivery has failed to these recipients|your (?:message|e-?mail|mail) (?:\S+ ){0,6}?(?:could ?n[o'’]t be delivered|was ?n[o'’]t delivered|was (?:rejected|not delivered|blocked)|has been rejected)|ihre (?:nachricht|e-?mail|mail) (?:\S+ ){0,6}?(?:nicht zugestellt|abgelehnt|abgewiesen)|die zustellung (?:ihrer|der) (?:nachricht|e-?mail))/iu;

export const BOUNCE_ADDRESS =
  /(?:^|[<\s"(])(?:mailer[-_.]?daemon|maildaemon|microsoftexchange[0-9a-f]{16,}|bounces?|double-bounce|mail[-_.]?delivery[-_.]?(?:sub)?system)(?:[+=][^@\s]*)?(?:@|$|[>\s])/iu;
export const BOUNCE_NAME =
  /^(?:mail delivery (?:sub)?system|mail delivery service|mailer[- ]daemon|mail deliverer|zustellungssystem)$/iu;
export const POSTMASTER = /(?:^|[<\s"(])(?:postmaster|mail-?system|mailadmin)@/iu;

/** Where the mail server begins to speak; a person may stand above it. */
export const SERVER_SPEAKS =
  /this is the (?:mail|qmail|postfix|exim)\S* (?:system|program|delivery)|this (?:message|report|is a message) was (?:created|generated) automatically by|mail delivery software|could not be delivered|couldn['’]t be delivered|wasn['’]t delivered|was not delivered|has not been delivered|unable to deliver|wasn['’]t able to deliver|delivery (?:has failed|to the following recipients? (?:failed|has been delayed))|undeliverable|nicht zugestellt|konnte nicht (?:an|zugestellt)|nicht zustellbar|fehler bei der (?:nachrichten)?zustellung|die zustellung (?:an|ist)|final-recipient|reporting-mta|diagnostic(?:-code| information)|user unknown|mailbox (?:unavailable|full|not found)|recipient address rejected|\b[45]\.\d\.\d{1,3}\b|\b[45]\d\d[ -]/iu;

/** A person speaks of himself; "I'm sorry" and "we were unable to deliver" are what servers say. */
export const FIRST_PERSON =
  /\b(?:ich|mein|meine[mnrs]?|my)\b|\bi (?!am (?:sorry|afraid)|was ?n|was un|could ?n|have (?:tried|given))\p{L}|\b(?:unser|unsere[mnrs]?|our) (?:e-?mails?|mails?|nachricht(?:en)?|kund\p{L}*|lieferant\p{L}*|customers?|clients?|suppliers?|messages?)\b|\bwir (?:\p{L}{1,12} )?(?:bekomm|erhalt|krieg|versuch|schreib|schick|send)\p{L}*|\b(?:bekomm|erhalt|krieg)en wir\b|\bwe (?:keep|get|got|receive|received|tried|sent|send|need)\b/iu;
