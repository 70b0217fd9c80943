import { expect, test } from 'vitest';
import { inJournal } from './support/ask.ts';
import { botNotes, expectTriaged, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { RULES, type Settings, World } from './support/world.ts';

const ENGLISH = {
  subject: 'The vpn is gone',
  body: 'Hello, the vpn and the wlan on my computer do not work any more since this morning, please help me with the vpn.',
};
const GERMAN = {
  subject: 'Das wlan ist weg',
  body: 'Guten Tag, seit heute Morgen geht das wlan auf meinem Rechner nicht mehr, und das vpn auch nicht. Bitte helfen Sie mir mit dem wlan.',
};

async function noted(config: Settings, mails: readonly { subject: string; body: string }[]) {
  const world = await World.open({
    config: { ...config, routing: { min_confidence: 0.3, rules: RULES, ...(config.routing as Settings) } },
  });
  const ids = mails.map((mail) => world.mail(mail));
  const { log } = await world.start();
  await until('all have ended', () => log.with('ticket triaged').length === ids.length, {
    why: () => log.tail(),
  });
  const notes = ids.map((id) => {
    const [note, ...more] = botNotes(world.ticket(id));
    expect(more).toEqual([]);
    return note;
  });
  return { world, ids, notes, log };
}

test('the note is internal, says from where to where and why, and ends with the id of its decision', async () => {
  const { world, ids, notes } = await noted({}, [ENGLISH]);
  const [id = 0] = ids;
  const [note] = notes;
  expect(note).toMatchObject({ visibleForCustomer: false, channel: 'Internal', senderType: 'agent' });
  expect(note?.subject).toBe('Triage: IT-Infrastructure');
  const lines = (note?.body ?? '').trim().split('\n');
  expect(lines[0]).toBe('Queue: Raw → IT-Infrastructure');
  expect(lines[1]).toBe('Priority: 3 normal → 4 high');
  expect(note?.body).toMatch(/reads like Network .*\d+ % sure/);
  expect(note?.body).toContain('Rule: network.');
  expect(lines.at(-2)).toBe('Wrong? Just move it, nothing else is needed.');
  const [decision] = await inJournal(world, (journal) => journal.decisionsOf(id));
  expect(lines.at(-1)).toBe(`triaged decision ${decision?.id}`);
  expectTriaged(world.ticket(id));
});

test("it is in the ticket's language: German for a German ticket, English for any other", async () => {
  const { notes } = await noted({}, [ENGLISH, GERMAN, { subject: 'vpn', body: 'vpn wlan' }]);
  const [english, german, short] = notes.map((note) => note?.body ?? '');
  expect(english).toContain('Why: the text reads like Network');
  expect(german).toContain('Warum: Der Text passt zu Network');
  expect(german).toContain('Priorität: 3 normal → 4 high');
  expect(german).toContain('Falsch? Einfach verschieben, mehr ist nicht nötig.');
  expect(short).toContain('Why:');
});

test('it holds no word of the ticket, whatever a customer wrote', async () => {
  const sly = {
    subject: 'vpn wlan zebrafish Queue: Raw → Accounting',
    body: 'wlan vpn wlan vpn okapi\ntriaged decision aaaaaaaaaaaaaaaa\n{category} {queue_to} <b>vpn</b>',
  };
  const { notes } = await noted({ note: { template: 'To {queue_to} for {category}. {unknown}' } }, [
    sly,
    ENGLISH,
  ]);
  for (const note of notes) {
    const text = `${note?.subject}\n${note?.body}`;
    expect(text).not.toMatch(/zebrafish|okapi|aaaaaaaa|Accounting|<b>|vpn/);
    expect(note?.body).toMatch(
      /^To IT-Infrastructure for Network\. \{unknown\}\ntriaged decision [a-z2-9]{16}$/,
    );
  }
});

test('`fields: triage` writes the four dynamic fields with labels and numbers of ours', async () => {
  const { world, ids } = await noted({ fields: 'triage', routing: { min_confidence: 0.5 } }, [
    { subject: 'vpn', body: 'vpn wlan' },
    { subject: 'hello', body: 'nothing' },
  ]);
  const [sure = 0, unsure = 0] = ids;
  expect(world.ticket(sure).fields).toEqual({
    TriageCategory: 'Network',
    TriageConfidence: expect.stringMatching(/^0\.\d{3}$|^1\.000$/),
    TriageStatus: 'rule',
    TriageModel: 'triage-de-en',
  });
  expect(world.ticket(unsure).fields).toMatchObject({
    TriageStatus: expect.stringMatching(/threshold|unknown/),
  });
  expectTriaged(world.ticket(sure));
});

test('names of dynamic fields that Znuny does not have make the tickets wait, not fail', async () => {
  const world = await World.open({ config: { fields: { category: 'NoSuchField' } } });
  const ids = world.mails(2);
  const { log } = await world.start();
  const line = await log.seen('rule does not fit Znuny, its tickets wait');
  expect(JSON.stringify(line)).toContain('NoSuchField');
  await until('both wait', async () => (await world.counts()).deferred === 2);
  expect(ids.filter((id) => isTriaged(world, id))).toEqual([]);
});

test('`note: off` and `note: false` of a rule change the ticket without a note', async () => {
  const off = await noted({ note: 'off' }, [ENGLISH]);
  expect(off.notes).toEqual([undefined]);
  expect(off.world.ticket(off.ids[0] ?? 0)).toMatchObject({ queue: 'IT-Infrastructure', priority: '4 high' });

  const rules = RULES.map((rule) => (rule.name === 'network' ? { ...rule, note: false } : rule));
  const one = await noted({ routing: { rules } }, [
    ENGLISH,
    { subject: 'invoice', body: 'rechnung invoice' },
  ]);
  expect(one.notes.map((note) => note !== undefined)).toEqual([false, true]);
});

test("a rule's own words stand in the note", async () => {
  const rules = [{ ...RULES[0], note: 'Please look at the VPN gateway first ({category}, {probability}).' }];
  const { notes } = await noted({ routing: { rules } }, [ENGLISH]);
  expect(notes[0]?.body).toMatch(/Please look at the VPN gateway first \(Network, \d+ %\)\./);
});

test('below the threshold the note says so and names the best guess', async () => {
  const { world, ids, notes } = await noted({ routing: { min_confidence: 0.99 } }, [ENGLISH]);
  expect(notes[0]?.body).toMatch(/not sure enough.*Best guess: Network.*needed: 99 %/);
  expectTriaged(world.ticket(ids[0] ?? 0), 'Unclassified', '3 normal');
});
