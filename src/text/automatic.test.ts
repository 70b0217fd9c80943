import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type AutomaticMail, automaticMail } from './automatic.ts';

type Row = readonly [from: string, subject: string, body: string];

const BOUNCES: readonly Row[] = [
  ['MAILER-DAEMON@mx.kunde.example', 'Undelivered Mail', 'failed'],
  ['Mail Delivery Subsystem <mailer-daemon@relay.example>', 'Hallo', ''],
  [
    'postmaster@firma.example',
    'Unzustellbar: Ihre Rechnung 4711',
    'Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen: a@b.example',
  ],
  ['Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firma.example>', 'Angebot', ''],
  [
    'system@provider.example',
    'Mail delivery failed: returning message to sender',
    'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its recipients.',
  ],
  [
    'system@provider.example',
    'Delivery Status Notification (Failure)',
    'Your message was not delivered to nobody@kunde.example because the address was not found.',
  ],
  [
    '"Postfach" <noreply@provider.example>',
    'failure notice',
    "Hi. This is the qmail-send program at provider.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.",
  ],
  [
    'noreply@provider.example',
    'Re: [Ticket#2026112410000126] Undeliverable: Ihre Anfrage',
    'Delivery has failed to these recipients or groups:\n\nmax@kunde.example\nThe email address you entered could not be found. Please check the address and try again.',
  ],
  [
    'mailadmin@provider.example',
    'Nachricht nicht zugestellt',
    'Leider konnte Ihre Nachricht nicht zugestellt werden.',
  ],
  [
    'Max <max@kunde.example>',
    'Returned mail: see transcript for details',
    '----- The following addresses had permanent fatal errors -----\n<x@y.example>\n550 5.1.1 User unknown\n\n----- Original message follows -----\nIch habe meine Rechnung noch nicht bekommen.',
  ],
  ['postmaster@firma.example', 'Zustellung verzögert', 'Die Zustellung an max@kunde.example ist verzögert.'],
];

const ABSENCES: readonly Row[] = [
  ['Sam Away <sam.away@kunde.example>', 'Out of Office: Re: Your order', 'I am out of office until Monday.'],
  [
    'sam@kunde.example',
    'Automatische Antwort: Frage zur Lieferung?',
    'Guten Tag,\n\nich bin vom 3. bis 14. Juni nicht im Büro. In dringenden Fällen wenden Sie sich bitte an Frau Muster.\n\nMit freundlichen Grüßen',
  ],
  [
    'sam@kunde.example',
    'AW: [Ticket#2026112410000126] Ihre Bestellung - Automatische Antwort',
    'Vielen Dank für Ihre Nachricht.',
  ],
  ['sam@kunde.example', 'Abwesenheitsnotiz', 'Bin ab 12.6. wieder da.'],
  [
    'sam@kunde.example',
    'Abwesenheitsnotiz Erika Muster',
    'Sehr geehrte Damen und Herren,\nich bin bis einschließlich 21. Mai im Urlaub. Ihre E-Mail wird nicht weitergeleitet.',
  ],
  ['sam@kunde.example', 'Abwesenheit: Rückruf', 'Ich befinde mich bis Ende der Woche auf Dienstreise.'],
  [
    'sam@kunde.example',
    'Automatic reply: Invoice',
    'Thank you for your message. I am on annual leave and will be back on 5 June. Can you please contact my colleague?',
  ],
  [
    'sam@kunde.example',
    'Re: Terminvorschlag',
    'Vielen Dank für Ihre Nachricht. Ich bin bis einschließlich 21. nicht im Haus und lese meine Mails nicht. In dringenden Fällen hilft Ihnen Herr Muster weiter.',
  ],
  [
    'sam@kunde.example',
    'Re: Delivery',
    "Hi,\n\nI'm travelling until 14 March with limited access to e-mail. For anything urgent please contact Sue on ext. 12.\n\nSam",
  ],
  [
    'sam@kunde.example',
    'Re: Rechnung 12',
    'Dies ist eine automatische Antwort. Wir haben Ihre E-Mail erhalten und melden uns in den nächsten Tagen.',
  ],
  [
    'sam@kunde.example',
    'Sam Away is out of the office until 12 May',
    'I will be out of the office starting 5 May and will reply when I return.',
  ],
  ['sam@kunde.example', 'Autoreply: Your ticket', 'We got your mail.'],
  ['sam@kunde.example', 'OOO', 'away'],
  [
    'sam@kunde.example',
    'Re: Angebot',
    'Guten Tag, vielen Dank für Ihre Mail. Ab dem 4. September bin ich wieder für Sie da, bis dahin bin ich\nnicht erreichbar. Meine Vertretung übernimmt Frau Muster.',
  ],
  [
    'sam@kunde.example',
    'Automatic reply: broken printer',
    '<html><body><p>I&#39;m out of the office from May 3rd.</p><blockquote type="cite">Could you please help me?</blockquote></body></html>',
  ],
];

