import { describe, expect, test } from 'vitest';
import { ruleName } from './rule.ts';
import { CONNECTOR, load, problems } from './testing.ts';

const rules = (...lines: string[]) =>
  problems(`${CONNECTOR}routing:\n  rules:\n${lines.map((line) => `    - ${line}\n`).join('')}`);
const connector = (rest: string) => problems(`connector: {username: bot, password: "\${PW}", ${rest}}\n`);

describe('rules', () => {
  test.each([
    ['{category: A}', 'routing.rules[0]: does nothing'],
    ['{category: A, leave: false}', 'routing.rules[0]: does nothing'],
    ['{category: A, leave: true, queue: Q}', 'routing.rules[0].leave: contradicts queue'],
    ['{category: A, leave: true, continue: true}', 'routing.rules[0].continue: contradicts leave'],
    ['{category: A, queue: Q, continue: true}', 'routing.rules[0].continue: contradicts queue'],
    ['{category: A, queue: " Q"}', 'neither begins nor ends with a blank'],
    ['{category: A, queue: "Q "}', 'neither begins nor ends with a blank'],
    ['{category: A, queue: ""}', 'neither begins nor ends with a blank'],
    ['{category: [], queue: Q}', 'must have at least one entry'],
    ['{queue: Q, min_confidence: -0.1}', 'must be at least 0'],
    ['{queue: Q, when: {subject: "(?=x)"}}', 'is no regular expression of RE2'],
    ['{queue: Q, when: {body: ""}}', 'matches every ticket'],
    ['{queue: Q, when: {hours: 8-17}}', 'must look like 08:00-17:00'],
    ['{queue: Q, when: {language: German}}', 'must be two small letters'],
    ['{queue: Q, lock: maybe}', 'expected one of lock, unlock'],
    ['{queue: Q, note: 5}', 'expected a text, or false, found the number 5: put it in quotes: "5"'],
    ['{queue: Q, dynamic_fields: {My_Field: x}}', 'must have letters and digits only'],
    ['{queue: Q, dynamic_fields: {Field: 1}}', 'found the number 1: put it in quotes: "1"'],
  ])('%s is refused', (line, expected) => {
    const found = rules(line);

    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  test('two rules of one name are refused, also beside other problems', () => {
    const found = rules('{name: a, queue: Q}', '{name: a, queue: Q}', '{name: b, quue: Q}');

    expect(found.join('\n')).toContain('routing.rules[1].name: is the name of rule 1 already');
    expect(found.join('\n')).toContain('routing.rules[2].quue: unknown key; did you mean queue?');
  });

  test('everything that a rule can say is taken', () => {
    const { config } = load(`${CONNECTOR}
routing:
  rules:
    - name: all
      category: [Network, VPN]
      when: {priority: 3 normal, queue: [Raw, "Misc::Sub"], language: de, customer: ^acme, sender: "@x\\\\.example$", subject: ["(?i)vpn", wlan], body: a+, hours: [Mon-Fri 08:00-17:00, "22:00-24:00"]}
      min_confidence: 0.6
      mode: suggest
      queue: Misc::Sub
      priority: 5 very high
      state: open
      type: Incident
      service: LAN
      owner: jane
      responsible: joe
      lock: unlock
      dynamic_fields: {Field1: x}
      note: See the handbook.
    - {category: Spam, leave: true}
    - {category: Any, note: false, continue: true}
`);

    const [all, spam] = config.routing.rules;
    expect(all?.category).toEqual(['Network', 'VPN']);
    expect(all?.when?.queue).toEqual(['Raw', 'Misc::Sub']);
    expect(all?.when?.priority).toEqual(['3 normal']);
    expect(all?.note).toBe('See the handbook.');
    expect(spam).toEqual({ category: ['Spam'], leave: true, continue: false });
  });

  test('a rule without a name is called by its place and its categories', () => {
    expect(ruleName({ category: ['A', 'B'] }, 1)).toBe('#2 A, B');
    expect(ruleName({}, 0)).toBe('#1 any');
    expect(ruleName({ name: 'mine', category: ['A'] }, 0)).toBe('mine');
  });

  test('a test of the rules needs a text and an expectation', () => {
    const found = problems(
      `${CONNECTOR}routing: {tests: [{subject: a, expect: {}}, {expect: {queue: Q}}]}\n`,
    );

    expect(found.join('\n')).toContain('routing.tests[0].expect: expects nothing');
    expect(found.join('\n')).toContain('routing.tests[1]: has no ticket');
  });
});

describe('connector', () => {
  test.each([
    ['url: ftp://znuny.example.com', 'begins with https://'],
    ['url: znuny.example.com', 'begins with https://'],
    ['url: "https://bot:canary@znuny.example.com"', 'must not hold a login'],
    ['url: "https://znuny.example.com/?UserLogin=canary"', 'remove ? and #'],
    ['url: http://znuny.example.com', 'connector.allow_http'],
    ['url: https://z.example, time_zone: Mars/Base', 'is no time zone'],
    ['url: https://z.example, timeout_seconds: 0', 'must be at least 1'],
    ['url: https://z.example, max_concurrency: 1.5', 'expected a whole number, found the number 1.5'],
    ['url: https://z.example, headers: {"X Y": canary}', 'is no name of an HTTP header'],
    ['url: https://z.example, headers: {X: "canary\\nB: c"}', 'must be one line'],
    ['url: https://z.example, routes: {TicketFind: {method: GET, path: /x}}', 'known here: SessionCreate'],
    ['url: https://z.example, routes: {TicketGet: {method: GET, path: x}}', 'must begin with /'],
    ['url: https://z.example, routes: canary', 'expected operations, sample, or a mapping'],
    ['url: https://z.example, web_service: a/b', 'must be the name of a web service'],
    ['url: https://z.example, client_cert: {cert_file: a.pem}', 'connector.client_cert.key_file: is missing'],
  ])('%s is refused', (rest, expected) => {
    const found = connector(rest);

    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]).not.toContain('canary');
  });

  test('plain http is taken on loopback, and elsewhere when it is allowed', () => {
    for (const url of ['http://127.0.0.1:8088/otrs', 'http://localhost', '"http://[::1]:80"']) {
      expect(connector(`url: ${url}`)).toEqual([]);
    }
    expect(connector('url: http://znuny, allow_http: true')).toEqual([]);
  });
});

