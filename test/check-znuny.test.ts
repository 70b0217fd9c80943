import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { proofFindings } from '../src/check/proof-findings.ts';
import { prove } from '../src/check/prove.ts';
import { ConfigError } from '../src/errors.ts';
import { Login } from '../src/wiring/login.ts';
import { findings } from './check-findings.ts';
import { House, USUAL } from './cli-harness.ts';

test('a house in order passes check, with one login and no write of any kind', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny();
  znuny.receiveMail({ subject: 'wlan', queue: 'Unclassified' });
  here.write(USUAL, znuny.url);

  const { code, out, error } = await here.triaged('check');

  expect(error).toBe('');
  expect(out).toContain('fits: no errors, no warnings');
  expect(out).toMatch(/✓ source "Unclassified" +1 ticket in new/);
  expect(code).toBe(0);
  const logins = znuny.calls.filter(({ operation, status }) => operation === 'SessionCreate' && status !== 0);
  expect(logins.filter(({ data }) => data.UserLogin !== undefined)).toHaveLength(1);
  const writes = znuny.calls.filter(({ operation }) => /Update|Create$/.test(operation ?? ''));
  expect(writes.filter((call) => call.operation !== 'SessionCreate' && !call.errorCode)).toEqual([]);
  expect(znuny.tickets()).toHaveLength(1);
  expect(readdirSync(here.folder).sort()).toEqual(['config.yaml', 'models']);
});

test('each name that Znuny does not know is told once, where it stands in the file', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny();
  here.write(
    `
model: {model_name: words}
intake: {states: [new, neu], queues: [Raw, Eingang], portal_users: [portal, "5", nobody]}
fields: {category: TriageCategory, status: NoSuchField}
routing:
  default_queue: Unclassified
  rules:
    - {category: Network, queue: IT-Infrastrucure, when: {priority: 3 normal, queue: Raw}}
    - {category: Billing, priority: 6 urgent, state: offen, queue: IT-Infrastrucure}
    - {category: Hardware, type: Storm, owner: ghost, responsible: anna, dynamic_fields: {TriageModel: x}}
`,
    znuny.url,
  );
  const { code, errors } = await findings(here);
  expect(code).toBe(1);
  expect(errors.map((error) => error.replace(/^.*config\.yaml:/, ''))).toEqual([
    '4:44: Znuny has no queue "Eingang"',
    '4:24: Znuny has no state "neu"',
    '4:82: Znuny has no agent "nobody"',
    '9:34: Znuny has no queue "IT-Infrastrucure"',
    '10:37: Znuny has no priority "6 urgent"',
    '10:54: Znuny has no state "offen"',
    '11:34: Znuny has no type "Storm"',
    '11:48: Znuny has no agent "ghost"',
    '5:44: Znuny has no dynamic field "NoSuchField"',
  ]);
  expect(znuny.tickets()).toHaveLength(0);
});

test('without create right a source queue lacks rw for sure, a target queue only perhaps', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny();
  znuny.receiveMail({ subject: 'wlan', queue: 'Unclassified' });
  znuny.setRights('otai-bot', 'Unclassified', ['ro']);
  znuny.setRights('otai-bot', 'Accounting', ['move_into']);
  here.write(USUAL, znuny.url);

  const applying = await findings(here);
  expect(applying.code).toBe(1);
  expect(applying.errors).toEqual([
    expect.stringContaining('"Unclassified" is known, but the bot has no rw'),
  ]);
  expect(applying.warnings).toEqual([
    expect.stringContaining('"Accounting" is known; the bot may not create'),
  ]);

  const observing = await findings(here, '--set', 'mode=observe');
  expect(observing).toMatchObject({ code: 0, ok: true });
});

test('a dynamic field that would not take what triage writes is an error', async () => {
  const here = new House();
  await here.model();
  const fields = [{ name: 'TriageStatus', type: 'dropdown', values: ['done'] }] as const;
  const znuny = await here.znuny({ fields });
  here.write(`fields: {status: TriageStatus}\n${USUAL}`, znuny.url);
  expect((await findings(here)).errors).toEqual([
    expect.stringContaining('dynamic field "TriageStatus" does not take the value "rule"'),
  ]);
});