const PEOPLE: readonly Row[] = [
  [
    'Eva <eva@kunde.example>',
    'Undeliverable: Application documents',
    "I try since 3 days to send my documents and they always come back: 'host mx1 said: 550 5.7.1 Message rejected'",
  ],
  [
    'Eva <eva@kunde.example>',
    'Mails kommen zurück',
    'Hallo, wenn ich an unseren Kunden schreibe, bekomme ich immer "Undelivered Mail Returned to Sender", 550 5.7.1. Bitte prüfen.',
  ],
  [
    'Eva <eva@kunde.example>',
    'Undelivered Mail Returned to Sender',
    'Hallo IT, diese Meldung bekomme ich seit heute bei jeder Mail. Was soll ich tun?\n\nThis is the mail system at host mx.firma.example. Your message could not be delivered.',
  ],
  [
    'Eva <eva@kunde.example>',
    'WG: Undelivered Mail Returned to Sender',
    'z.K.\n\nThis is the mail system at host mx.firma.example.',
  ],
  [
    'Eva <eva@kunde.example>',
    'Unzustellbare Mails seit Montag',
    'Meine Mails an die Bank kommen als unzustellbar zurück.',
  ],
  [
    'Eva <eva@kunde.example>',
    'Undeliverable mails to our supplier',
    'Everything I send to acme.example bounces. Please have a look.',
  ],
  [
    'Eva <eva@kunde.example>',
    'Abwesenheitsnotiz',
    'Hallo IT, meine Abwesenheitsnotiz lässt sich nicht ausschalten. Ich bin seit gestern zurück.',
  ],
  [
    'Eva <eva@kunde.example>',
    'Abwesenheitsnotiz einrichten',
    'Bitte für Herrn Muster eine Abwesenheitsnotiz bis 14.6. einrichten, er ist krank.',
  ],
  [
    'Eva <eva@kunde.example>',
    'Out of office not working',
    'My out of office message is not sent to external people.',
  ],
  [
    'Eva <eva@kunde.example>',
    'Abwesenheitsnotiz: falsches Datum',
    'Mein Kunde bekommt eine Abwesenheitsnotiz, obwohl ich da bin.',
  ],
  [
    'Eva <eva@kunde.example>',
    'Automatische Antwort von Ihnen',
    'Ich habe nur eine automatische Antwort bekommen. Wann kümmert sich ein Mensch um meine Rechnung?',
  ],
  [
    'Eva <eva@kunde.example>',
    'Lieferung',
    'Ich bin vom 3. bis 14. Juni nicht im Haus, könnten Sie die Lieferung bitte auf den 17. verschieben?',
  ],
  [
    'Eva <eva@kunde.example>',
    'Weiterleitung',
    'Ich bin ab Montag im Urlaub. Bitte meine Mails an Frau Muster umleiten, sie ist meine Vertretung.',
  ],
  [
    'Eva <eva@kunde.example>',
    'VPN',
    "I'm away from the office until Friday and the VPN does not work from the hotel. Please contact me on my mobile.",
  ],
  [
    'Eva <eva@kunde.example>',
    'Laptop broken',
    'I am out of the office until Monday. My laptop is broken, please send a new one to my home.',
  ],
  [
    'Monitoring <nagios@mon.firma.example>',
    'PROBLEM: mail queue on mx01 is CRITICAL',
    'Undelivered mail in queue: 812. Delivery has failed to 12 hosts. This message was generated automatically, do not reply.',
  ],
  [
    'Monitoring <nagios@mon.firma.example>',
    'Mail delivery failure rate high on mx01',
    '5.1.1 errors above threshold',
  ],
  ['Monitoring <mon@firma.example>', 'Delivery Status Notification service DOWN', 'HTTP 503'],
  [
    'Backup <backup@firma.example>',
    '[FAILED] Backup job NIGHTLY',
    'Dies ist eine automatisch generierte Nachricht, bitte antworten Sie nicht.\nStatus: Failed',
  ],
  [
    'Eva <eva@kunde.example>',
    'Paket nicht zugestellt',
    'Der Bote hat mein Paket nicht zugestellt. Ich war den ganzen Tag zu Hause.',
  ],
  [
    'postmaster@kunde.example',
    'SPF-Eintrag',
    'Guten Tag, Ihr SPF-Eintrag verweist auf einen alten Server. Viele Grüße, Mailteam',
  ],
  ['Eva <eva@kunde.example>', 'Urlaub', 'Wie viele Tage Urlaub habe ich noch bis Dezember?'],
  [
    'Eva <eva@kunde.example>',
    'Erreichbarkeit Hotline',
    'Ihre Hotline ist seit Montag nicht erreichbar, ich bin in der Warteschleife bis 12 Uhr gewesen.',
  ],
  ['Eva <eva@kunde.example>', 'Automatic replies', 'How do I turn on automatic replies in Outlook?'],
  ['Eva <eva@kunde.example>', 'Re: Ihre Anfrage', 'Danke! Bis Montag schicke ich die Unterlagen.'],
  [
    'Eva <eva@kunde.example>',
    'Rückläufer Newsletter auswerten',
    'Bitte die Liste der Adressen schicken, die wir löschen müssen.',
  ],
  ['Eva <eva@kunde.example>', 'FW: Automatic reply: Contract', 'Do we know who covers for her?'],
  ['Eva <eva@kunde.example>', 'Out of office request', 'Please set an out-of-office for Mr Doe until 5 May.'],
];

