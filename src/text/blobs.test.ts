import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { withoutBlobs } from './blobs.ts';

const encoded = randomBytes(600).toString('base64');
const wrapped = encoded.replace(/(.{76})/g, '$1\n');

test.each([
  ['in one run', encoded],
  ['in lines of 76', wrapped],
  ['in lines of 64 with a carriage return', encoded.replace(/(.{64})/g, '$1\r\n')],
])('encoded data %s is taken away, the words around it stay', (_, blob) => {
  const rest = withoutBlobs(`Der Drucker druckt nicht.\n\n${blob}\n\nViele Grüße`);

  expect(rest.split(/\s+/).join(' ')).toBe('Der Drucker druckt nicht. Viele Grüße');
});

test.each([
  'https://intern.example/pfad/zu/einer/seite?nummer=4711&sprache=de und noch mehr',
  '-'.repeat(300),
  'x'.repeat(500),
  'Fehler 0x80070005 in C:/Programme/Werkbuch/Daten2026/Export/Rechnungen',
  'sha256 6cae962263138641f1a924673981f6fe7466105885b1d2789dd7147fc03152a2',
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen',
])('what is no encoded data stays: %s', (text) => {
  expect(withoutBlobs(text)).toBe(text);
});

test('a megabyte of it takes no time', () => {
  const began = performance.now();
  expect(withoutBlobs(randomBytes(750_000).toString('base64')).trim()).toBe('');
  withoutBlobs('aA0'.repeat(300_000).replace(/(.{60})/g, '$1 \n'));
  expect(performance.now() - began).toBeLessThan(2_000);
});
