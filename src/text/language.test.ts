import { expect, test } from 'vitest';
import { detectLanguage } from './language.ts';

test.each([
  ['de', 'Firewall blockiert Lieferantenportal'],
  ['de', 'ERP geht bei niemandem im ganzen Haus, weder Büro noch Produktion.'],
  ['de', 'PATIENTENPORTAL fremde Befunde!!'],
  ['en', 'FW: Planned maintenance notice – fibre route 7 (info only)'],
  ['en', 'forgot my password for SAP after the holidays, could you reset it please'],
  ['en', 'urgent!! scanner patient admissions'],
  ['it', 'sono un falegname di Cantù e vorrei sapere se a settembre sarete presenti alla fiera di Milano.'],
  ['pl', 'czy mówią Państwo po polsku? Chciałabym porozmawiać o współpracy z naszą stolarnią w Kępnie.'],
  [
    'fr',
    "Bonjour, je n'ai pas encore reçu ma facture du mois de mars, pourriez-vous me l'envoyer par courriel ?",
  ],
  [null, 'Drucker Lager'],
  [null, '12345 67890 2026-11-24 10:44:12 +49 30 1234567'],
  [null, 'https://shop.example/checkout/confirm/very/long/path a@b.example'],
])('%s: %s', (language, text) => expect(detectLanguage(text)).toBe(language));
