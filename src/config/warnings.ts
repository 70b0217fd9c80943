import { factsOf } from './introspect.ts';
import { type KeyPath, valueAt } from './key-path.ts';
import { type Config, configSchema } from './schema.ts';

const PASSWORD_PATHS: readonly KeyPath[] = [
  ['connector', 'password'],
  ['server', 'auth', 'password'],
];
const SECRET_HEADER = /auth|token|key|secret|cookie|password/i;

/** A shorter one would blacken half of each log line; `Secret` masks it wherever it is printed itself. */
const SHORTEST_SCRUBBED = 4;

/** What the log must never show: secret values, and the variables that are parts of them. */
export function secretsOf(
  revealed: readonly string[],
  inserted: readonly { readonly path: KeyPath; readonly text: string }[],
): readonly string[] {
  const parts = inserted.filter(({ path }) => factsOf(configSchema, path).secret).map(({ text }) => text);
  return [...new Set([...revealed, ...parts])]
    .filter((text) => text.length >= SHORTEST_SCRUBBED)
    .sort((a, b) => b.length - a.length);
}

/** What is allowed but unwise. `written`: the file's value before variables were put in. */
export function warningsOf(
  config: Config,
  written: unknown,
  position: (path: KeyPath) => string,
): readonly string[] {
  const { connector, intake } = config;
  const headers = Object.keys(connector.headers).filter((name) => SECRET_HEADER.test(name));
  const webhookSecrets = intake.webhook.auth?.secrets ?? [];
  const candidates: readonly KeyPath[] = [
    ...PASSWORD_PATHS,
    ...headers.map((name) => ['connector', 'headers', name]),
    ['intake', 'webhook', 'auth', 'secrets'],
    ...webhookSecrets.map((_, index) => ['intake', 'webhook', 'auth', 'secrets', index]),
  ];
  const warnings = candidates
    .filter((path) => isLiteral(valueAt(written, path)))
    .map(
      (path) => `${position(path)}: a secret stands in plain text: take it from a variable, as in "\${NAME}"`,
    );
  if (connector.insecure_skip_verify) {
    const where = position(['connector', 'insecure_skip_verify']);
    warnings.push(
      `${where}: any TLS certificate is accepted: whoever stands in between can read the password`,
    );
  }
  return warnings;
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' && !/(?<!\$)\$\{/.test(value);
}