describe('the other sections', () => {
  test.each([
    ['intake: {poll: {interval_seconds: 0.5}}', 'must be at least 1'],
    ['intake: {webhook: {enabled: true}}', 'intake.webhook.auth: is missing'],
    ['intake: {webhook: {enabled: true, auth: {type: jwt}}}', 'expected type: header or type: basic'],
    ['intake: {webhook: {path: /metrics}}', 'must be none of /healthz'],
    ['intake: {states: []}', 'must have at least one entry'],
    ['intake: {queues: ["Raw "]}', 'neither begins nor ends with a blank'],
    ['journal: {path: "postgres://bot:canary@db/triaged"}', 'a journal in PostgreSQL is not supported yet'],
    ['server: {listen: 8080}', 'found the number 8080: put it in quotes'],
    ['server: {listen: "127.0.0.1:99999"}', 'must look like 127.0.0.1:8080'],
    ['server: {auth: {username: a}}', 'server.auth.password: is missing'],
    ['model: {provider: openai}', 'expected hf-local'],
    ['model: {priorities: low}', "expected a list of Znuny's priorities"],
    ['note: maybe', 'expected on, off, or a mapping'],
    ['note: {language: fr}', 'expected one of de, en, ticket'],
    ['fields: all', 'expected triage, or a mapping'],
    ['log: {pretty: yes}', 'expected true or false'],
  ])('%s is refused', (line, expected) => {
    const found = problems(`${CONNECTOR}${line}\n`);

    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]).not.toContain('canary');
  });

  test("the webhook's secret must not be the server's password too", () => {
    const found = problems(
      `${CONNECTOR}server: {auth: {username: a, password: "\${PW}"}}\nintake: {webhook: {auth: {type: header, secrets: "\${PW}"}}}\n`,
    );

    expect(found[0]).toContain('server.auth.password: is the same as a secret of intake.webhook');
  });
});
