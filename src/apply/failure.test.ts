import { expect, test } from 'vitest';
import { ConfigError, PermanentError, TransientError } from '../errors.ts';
import { failureArrow, type RetrySettings } from './failure.ts';

const SETTINGS: RetrySettings = {
  maxAttempts: 3,
  retryDelaysMs: [10_000, 60_000],
  znunyDelayMs: 15_000,
  configDelayMs: 600_000,
};
const NOW = 1_000_000;
const arrow = (error: unknown, attempts: number) => failureArrow(error, attempts, SETTINGS, NOW);

const POISON = new TransientError('E_CLASSIFIER', 'the classifier died on this text');

test.each<[string, unknown]>([
  ['a text that breaks the classifier', POISON],
  ['a request that Znuny refuses', new PermanentError('E_ZNUNY_REQUEST', 'refused')],
  ['a defect of ours', new TypeError('undefined is not a function')],
])("%s is the ticket's own failure: two waits, then quarantine", (_, error) => {
  expect(arrow(error, 1)).toMatchObject({
    to: 'deferred',
    until: NOW + 10_000,
    reason: 'retry',
    countsAsAttempt: true,
  });
  expect(arrow(error, 2)).toMatchObject({ to: 'deferred', until: NOW + 60_000, reason: 'retry' });
  expect(arrow(error, 3)).toMatchObject({ to: 'quarantined' });
  expect(arrow(error, 4)).toMatchObject({ to: 'quarantined' });
});

test.each<[string, unknown]>([
  ['no connection', new TransientError('E_ZNUNY_UNREACHABLE', 'refused')],
  ['a certificate that is not trusted', new ConfigError('E_ZNUNY_UNREACHABLE', 'no trusted TLS')],
  ['a refused login', new ConfigError('E_ZNUNY_AUTH', 'refused')],
  ['a route that is gone', new ConfigError('E_ZNUNY_URL', 'no such route')],
  ['a full disk', new TransientError('E_JOURNAL', 'disk full')],
  ['a classifier that does not start', new TransientError('E_CLASSIFIER', 'no start', { where: 'start' })],
])('%s counts against no ticket, however often', (_, error) => {
  expect(arrow(error, 99)).toMatchObject({
    to: 'deferred',
    until: NOW + 15_000,
    reason: 'znuny',
    countsAsAttempt: false,
  });
});

test.each([
  new ConfigError('E_ZNUNY_NAME', 'Znuny does not know Queue "Netz"'),
  new ConfigError('E_ZNUNY_ACCESS', 'no right'),
])('$code waits for a person who corrects it, however often', (error) => {
  expect(arrow(error, 99)).toMatchObject({
    to: 'deferred',
    until: NOW + 600_000,
    reason: 'config',
    countsAsAttempt: false,
  });
});

test('the journal gets the sentence with its hint', () => {
  const error = new ConfigError('E_ZNUNY_NAME', 'Znuny does not know Queue "Netz"', { hint: 'Correct it.' });

  expect(arrow(error, 1)).toMatchObject({
    detail: 'Znuny does not know Queue "Netz". Correct it. [E_ZNUNY_NAME]',
  });
});
