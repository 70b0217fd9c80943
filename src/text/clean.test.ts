import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, hasText } from './clean.ts';

function bodyOf(body: string, subject = 'Drucker'): string {
  return cleanText({ subject, body }).body;
}

describe('what a customer did not say is taken away', () => {
  test.each([
    [
      'greeting and closing with signature',
      'Sehr geehrte Damen und Herren,\n\nder Drucker druckt nicht.\n\nMit freundlichen Grüßen\nMax Muster\nEinkauf\n\nMuster GmbH\nHauptstraße 1, 12345 Ort\nTel.: +49 30 1234-0\nwww.muster.example',
    ],
    ['informal mail', 'Hallo zusammen,\nder Drucker druckt nicht.\nLG Max, Einkauf'],
    ['signature behind two dashes', 'der Drucker druckt nicht.\n-- \nMax Muster\nMuster GmbH'],
    ['device line', 'der Drucker druckt nicht.\n\nVon meinem iPhone gesendet'],
    [
      'disclaimer',
      'der Drucker druckt nicht.\n\nDiese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte den Absender und vernichten Sie diese Mail.',
    ],
    [
      'security banner',
      'CAUTION: This email originated from outside of the organization. Do not click links unless you recognize the sender.\n\nder Drucker druckt nicht.',
    ],
    [
      'attributed quote',
      'der Drucker druckt nicht.\n\nAm 12.06.2026 um 10:44 schrieb Service <service@firma.example>:\n> Was ist los?\n> Gruß',
    ],
    [
      'attribution broken by a width',
      'der Drucker druckt nicht.\n\nOn Wed, 12 Jun 2026 at 10:44, Meridian Service Desk\n<service@firma.example> wrote:\n\nWhat is wrong?',
    ],
    [
      'Outlook header block',
      'der Drucker druckt nicht.\n\nVon: Service <service@firma.example>\nGesendet: Mittwoch, 12. Juni 2026 10:44\nAn: Max Muster\nBetreff: Drucker\n\nWas ist los?',
    ],
    [
      'original message',
      'der Drucker druckt nicht.\n\n-----Ursprüngliche Nachricht-----\nVon: Service\nWas ist los?',
    ],
    [
      'quote above the answer',
      'Am Montag, 10:44, schrieb Service:\n> Was ist los?\n\nder Drucker druckt nicht.',
    ],
    ['list of links', 'der Drucker[1] druckt nicht.\n\n[1] https://intern.example/drucker\n'],
    ['invisible characters', '\u200bder\u00a0Dru\u00adcker\u0000 druckt\u202e nicht.\u2028'],
  ])('%s', (_, body) => expect(bodyOf(body)).toBe('der Drucker druckt nicht.'));

  test('the English ones too', () => {
    const body =
      'Hi team,\n\nthe printer is dead.\n\nMany thanks and kind regards,\nJane Doe\nHead of Sales | ACME Ltd\nPhone +44 20 7946 0000\n\nThis e-mail and any attachments are confidential and intended solely for the addressee.';
    expect(bodyOf(body)).toBe('the printer is dead.');
  });
});

