import { ConfigError } from '../errors.ts';
import type { OperationName, Route } from './types.ts';

/** One request as it was answered, or not: for metrics. Holds no data of tickets and no secrets. */
export type CallEvent = {
  readonly operation: OperationName;
  readonly milliseconds: number;
  readonly outcome: 'ok' | 'error';
  /** code of the error (`E_…`) */
  readonly code?: string;
  /** 1 for the first try of a call */
  readonly attempt: number;
};

export type ZnunyClientOptions = {
  /** an origin, or with the script's path, or the whole web-service URL; what is missing is found out */
  readonly url: string;
  /** name of the web service, default `TicketTriage` */
  readonly webService?: string;
  /** the script's path; default: `/otrs/…`, `/znuny/…`, `/otobo/nph-genericinterface.pl` are tried in this order */
  readonly basePath?: string;
  /** `operations` = `/TicketSearch` …, `sample` = GenericTicketConnectorREST; default: found out by probing without credentials */
  readonly routes?: 'operations' | 'sample' | { readonly [Name in OperationName]?: Route };
  /** needed unless `sessionId` or `headers` say who calls */
  readonly userLogin?: string;
  /** asked for at every login, never kept */
  readonly password?: () => string;
  /**
   * default `session`: one SessionCreate, then its id; `password`: login and password with every call; `headers`:
   * nothing but `headers`, whose token or API key a gateway or an add-on knows
   */
  readonly auth?: 'session' | 'password' | 'headers';
  /** id of a session that somebody else made; asked for at every call, never renewed from here */
  readonly sessionId?: () => string;
  /** `header`: X-OTRS-Header-… (Znuny 6.5 knows them, older ones do not) also where a body could carry the login */
  readonly credentials?: 'body' | 'header';
  /** PEM text or path of a file, added to the system's certificates */
  readonly caFile?: string;
  readonly clientCert?: { readonly certFile: string; readonly keyFile: string };
  /** accepts any certificate: for tests only */
  readonly insecureSkipVerify?: boolean;
  /** plain http is refused off loopback unless this is set: password and tickets would travel in the clear */
  readonly allowHttp?: boolean;
  /** sent with every request; a function is asked each time (tokens) */
  readonly headers?: Readonly<Record<string, string | (() => string)>>;
  /** for one call, retries included; default 30,000 */
  readonly timeoutMs?: number;
  /** default 2: one Znuny answers most per second at 2 to 4 */
  readonly maxConcurrency?: number;
  /** default 32 MiB */
  readonly maxResponseBytes?: number;
  /** default 6,600,000: a session lives 7,200 s from its creation, however busy it is */
  readonly sessionRenewAfterMs?: number;
  /** after 5 connection failures in a row nothing is sent for so long; default 10,000 */
  readonly breakerMs?: number;
  /** how long `close` waits for writes under way before it cuts them off; default 20,000 */
  readonly closeGraceMs?: number;
  readonly onCall?: (event: CallEvent) => void;
  /** monotonic milliseconds and randomness for tests */
  readonly now?: () => number;
  readonly random?: () => number;
};

const SCRIPT = 'nph-genericinterface.pl';
const DEFAULT_BASE_PATHS = [`/otrs/${SCRIPT}`, `/znuny/${SCRIPT}`, `/otobo/${SCRIPT}`];

export type Target = {
  readonly origin: string;
  readonly webService: string;
  /** paths up to and including the web service, to be tried in this order */
  readonly basePaths: readonly string[];
};

/** Checks the URL and says where the web service may be. Errors: ConfigError E_CONFIG. */
export function target(options: ZnunyClientOptions): Target {
  const url = parseUrl(options.url);
  if (url.protocol === 'http:' && !options.allowHttp && !isLoopback(url.hostname)) {
    throw new ConfigError('E_CONFIG', 'plain http would send the password and the tickets in the clear', {
      where: url.origin,
      hint: 'Use https, or set allow_http where the network is trusted.',
    });
  }
  const path = url.pathname.replace(/\/+$/, '');
  const whole = /^(.*\/(?:Webservice\/([^/]+)|WebserviceID\/\d+))(?:\/.*)?$/.exec(path);
  if (whole?.[1]) {
    const name = whole[2] ? safeDecode(whole[2]) : (options.webService ?? '');
    return { origin: url.origin, webService: name, basePaths: [whole[1]] };
  }
  const webService = options.webService ?? 'TicketTriage';
  const scripts = options.basePath
    ? [`/${options.basePath.replace(/^\/+|\/+$/g, '')}`]
    : path === ''
      ? DEFAULT_BASE_PATHS
      : [scriptPath(path)];
  const service = `/Webservice/${encodeURIComponent(webService)}`;
  return { origin: url.origin, webService, basePaths: scripts.map((script) => script + service) };
}

/** `/znuny` and the agent's `/znuny/index.pl` stand for the interface's script beside them. */
function scriptPath(path: string): string {
  if (/genericinterface[^/]*\.pl$/.test(path)) return path;
  return path.endsWith('.pl') ? path.replace(/[^/]+$/, SCRIPT) : `${path}/${SCRIPT}`;
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ConfigError('E_CONFIG', 'the URL of Znuny is not an http or https URL', {
      hint: 'Write it like https://znuny.example.com.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError('E_CONFIG', 'the URL of Znuny holds a user name or a password', {
      where: url.origin,
      hint: 'Give the login as username and password, or an Authorization header for a proxy as headers.',
    });
  }
  return url;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