function mail([from, subject, body]: Row) {
  return automaticMail({ from, subject, body });
}

describe('automatic mail', () => {
  test.each(BOUNCES)('a mail server wrote: %s | %s', (...row) => expect(mail(row)).toBe('bounce'));
  test.each(ABSENCES)('an absence assistant wrote: %s | %s', (...row) =>
    expect(mail(row)).toBe('out-of-office'),
  );
  test.each(PEOPLE)('a person or a monitor wrote: %s | %s', (...row) => expect(mail(row)).toBeNull());
});

const SHAPES = new URL('../../test/shapes/', import.meta.url);
const AUTOMATIC_SHAPES: Readonly<Record<string, AutomaticMail>> = {
  'mail-out-of-office': 'out-of-office',
  'mail-bounce-unrelated': 'bounce',
  'mail-bounce-autoreply-queue': 'bounce',
  'mail-ooo-autoreply-queue': 'out-of-office',
  'mail-bulk-autoreply-queue': 'out-of-office',
};

describe('the ways in which tickets came to a real Znuny', () => {
  const names = readdirSync(SHAPES).filter((name) => /^\d+-shape-.*-get\.json$/.test(name));

  test('the shapes are there', () => expect(names.length).toBeGreaterThan(30));

  test.each(names)('only automatic ones are automatic: %s', (name) => {
    const first = firstArticle(readFileSync(new URL(name, SHAPES), 'utf8'));
    if (first === null) return;
    const shape = name.replace(/^\d+-shape-(.*)-get\.json$/, '$1');
    expect(automaticMail(first)).toBe(AUTOMATIC_SHAPES[shape] ?? null);
  });
});

function firstArticle(json: string): { from: string; subject: string; body: string } | null {
  let found: { from: string; subject: string; body: string } | null = null;
  JSON.parse(json, function (this: unknown, _key, value: unknown) {
    if (found === null && isArticle(value))
      found = { from: value.From, subject: value.Subject, body: value.Body };
    return value;
  });
  return found;
}

function isArticle(value: unknown): value is { From: string; Subject: string; Body: string } {
  return (
    typeof value === 'object' && value !== null && 'From' in value && 'Body' in value && 'Subject' in value
  );
}