describe('what a customer said is kept', () => {
  test('a postscript and a log below the closing', () => {
    const body =
      'geht nicht\n\nViele Grüße\nMax\n\nPS: auch der Scanner nicht\n\nFehlermeldung:\nORA-00942: table or view does not exist';
    expect(bodyOf(body)).toBe(
      'geht nicht\n\nPS: auch der Scanner nicht\n\nFehlermeldung:\nORA-00942: table or view does not exist',
    );
  });

  test.each([
    'Ihre Rechnung ist falsch.\nBitte prüfen.',
    'Hallo, der Drucker druckt nicht.',
    'Mein Chef schrieb gestern:\nalles muss neu gedruckt werden',
    'Von: Halle 3\nNach: Halle 4\nBitte umziehen',
  ])('%s', (body) => expect(bodyOf(body).replace(/\s+/g, ' ')).toBe(body.replace(/\s+/g, ' ')));

  test('a forwarded mail, where nothing else is there', () => {
    const below =
      'Von: Kunde <k@kunde.example>\nGesendet: Montag, 1. Juni 2026\nAn: uns\nBetreff: Rechnung\n\nHallo,\nmeine Rechnung ist falsch.\n\nGruß\nKunde';
    expect(bodyOf(below, 'WG: Rechnung')).toBe('meine Rechnung ist falsch.');
    expect(bodyOf(`zur Kenntnis\n\nGruß\nMax\n\n${below}`)).toBe('zur Kenntnis\nmeine Rechnung ist falsch.');
    expect(bodyOf(`Bitte bearbeiten Sie das heute\n\n${below}`, 'Fwd: Rechnung')).toContain(
      'meine Rechnung ist falsch.',
    );
    expect(bodyOf(`Das hat sich erledigt.\n\n${below}`, 'Re: Rechnung')).toBe('Das hat sich erledigt.');
  });

  test('a quoted mail that the writer points to', () => {
    const body =
      'Hinweis unseres Partners, siehe unten, ich bin nur der Bote.\n\n> Ihr Zertifikat läuft heute ab.';
    expect(bodyOf(body)).toBe(
      'Hinweis unseres Partners, siehe unten, ich bin nur der Bote.\nIhr Zertifikat läuft heute ab.',
    );
  });

  test('quoted text, where nothing else is there', () => {
    expect(bodyOf('> > meine Rechnung ist falsch')).toBe('meine Rechnung ist falsch');
  });

  test('the matter below mere thanks', () => {
    const matter = 'für das Angebot, leider ist der Preis falsch und die Menge auch.';
    expect(bodyOf(`Vielen Dank\n\n${matter}`)).toBe(matter);
  });

  test('a mere greeting', () => expect(bodyOf('Hallo')).toBe('Hallo'));

  test('lists and indented lines keep their lines, wrapped paragraphs lose them', () => {
    const wrapped =
      'seit gestern kommt bei mir keine einzige Mail von außen mehr an, intern geht\nalles wie immer, und im Spam ist auch nichts zu finden. Bitte helfen Sie mir\nschnell.\n\n- Drucker: alt\n- Monitor: neu';
    expect(bodyOf(wrapped)).toBe(
      'seit gestern kommt bei mir keine einzige Mail von außen mehr an, intern geht alles wie immer, und im Spam ist auch nichts zu finden. Bitte helfen Sie mir schnell.\n\n- Drucker: alt\n- Monitor: neu',
    );
  });
});

describe('HTML', () => {
  test('becomes text without styles, scripts, pictures and link targets', () => {
    const body =
      '<html><head><style>p{color:red}</style><title>x</title></head><body><script>alert(1)</script><p>Hello,</p><p>the <b>printer</b> at <a href="https://a.example">desk&nbsp;3</a> is dead &amp; gone</p><img src="data:image/png;base64,AAAA"><table><tr><th>Item</th><th>Price</th></tr><tr><td>Ink</td><td>3 €</td></tr></table></body></html>';
    expect(bodyOf(body)).toBe('the printer at desk 3 is dead & gone\n\nItem Price\nInk 3 €');
  });

  test('a cited mail is left out, unless it is all there is', () => {
    const cited = '<blockquote type="cite"><p>the printer is dead</p></blockquote>';
    expect(bodyOf(`<div>any news?</div>${cited}`)).toBe('any news?');
    expect(bodyOf(`<div></div>${cited}`, 'Fwd: printer')).toBe('the printer is dead');
  });

  test('a tag that a customer mentions does not make HTML of his text', () => {
    expect(bodyOf('Im Editor fehlt <b> und\nder Knopf <i>')).toBe('Im Editor fehlt <b> und\nder Knopf <i>');
  });

  test('kilobytes of styles and pasted pictures before the first word do not hide it', () => {
    const body = `<html><style>${'p{margin:0}'.repeat(40_000)}</style><img src="data:image/png;base64,${'A'.repeat(300_000)}"><p>dead printer</p></html>`;
    expect(bodyOf(body)).toBe('dead printer');
  });
});

