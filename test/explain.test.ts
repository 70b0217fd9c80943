import { expect, test } from 'vitest';
import { Daemon } from '../src/daemon/daemon.ts';
import type { Explanation } from '../src/explain.ts';
import { FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import type { Simulator } from '../src/simulator/simulator.ts';
import { House, USUAL } from './cli-harness.ts';

const MINUTE = 60_000;

async function explained(house: House, ...args: readonly string[]): Promise<Explanation> {
  const { code, out, error } = await house.triaged('explain', '--json', ...args);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  return JSON.parse(out) as Explanation;
}

async function houseWithZnuny(rest = USUAL): Promise<{ house: House; znuny: Simulator }> {
  const house = new House();
  await house.model();
  const znuny = await house.znuny();
  house.write(rest, znuny.url);
  return { house, znuny };
}

test('a text becomes categories, rules, decision and plan, without a Znuny', async () => {
  const house = new House();
  await house.model();
  house.write(USUAL, 'http://127.0.0.1:9');

  const story = await explained(
    house,
    '--subject',
    'wlan',
    '--body',
    'wlan\n\n-- \nMax Muster GmbH',
    '--from',
    'Max <max@kunde.example>',
  );

  expect(story.text).toMatchObject({ subject: 'wlan', body: 'wlan' });
  expect(story.prediction.categories[0]).toMatchObject({ name: 'Network', group: 'Network group' });
  expect(story.decision).toMatchObject({ reason: 'rule', rule: 'network' });
  expect(story.decision.trace.map(({ rule }) => rule)).toEqual(['network', 'billing', 'hardware']);
  expect(story.plan.fields).toEqual({ Queue: 'IT-Infrastructure', Priority: '4 high' });
  expect(story.plan.before.fields).toEqual({ Queue: 'Raw', Priority: '3 normal' });
  expect(story.plan.note?.body).toContain('IT-Infrastructure');
  expect(story.guard).toBeNull();
  expect(story.result).toEqual({ queue: 'IT-Infrastructure', priority: '4 high' });
});

test('queue, priority and sender of the imagined ticket are what rules with `when` look at', async () => {
  const house = new House();
  await house.model();
  house.write(
    USUAL.replace(
      '  rules:\n',
      '  rules:\n    - {name: vip, when: {queue: Sales, priority: 5 very high, sender: boss@}, queue: HR}\n',
    ),
  );
  const asked = ['--subject', 'wlan', '--queue', 'Sales', '--priority', '5 very high'];
  expect((await explained(house, ...asked)).decision.rule).toBe('network');
  const vip = await explained(house, ...asked, '--from', 'boss@kunde.example');
  expect(vip.decision).toMatchObject({ rule: 'vip', fields: { Queue: 'HR' } });
});

test('an expectation that is not met is exit code 1 and says what came instead', async () => {
  const house = new House();
  await house.model();
  house.write();
  const asked = ['explain', '--subject', 'rechnung'];
  expect((await house.triaged(...asked, '--expect-queue', 'Accounting')).code).toBe(0);
  const missed = await house.triaged(...asked, '--expect-queue', 'Support', '--expect-priority', '3 normal');
  expect(missed.code).toBe(1);
  expect(missed.error).toBe('triaged explain: queue would be "Accounting", expected "Support"');
});

test('below the threshold the plan is the default queue, and the story says how sure was needed', async () => {
  const house = new House();
  await house.model();
  house.write();
  const { code, out } = await house.triaged('explain', '--subject', 'wlan rechnung');
  expect(code).toBe(0);
  expect(out).toMatch(/below the threshold: \w+ 49\.8 %, needs 70\.0 %/);
  expect(out).toContain('Queue: Raw → Unclassified');
});

test('a ticket of Znuny is found by id and by number, and nothing is written to it', async () => {
  const { house, znuny } = await houseWithZnuny();
  const ticket = znuny.receiveMail({
    subject: 'wlan',
    queue: 'Unclassified',
    createdAt: Date.now() - MINUTE,
  });

  const byId = await explained(house, '--ticket', String(ticket.id), '--set', 'mode=observe');
  const byNumber = await explained(house, '--ticket', ticket.number, '--set', 'mode=observe');

  expect(byId.guard).toEqual({ kind: 'ours' });
  expect(byNumber.ticket).toEqual(byId.ticket);
  expect(byId.ticket).toMatchObject({ id: ticket.id, number: ticket.number, queue: 'Unclassified' });
  expect(byId.result.queue).toBe('IT-Infrastructure');
  expect(znuny.ticket(ticket.id)).toEqual(ticket);
});

test('where the guard would stop, its reason is told and the story goes on', async () => {
  const { house, znuny } = await houseWithZnuny();
  const { id } = znuny.receiveMail({ subject: 'wlan', queue: 'Raw', createdAt: Date.now() - MINUTE });
  znuny.agentLocks(id);
  const story = await explained(house, '--ticket', String(id), '--set', 'intake.lookback_hours=1');
  expect(story.guard).toMatchObject({ kind: 'left', reason: 'locked' });
  expect(story.decision.rule).toBe('network');
  const { out } = await house.triaged('explain', '--ticket', String(id), '--set', 'intake.lookback_hours=1');
  expect(out).toContain('guard: left alone, locked');
});

test('a ticket that is not there is exit code 1', async () => {
  const { house } = await houseWithZnuny();
  for (const unknown of ['4711', '2026112410009999', 'none']) {
    const { code, error } = await house.triaged('explain', '--ticket', unknown);
    expect(code).toBe(1);
    expect(error).toContain(`there is no ticket ${unknown} that the bot may read`);
  }
});

test('a refused login is tried once', async () => {
  const { house, znuny } = await houseWithZnuny();
  znuny.setPassword('otai-bot', 'another');
  const { code, error } = await house.triaged('explain', '--ticket', '1');
  expect(code).toBe(78);
  expect(error).toContain('E_ZNUNY_AUTH');
  expect(znuny.calls.filter(({ data }) => data.UserLogin !== undefined)).toHaveLength(1);
});

test('escape sequences of a mail do not reach the terminal', async () => {
  const { house, znuny } = await houseWithZnuny();
  const { id } = znuny.receiveMail({ subject: 'wlan \u001b]0;owned\u0007', body: '\u001b[31mwlan\u009b2J' });
  const { out } = await house.triaged('explain', '--ticket', String(id));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('questions that contradict themselves are refused before anything is started', async () => {
  const house = new House();
  for (const args of [[], ['--ticket', '1', '--subject', 'x'], ['--ticket', '1', '--queue', 'Raw']]) {
    expect((await house.triaged('explain', ...args)).code).toBe(78);
  }
});

test('what explain tells is what the daemon then does', async () => {
  const { house, znuny } = await houseWithZnuny(
    `${USUAL}fields: {category: TriageCategory, probability: TriageConfidence}\nserver: {listen: "127.0.0.1:0"}\nintake: {lookback_hours: 1}\n`.replace(
      '  rules:\n',
      '  rules:\n    - {name: keep, category: Hardware, when: {priority: 2 low}, leave: true}\n',
    ),
  );
  const createdAt = Date.now() - MINUTE;
  const mails = ['wlan', 'rechnung', 'wlan rechnung', 'drucker notfall', 'nothing of this'].map((subject) =>
    znuny.receiveMail({ subject, queue: 'Raw', createdAt }),
  );
  // what a system sent is read from its first article, whoever else wrote later
  const portal = znuny.portalTicket({ subject: 'vpn', queue: 'Raw', senderType: 'system', createdAt });
  znuny.followUpMail(portal.id, { subject: 'rechnung', at: createdAt + 1_000 });
  mails.push(portal);
  const kept = znuny.receiveMail({ subject: 'drucker', queue: 'Raw', priority: '2 low', createdAt });
  const locked = znuny.receiveMail({ subject: 'wlan', queue: 'Raw', createdAt });
  znuny.agentLocks(locked.id);
  const told = new Map<number, Explanation>();
  for (const { id } of [...mails, kept, locked]) told.set(id, await explained(house, '--ticket', String(id)));

  const daemon = new Daemon({
    file: house.config,
    env: { ZNUNY_PASSWORD: FIXTURE_PASSWORD },
    version: '0',
    writeLog: () => {},
  });
  await daemon.start();
  try {
    await expect
      .poll(() => mails.filter(({ id }) => (znuny.ticket(id)?.queue ?? 'Raw') !== 'Raw').length, {
        timeout: 10_000,
      })
      .toBe(mails.length);
  } finally {
    await daemon.stop();
  }

  for (const { id } of mails) {
    const after = znuny.ticket(id);
    const story = told.get(id);
    expect({ queue: after?.queue, priority: after?.priority }).toEqual(story?.result);
    expect(after?.fields).toMatchObject(story?.plan.dynamicFields ?? {});
    const note = after?.articles.at(-1)?.body.trim().split('\n').slice(0, -1);
    expect(note).toEqual(story?.plan.note?.body.split('\n').slice(0, -1));
  }
  expect(told.get(kept.id)).toMatchObject({ changesNothing: true, decision: { reason: 'rule-leaves' } });
  expect(znuny.ticket(kept.id)).toEqual(kept);
  expect(told.get(locked.id)?.guard?.kind).toBe('left');
  expect(znuny.ticket(locked.id)?.queue).toBe('Raw');
});
