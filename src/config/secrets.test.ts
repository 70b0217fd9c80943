// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the configuration look like that
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadConfig } from './load.ts';
import { printConfig } from './print.ts';
import { Secret } from './secret.ts';
import { CONNECTOR, load, problems, temporaryFolder, writeConfig } from './testing.ts';

const CANARY = 'canary-8f3a';
const withPassword = (written: string) => `connector: {url: https://z.example, username: bot, ${written}}\n`;

describe('Secret', () => {
  test('it shows itself in no way but reveal', () => {
    const secret = new Secret(CANARY);
    const shown = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect({ a: [secret] }, { depth: 9, showHidden: true }),
      format('%s %o %j', secret, secret, secret),
      JSON.stringify(Object.entries(secret)),
    ].join(' ');

    expect(secret.reveal()).toBe(CANARY);
    expect(shown).toContain('<secret>');
    expect(shown).not.toContain(CANARY);
  });
});

describe('where a password comes from', () => {
  test('a variable, also inside a text; $${ stays a plain ${', () => {
    const { config } = load(
      `${withPassword('password: "${PW}", headers: {X-Key: "Bearer ${TOKEN}"}')}note: {template: "$\${PW}"}\n`,
      {
        env: { PW: CANARY, TOKEN: 'abcd1234' },
      },
    );

    expect(config.connector.password.reveal()).toBe(CANARY);
    expect(config.connector.headers['X-Key']?.reveal()).toBe('Bearer abcd1234');
    expect(config.note.template).toBe('${PW}');
  });

  test('what a variable holds is neither YAML nor looked at for further variables', () => {
    const tricky = '*a: ${PW} # "\'';

    expect(
      load(withPassword('password: "${P}"'), { env: { P: tricky } }).config.connector.password.reveal(),
    ).toBe(tricky);
  });

  test('the file that NAME_FILE names, without its last line end, when NAME is unset or empty', () => {
    const file = join(temporaryFolder(), 'secret');
    writeFileSync(file, `${CANARY}\r\n`);

    for (const env of [{ PW_FILE: file }, { PW: '', PW_FILE: file }]) {
      expect(load(CONNECTOR, { env }).config.connector.password.reveal()).toBe(CANARY);
    }
    expect(load(CONNECTOR, { env: { PW: 'direct', PW_FILE: file } }).config.connector.password.reveal()).toBe(
      'direct',
    );
  });

  test('password_file beside the configuration, or TRIAGED_ZNUNY_PASSWORD_FILE', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'pw'), `${CANARY}\n`);

    const relative = loadConfig({ file: writeConfig(withPassword('password_file: pw'), folder), env: {} });
    const fromEnvironment = load(withPassword(''), {
      env: { TRIAGED_ZNUNY_PASSWORD_FILE: join(folder, 'pw') },
    });

    expect(relative.config.connector.password.reveal()).toBe(CANARY);
    expect(relative.warnings).toEqual([]);
    expect(fromEnvironment.config.connector.password.reveal()).toBe(CANARY);
  });

  test.each([
    ['password: "${NOPE}"', 'the environment variable NOPE is not set'],
    ['password: "${EMPTY}"', 'the environment variable EMPTY is empty'],
    ['password: "${VIA}"', 'the file in the environment variable VIA_FILE (/nonexistent/pw) does not exist'],
    ['password: "${a b}"', 'is no name of a variable'],
    ['password: "${PW"', 'without }'],
    ['password_file: nothing-here', 'connector.password_file: the file nothing-here does not exist'],
    ['password_file: .', 'is a directory'],
    ['password: "${PW}", password_file: x', 'stands beside password'],
    ['auth: session', 'TRIAGED_ZNUNY_PASSWORD_FILE'],
  ])('%s is one clear error', (written, expected) => {
    const found = problems(withPassword(written), {
      env: { PW: CANARY, EMPTY: '', VIA_FILE: '/nonexistent/pw' },
    });

    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^1:\d+ connector\.password/);
    expect(found[0]).toContain(expected);
  });
});

describe('a secret value stays out of', () => {
  test.each([
    `password: *${CANARY}`,
    `password: &${CANARY} [x]`,
    `password: !${CANARY} x`,
    'password: 83921',
    `password: {${CANARY}: ${CANARY}}`,
    `password: [${CANARY}]`,
    `password: abc, ${CANARY}`,
    `password:${CANARY}`,
    `password: "${CANARY}`,
    `pasword: ${CANARY}`,
    `password: "\\q${CANARY}"`,
    `password: "\${PW}", auth: ${CANARY}`,
    `password: "\${PW}", headers: ${CANARY}`,
    'password: "${PW}", headers: {X-Key: 83921}',
    `password: "\${PW}", headers: {X-Key: [${CANARY}]}`,
  ])('the errors of %s', (written) => {
    const found = problems(withPassword(written), { env: { PW: CANARY } });

    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).not.toContain(CANARY);
    expect(found.join('\n')).not.toContain('83921');
  });

  test('--set errors, the dump, the loaded value printed whole, and warnings', () => {
    const loaded = load(withPassword(`password: ${CANARY}, headers: {Authorization: "${CANARY}"}`));
    const shown = [
      printConfig(loaded, { json: false }),
      printConfig(loaded, { json: true }),
      inspect(loaded.config, { depth: 9 }),
      JSON.stringify(loaded.config),
      ...loaded.warnings,
      ...problems(withPassword(''), { sets: [`connector.password=[${CANARY}]`] }),
      ...problems(withPassword(''), { sets: [`connector.password="${CANARY}`] }),
    ].join('\n');

    expect(shown).toContain('<secret>');
    expect(shown).not.toContain(CANARY);
  });

  test('the log: all values are handed to its scrubber, parts of them too, other variables not', () => {
    const loaded = load(
      `connector: {url: "\${URL}", username: bot, password: "\${PW}", headers: {A: "Bearer \${TOKEN}"}}
intake: {webhook: {auth: {type: basic, username: znuny, secrets: ["\${HOOK}", second-secret]}}}
server: {auth: {username: a, password: "\${WEB}"}}\n`,
      {
        env: {
          URL: 'https://z.example',
          PW: 'pw-value',
          TOKEN: 'token-value',
          HOOK: 'hook-value',
          WEB: 'web-value',
        },
      },
    );

    expect(new Set(loaded.secrets)).toEqual(
      new Set(['pw-value', 'Bearer token-value', 'token-value', 'hook-value', 'second-secret', 'web-value']),
    );
  });
});

describe('warnings', () => {
  test('a literal secret is allowed but warned of, with its place', () => {
    const { warnings } = load(
      withPassword('password: literal-one, headers: {X-Api-Key: abc, X-Tenant: blue}'),
    );

    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/config\.yaml:1:\d+: a secret stands in plain text/);
  });

  test('accepting any certificate is warned of', () => {
    const { warnings } = load(withPassword('password: "${PW}", insecure_skip_verify: true'));

    expect(warnings.join()).toContain('any TLS certificate is accepted');
  });
});
