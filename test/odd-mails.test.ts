import { expect, test } from 'vitest';
import type { MailOptions } from '../src/simulator/ways-in-options.ts';
import { inJournal, ready } from './support/ask.ts';
import { botNotes, expectNeverTwice, expectTriaged, isTriaged } from './support/judge.ts';
import type { LogLines } from './support/log-lines.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

const ESC = String.fromCharCode(27);
const NUL = String.fromCharCode(0);
const RTL = String.fromCharCode(0x202e);
const WORDS = 'vpn wlan vpn wlan';
const MEGABYTE = 1_000_000;

const ODD: Readonly<Record<string, Partial<MailOptions>>> = {
  'a number as subject, no body': { subject: '12345', body: '' },
  'no subject, no body': { subject: '', body: '' },
  'only blanks': { subject: '   ', body: ' \n\t\n ' },
  'a megabyte of HTML': {
    subject: WORDS,
    html: `<html><body>${'<table><tr><td><div><p>vpn wlan</p></div></td></tr></table>'.repeat(MEGABYTE / 56)}</body></html>`,
  },
  'a megabyte in one word': { subject: WORDS, body: 'x'.repeat(MEGABYTE) },
  'HTML nested 20,000 deep': { subject: WORDS, html: `${'<div>'.repeat(20_000)}vpn wlan` },
  'an attachment and nothing else': {
    subject: WORDS,
    body: '',
    attachments: [{ filename: 'scan.pdf', contentType: 'application/pdf', content: 'JVBERi0xLjQ=' }],
  },
  'emoji and a face that Znuny on MySQL loses': { subject: '😀🔥 vpn 🔥', body: '🔥 wlan vpn 👩‍👩‍👧‍👦 vpn' },
  'text from right to left': { subject: `${RTL}vpn wlan`, body: `شبكة vpn wlan ${RTL} vpn` },
  'NUL and terminal escapes': {
    subject: `vpn${NUL} wlan${ESC}[31m`,
    body: `vpn wlan${NUL}${ESC}]0;x vpn wlan`,
  },
  'half of a surrogate pair': { subject: 'vpn \ud83d wlan', body: 'vpn wlan \udc00 vpn' },
  'a line break in the subject': { subject: 'vpn wlan\r\nBcc: all@example.test', body: WORDS },
  'a subject of 10,000 characters': { subject: 'vpn wlan '.repeat(1_111), body: WORDS },
  'markup as subject': { subject: '<script>alert(1)</script> vpn wlan vpn', body: WORDS },
  'a sender that is no address': { subject: WORDS, body: WORDS, from: '"; <>' },
  'a thousand quoted levels': { subject: WORDS, body: `${WORDS}\n${'> '.repeat(1_000)}old` },
};

test('every odd mail ends as applied or left with a reason, and none stops the rest', {
  timeout: 60_000,
}, async () => {
  const world = await World.open();
  const odd: [string, number][] = [];
  const plain: number[] = [];
  for (const [what, options] of Object.entries(ODD)) {
    odd.push([what, world.mail(options)]);
    plain.push(world.mail());
  }
  const { daemon, log } = await world.start();
  await until('all have ended', () => log.with('ticket triaged').length === odd.length + plain.length, {
    timeoutMs: 40_000,
    why: () => log.tail(),
  });
  for (const id of plain) expectTriaged(world.ticket(id));
  for (const [what, id] of odd) {
    const row = await inJournal(world, (journal) => journal.ticket(id));
    expect({ what, state: row?.state, attempts: row?.attempts }).toEqual({
      what,
      state: 'applied',
      attempts: 1,
    });
    for (const { body, subject } of botNotes(world.ticket(id))) {
      expect(`${subject}\n${body}`).not.toMatch(/alert|Bcc|xxx|old/);
    }
  }
  expectNeverTwice(world);
  // Nothing to read is nothing to judge: to the default queue, priority as it was.
  for (const what of ['a number as subject, no body', 'no subject, no body', 'only blanks'])
    expectTriaged(world.ticket(odd.find(([name]) => name === what)?.[1] ?? 0), 'Unclassified', '3 normal');
  const clear = [
    'a megabyte of HTML',
    'emoji and a face that Znuny on MySQL loses',
    'NUL and terminal escapes',
  ];
  for (const what of clear) expectTriaged(world.ticket(odd.find(([name]) => name === what)?.[1] ?? 0));
  // One event is one line, whatever a subject holds.
  for (const line of log.all) expect(JSON.stringify(line)).not.toContain(ESC);
  await ready(daemon.port);
});

const reasonOf = (log: LogLines, id: number) => log.with('ticket triaged', { ticketId: id })[0]?.reason;

test('a ticket whose article comes late is judged with it, and one whose article never comes is left', async () => {
  const world = await World.open();
  const late = world.mail({ articleDelayMs: 2_500, createdAt: Date.now() - 1_000 });
  const never = world.mail({ noArticle: true, createdAt: Date.now() - 700_000 });
  const plain = world.mail();
  const { log } = await world.start();
  await until('the plain one is triaged', () => isTriaged(world, plain));
  await until('the one without article ended', () => reasonOf(log, never) !== undefined);
  expect(reasonOf(log, never)).toBe('no article');
  expect(botNotes(world.ticket(never))).toEqual([]);
  expect(isTriaged(world, late)).toBe(false);
  await until('the late one is triaged', () => isTriaged(world, late), { why: () => log.tail() });
  expectTriaged(world.ticket(late));
});

test('a ticket without an article that is still young waits, and costs no attempt', async () => {
  const world = await World.open();
  const id = world.mail({ noArticle: true });
  const plain = world.mail();
  const { log } = await world.start();
  await until('the plain one is triaged', () => isTriaged(world, plain), { why: () => log.tail() });
  const row = await inJournal(world, (journal) => journal.ticket(id));
  expect(row).toMatchObject({ state: 'deferred', reason: 'too young', attempts: 0 });
});

test('a ticket with 1,000 articles and a long history is judged by its first one', async () => {
  const world = await World.open();
  const id = world.mail();
  const at = Date.now() - 30_000;
  for (let answer = 0; answer < 999; answer += 1)
    world.simulator.followUpMail(id, { subject: 'invoice', body: 'rechnung invoice', at });
  const plain = world.mail();
  const { log } = await world.start();
  await until('both are triaged', () => isTriaged(world, id) && isTriaged(world, plain), {
    why: () => log.tail(),
  });
  expectTriaged(world.ticket(id));
  expectTriaged(world.ticket(plain));
});

test('out-of-office answers and bounces are left, alarms of a monitoring system are triaged', async () => {
  const world = await World.open();
  const absent = world.mail({
    subject: 'Automatische Antwort: Ihre Anfrage',
    body: 'Ich bin nicht im Büro. vpn wlan',
  });
  const bounce = world.mail({
    subject: 'Undelivered Mail Returned to Sender',
    from: 'Mail Delivery System <MAILER-DAEMON@example.test>',
    body: 'vpn wlan vpn wlan',
  });
  const alarm = world.mail({
    subject: 'PROBLEM: vpn wlan vpn is DOWN',
    from: 'Monitoring <nagios@example.test>',
    body: WORDS,
  });
  const { log } = await world.start();
  await until('all have ended', () => log.with('ticket triaged').length === 3, { why: () => log.tail() });
  expect([absent, bounce].map((id) => reasonOf(log, id))).toEqual(['automatic mail', 'automatic mail']);
  for (const id of [absent, bounce]) expect(botNotes(world.ticket(id))).toEqual([]);
  expectTriaged(world.ticket(alarm));
});
