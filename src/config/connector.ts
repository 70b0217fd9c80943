import { z } from 'zod';
import { isMapping } from './key-path.ts';
import { evenIfWrong, key, seconds, secretText, text } from './values.ts';

const restart = { restart: true };

const routePath = z.string().regex(/^\/\S*$/, 'must begin with / and have no blanks');
const route = z.strictObject({
  method: key(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']), 'HTTP method of the route', restart),
  path: key(routePath, 'Path below the web service, `:TicketID` stands for the id', restart),
});
const OPERATIONS = [
  'SessionCreate',
  'SessionGet',
  'SessionRemove',
  'TicketSearch',
  'TicketGet',
  'TicketHistoryGet',
  'TicketUpdate',
  'TicketCreate',
  // An add-on's; only `triaged znuny delete` asks for it.
  'TicketDelete',
] as const;
const routes = z.union([z.enum(['operations', 'sample']), z.partialRecord(z.enum(OPERATIONS), route)], {
  error: 'expected operations, sample, or a mapping of operation to {method, path}',
});

const clientCertificate = z.strictObject({
  cert_file: key(text, 'PEM file of the certificate, relative to the folder of this file', restart),
  key_file: key(text, 'PEM file of its private key, relative to the folder of this file', restart),
});

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is no name of an HTTP header');
const headerValue = z
  .string()
  .regex(/^[^\r\n\0]*$/, 'must be one line')
  .pipe(secretText);

const webService = z
  .string()
  .regex(/^[^\s/?#]+$/, 'must be the name of a web service, without blanks, /, ? and #');

export const connector = z
  .strictObject({
    type: key(z.literal('znuny').default('znuny'), 'Kind of ticket system', restart),
    url: key(
      z.string(),
      "Znuny's address: an origin, or with the script's path, or the whole web-service URL; what is missing is found out at start",
      restart,
    ),
    web_service: key(webService.default('TicketTriage'), 'Name of the web service in Znuny', restart),
    base_path: key(
      routePath.optional(),
      'Path of nph-genericinterface.pl where it is none of the usual ones',
      restart,
    ),
    routes: key(
      routes.optional(),
      'Routes of the web service: `operations` (one route per operation, named like it), `sample` (as GenericTicketConnectorREST), or own ones; found out at start when absent',
      restart,
    ),
    auth: key(
      z.enum(['session', 'password']).default('session'),
      'Log in once (session), or send login and password with every call',
      restart,
    ),
    username: key(text, 'Login of the agent that triages', restart),
    password: key(secretText.optional(), 'Its password, best taken from the environment', {
      restart: true,
      secret: true,
    }),
    password_file: key(
      text.optional(),
      'File that holds the password, relative to the folder of this file; the variable TRIAGED_ZNUNY_PASSWORD_FILE does the same',
      restart,
    ),
    ca_file: key(
      text.optional(),
      "PEM file of a certificate authority to trust besides the system's",
      restart,
    ),
    client_cert: key(clientCertificate.optional(), 'Client certificate for TLS', restart),
    timeout_seconds: key(seconds.default(30), 'Longest time of one call', restart),
    settle_seconds: key(
      z.number().min(0).max(3600).default(60),
      'After a write with an unclear answer, nothing is sent again before this time has passed',
      restart,
    ),
    insecure_skip_verify: key(
      z.boolean().default(false),
      "Accept any certificate: everybody on the way can read the agent's password",
      restart,
    ),
    max_concurrency: key(z.int().min(1).max(32).default(2), 'Calls to Znuny at the same time', restart),
    time_zone: key(
      z.string().refine(isTimeZone, 'is no time zone; write it like Europe/Berlin').optional(),
      "Znuny's time zone, for `when.hours` of rules",
      restart,
    ),
    headers: key(
      z.record(headerName, headerValue).default({}),
      'Further headers of every call, for a proxy that wants a key or a token',
      { restart: true, secret: true },
    ),
    allow_http: key(
      z.boolean().default(false),
      'Allow http:// to another machine, which sends the password in the clear',
      restart,
    ),
  })
  .superRefine((section: unknown, context) => {
    if (!isMapping(section)) return;
    const problem = urlProblem(section.url, section.allow_http === true);
    if (problem) context.addIssue({ code: 'custom', path: ['url'], message: problem });
    if (section.password !== undefined) return;
    // load.ts has read password_file and the variables into `password` by now
    const message = `is missing: write password: "\${ZNUNY_PASSWORD}", or password_file, or set the variable TRIAGED_ZNUNY_PASSWORD_FILE`;
    context.addIssue({ code: 'custom', path: ['password'], message, continue: false });
  }, evenIfWrong)
  .transform(({ password, ...section }) => {
    if (password === undefined) return z.NEVER;
    return { ...section, password };
  });

/** Never repeats the URL: it may hold a password. */
function urlProblem(value: unknown, allowHttp: boolean): string | null {
  if (typeof value !== 'string') return null;
  if (!URL.canParse(value) || !/^https?:\/\//i.test(value)) {
    return 'must be an address that begins with https:// (or http://)';
  }
  const url = new URL(value);
  if (url.username || url.password) {
    return 'must not hold a login or a password: write them to username and password';
  }
  if (/[?#]/.test(value)) return 'must end with the path: remove ? and # and what follows';
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.hostname)) {
    return 'would send the password in the clear: use https://, or set connector.allow_http: true';
  }
  return null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