test('new tickets elsewhere are told, as a warning where no source queue holds any', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny();
  znuny.receiveMail({ subject: 'wlan', queue: 'Sales' });
  here.write(USUAL, znuny.url);
  expect((await findings(here)).warnings).toEqual([
    'queue "Sales": 1 ticket in new; no source queue, left alone',
  ]);
  znuny.receiveMail({ subject: 'wlan', queue: 'Raw' });
  const both = await findings(here);
  expect(both.warnings).toEqual([]);
  expect(both.fine).toContain('queue "Sales": 1 ticket in new; no source queue, left alone');
});

test('a wrong password costs one attempt, and none while the journal says to wait', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny();
  znuny.setPassword('otai-bot', 'another');
  here.write(USUAL, znuny.url);

  const refused = await findings(here);
  expect(refused).toMatchObject({ code: 1, errors: [expect.stringContaining('E_ZNUNY_AUTH')] });
  const attempts = () => znuny.calls.filter(({ data }) => data.UserLogin !== undefined).length;
  expect(attempts()).toBe(1);

  // what the daemon puts down after a refusal of this very login
  const journal = await here.journal();
  const identity = { url: znuny.url, userLogin: 'otai-bot', password: 'simulator-password' };
  const refusal = new ConfigError('E_ZNUNY_AUTH', 'no');
  const refuse = { login: () => Promise.reject(refusal), sessionGet: () => Promise.reject(refusal) };
  const recorder = { record: () => {} } as never;
  const login = new Login({ client: refuse, journal, recorder, clock: Date.now, identity });
  await login.attempt(new AbortController().signal).catch(() => null);
  await journal.close();

  const waiting = await findings(here);
  expect(waiting).toMatchObject({
    code: 1,
    errors: [expect.stringMatching(/not tried again before \d{4}-/)],
  });
  expect(attempts()).toBe(1);
});

test('a web service that searches by GET only is told, with what then does not work', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny({ getOnly: true });
  znuny.receiveMail({ subject: 'wlan', queue: 'Unclassified' });
  here.write(USUAL, znuny.url);
  const { code, warnings } = await findings(here);
  expect(code).toBe(0);
  expect(warnings).toEqual([expect.stringMatching(/^TicketSearch: only by GET/)]);
});

test('without TicketCreate names stay unproven, and check says so', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny();
  znuny.receiveMail({ subject: 'wlan', queue: 'Unclassified' });
  znuny.faults.add({
    kind: 'status',
    status: 404,
    operation: 'TicketCreate',
    times: Number.POSITIVE_INFINITY,
  });
  here.write(USUAL.replace('Accounting', 'No such queue'), znuny.url);
  const { code, warnings } = await findings(here);
  expect(code).toBe(0);
  expect(warnings).toEqual(['TicketCreate: not in the web service: names and rights could not be proven']);
});

test('a web service without TicketUpdate fits mode observe only', async () => {
  const here = new House();
  await here.model();
  const znuny = await here.znuny();
  znuny.receiveMail({ subject: 'wlan', queue: 'Unclassified' });
  znuny.faults.add({
    kind: 'status',
    status: 404,
    operation: 'TicketUpdate',
    times: Number.POSITIVE_INFINITY,
  });
  here.write(USUAL, znuny.url);
  const errors = ['TicketUpdate: the web service does not offer it'];
  expect(await findings(here)).toMatchObject({ code: 1, errors });
  expect(await findings(here, '--set', 'mode=observe')).toMatchObject({ code: 0, warnings: errors });
});

test('should Znuny ever create the probe’s ticket, check stops at once and says which', async () => {
  const name = { kind: 'Queue', name: 'Raw', uses: new Set(['source'] as const), where: 'here' } as const;
  let asked = 0;
  const proofs = await prove([name], async () => {
    asked += 1;
    return { kind: 'created', ticketNumber: '4711' };
  });
  expect(asked).toBe(1);
  expect(proofFindings(proofs, 'apply')).toMatchObject([
    { severity: 'error', what: expect.stringContaining('4711') },
  ]);
});

test('Znuny that takes no connection is one finding with its address, not a crash', async () => {
  const here = new House();
  await here.model();
  here.write(USUAL, 'http://127.0.0.1:9');
  const { code, errors } = await findings(here);
  expect(code).toBe(1);
  expect(errors).toEqual([expect.stringContaining('E_ZNUNY_UNREACHABLE')]);
});