describe('subject', () => {
  test.each([
    ['Re: AW: Fwd: [Ticket#2026112410000126] Drucker', 'Drucker'],
    ['[EXTERN] WG: Drucker', 'Drucker'],
    ['Re[2]: Drucker: kaputt', 'Drucker: kaputt'],
    ['Rechnung: fehlt', 'Rechnung: fehlt'],
  ])('%s', (subject, bare) => expect(cleanText({ subject, body: '' }).subject).toBe(bare));
});

describe('length', () => {
  test('the cap cuts at a word and says so', () => {
    const clean = cleanText({ subject: '', body: 'Drucker '.repeat(100) }, { maxCharacters: 20 });
    expect(clean).toMatchObject({ body: 'Drucker Drucker', truncated: true });
  });

  test('one character without blanks more than the cap is cut, one less is not', () => {
    expect(cleanText({ subject: '', body: 'x'.repeat(4_001) })).toMatchObject({
      body: 'x'.repeat(4_000),
      truncated: true,
    });
    expect(cleanText({ subject: '', body: 'x'.repeat(4_000) }).truncated).toBe(false);
  });
});

test.each([
  ['12345', '', false],
  ['???', '?!', false],
  ['', 'VPN', true],
  ['Hilfe', '', true],
])('is there anything to judge in %s %s: %s', (subject, body, judged) => {
  expect(hasText(cleanText({ subject, body }))).toBe(judged);
});

describe('any text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '\n',
      '\n\n',
      '> ',
      'Hallo,',
      'MfG',
      '-- ',
      'On 12.3.2026 a@b.example wrote:',
      '<p>',
      '</p>',
      '[1] http://a.example',
      'Von: a',
      'Gesendet: b',
      'An: c',
      'Danke',
      'Re: ',
      'Der Drucker geht nicht.',
    ),
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  test('gives a well-formed result within the cap', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 200 }), (subject, body, maxCharacters) => {
        const clean = cleanText({ subject, body }, { maxCharacters });
        expect(clean.body.length).toBeLessThanOrEqual(maxCharacters);
        expect(clean.subject.length).toBeLessThanOrEqual(maxCharacters);
        expect(clean.body.isWellFormed() && clean.subject.isWellFormed()).toBe(true);
        expect(cleanText({ subject, body }, { maxCharacters })).toEqual(clean);
      }),
      { numRuns: 500 },
    );
  });

  test('a cleaned text stays what it is', () => {
    const sentences = fc.array(
      fc.constantFrom(
        'Der Drucker im Büro geht nicht.',
        'Ich brauche eine neue Tastatur für Raum 3.',
        'Hallo zusammen,',
        '',
        'Viele Grüße',
        'Max Muster',
        '- Maus',
        'Fehler: 0x80070005',
      ),
      { minLength: 1, maxLength: 15 },
    );
    fc.assert(
      fc.property(sentences, (lines) => {
        const once = bodyOf(`Der Zugang ist gesperrt.\n${lines.join('\n')}`);
        expect(once).toContain('Der Zugang ist gesperrt.');
        expect(bodyOf(once)).toContain('Der Zugang ist gesperrt.');
      }),
    );
  });
});

describe('a megabyte takes about a second of processor time at most', () => {
  test.each([
    ['sentences', 'Der Drucker im Büro geht nicht mehr. '],
    ['lines', 'Der Drucker im Büro geht nicht.\n'],
    ['empty lines', '\n'],
    ['quotes', '> a\n'],
    ['attributions without an end', 'Am 12.3.2026 schrieb a\n'],
    ['Dutch attributions', 'Op 1 schreef\n'],
    ['headers', 'Von: a\n'],
    ['closings', 'MfG\n'],
    ['half closings', 'mit freundlichen '],
    ['thanks', 'vielen dank im voraus und '],
    ['links', '[1] http://a.example\n'],
    ['one word', 'a'],
    ['accents', 'a\u0301'],
    ['divs', '<div>'],
    ['paragraphs', '<p>Der <b>Drucker</b> geht nicht</p>'],
    ['comments without an end', '<p><!--'],
    ['styles without an end', '<style>'],
    ['nested tables', '<table><tr><td>'],
  ])('%s', (_, piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    // Of the processor, not of the clock: other tests run beside it.
    const before = process.cpuUsage();
    cleanText({ subject: text, body: text });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_500);
  });
});
