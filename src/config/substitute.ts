import { dirname, resolve } from 'node:path';
import { readText } from './file.ts';
import { isMapping, type KeyPath, type Mapping } from './key-path.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment's way to give Znuny's password as a file, as container secrets come. */
export const PASSWORD_FILE_VARIABLE = 'TRIAGED_ZNUNY_PASSWORD_FILE';

const LARGEST_SECRET_BYTES = 65_536;
const UNREAD = 'unread';

export type ValueProblem = { readonly path: KeyPath; readonly message: string };

export type Substituted = {
  readonly value: unknown;
  readonly problems: readonly ValueProblem[];
  /** every text that came from a variable or a file, with the key that it went to */
  readonly inserted: readonly { readonly path: KeyPath; readonly text: string }[];
};

/** Replaces `${NAME}` in every text; `$${` stands for `${`. What is put in is never looked at again. */
export function substitute(root: unknown, environment: Environment): Substituted {
  const problems: ValueProblem[] = [];
  const inserted: { path: KeyPath; text: string }[] = [];

  function inText(text: string, path: KeyPath): string {
    return text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (whole, name: string | undefined, end: string) => {
      if (name === undefined) return whole.slice(1);
      const found =
        end === '}'
          ? variable(name, environment)
          : { problem: `has \${ without }: write $\${ for a plain \${` };
      if ('problem' in found) {
        problems.push({ path, message: found.problem });
        return '';
      }
      inserted.push({ path, text: found.text });
      return found.text;
    });
  }

  function inValue(value: unknown, path: KeyPath): unknown {
    if (typeof value === 'string') return inText(value, path);
    if (Array.isArray(value)) return value.map((entry, index) => inValue(entry, [...path, index]));
    if (!isMapping(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, inValue(entry, [...path, name])]),
    );
  }

  return { value: inValue(root, []), problems, inserted };
}

type Found = { readonly text: string } | { readonly problem: string };

/** An empty variable counts as none: compose files pass unset ones on as empty texts. */
function variable(name: string, environment: Environment): Found {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return {
      problem: `has \${…} around something that is no name of a variable: write \${NAME}, or $\${ for a plain \${`,
    };
  }
  const text = environment[name];
  if (text) return { text };
  const fileName = `${name}_FILE`;
  const file = environment[fileName];
  if (file) return secretFile(resolve(file), `the file in the environment variable ${fileName} (${file})`);
  const state = text === '' ? 'is empty' : 'is not set';
  return {
    problem: `the environment variable ${name} ${state}: set it, or set ${fileName} to a file that holds the value`,
  };
}

function secretFile(path: string, what: string): Found {
  const read = readText(path, LARGEST_SECRET_BYTES);
  if (!read.ok) return { problem: `${what} ${read.reason}` };
  const text = read.text.replace(/\r?\n$/, '');
  return text === '' ? { problem: `${what} is empty` } : { text };
}

/** Puts the content of each `password_file` beside it as `password`. Changes `root`. */
export function readPasswordFiles(
  root: Mapping,
  file: string,
  environment: Environment,
): readonly ValueProblem[] {
  const problems: ValueProblem[] = [];
  const connector = root.connector;
  const auth = isMapping(root.server) ? root.server.auth : undefined;
  for (const { section, path } of [
    { section: connector, path: ['connector'] },
    { section: auth, path: ['server', 'auth'] },
  ]) {
    if (!isMapping(section) || typeof section.password_file !== 'string') continue;
    const at = [...path, 'password_file'];
    if (section.password !== undefined) {
      problems.push({ path: at, message: 'stands beside password: keep one of the two' });
      continue;
    }
    const name = section.password_file;
    const found = secretFile(resolve(dirname(file), name), `the file ${name}`);
    if ('text' in found) section.password = found.text;
    else {
      // the file is what is wrong, so that nothing may say beside it that the password is missing
      section.password = UNREAD;
      problems.push({ path: at, message: found.problem });
    }
  }
  const fallback = environment[PASSWORD_FILE_VARIABLE];
  if (fallback && isMapping(connector) && connector.password === undefined && !connector.password_file) {
    const found = secretFile(resolve(fallback), `the file in ${PASSWORD_FILE_VARIABLE} (${fallback})`);
    if ('text' in found) connector.password = found.text;
    else {
      connector.password = UNREAD;
      problems.push({ path: ['connector', 'password'], message: found.problem });
    }
  }
  return problems;
}
