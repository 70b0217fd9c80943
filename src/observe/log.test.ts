import { expect, test } from 'vitest';
import { Log, type LogOptions } from './log.ts';

function logTo(lines: string[], options: Partial<LogOptions> = {}): Log {
  return new Log({ level: 'info', pretty: false, write: (line) => lines.push(line), ...options });
}

test('a line is JSON with level, time and message, facts as fields', () => {
  const lines: string[] = [];

  logTo(lines).write('info', 'ticket triaged', { ticketId: 44, queueTo: 'Büro' });

  const line: Record<string, unknown> = JSON.parse(lines[0] ?? '');
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    ticketId: 44,
    queueTo: 'Büro',
    msg: 'ticket triaged',
  });
});

test('lines below the level are not written, and the level can be changed', () => {
  const lines: string[] = [];
  const log = logTo(lines);

  log.write('debug', 'hidden');
  log.setLevel('debug');
  log.write('debug', 'shown');

  expect(lines).toHaveLength(1);
});

test('control characters reach neither a terminal nor a second line', () => {
  const queue = 'a\u001b[31mred\u009b2J\r\n{"level":"info","msg":"forged"}\u202eevil\u2028';
  for (const pretty of [false, true]) {
    const lines: string[] = [];

    logTo(lines, { pretty }).write('info', 'ticket triaged', { queue });

    const text = lines.join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly these
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
    expect(text.split('\n').filter((line) => /^\s*\{"level"/.test(line))).toHaveLength(pretty ? 0 : 1);
    expect(text).toContain('\\u001b');
  }
});

test('pretty lines name level and message and hold no secret', () => {
  const lines: string[] = [];
  const log = logTo(lines, { pretty: true });
  log.addSecrets(['canary-1']);

  log.write('warn', 'poll failed, trying again', { error: { message: 'canary-1' } });

  expect(lines.join('')).toMatch(/WARN.*poll failed, trying again/);
  expect(lines.join('')).toContain('<secret>');
  expect(lines.join('')).not.toContain('canary-1');
});

test('a secret that looks like a part of the line leaves the line valid', () => {
  const lines: string[] = [];
  const log = logTo(lines);
  log.addSecrets(['1234', 'info', '"msg"', '{"level":']);

  log.write('info', 'a message', { number: 9912349, text: 'x1234x', key1234: true });

  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    number: 9912349,
    text: 'x<secret>x',
    'key<secret>': true,
    msg: 'a message',
  });
});
