import type { ModelInfo } from '../classify/classifier.ts';
import type { LoadedConfig } from '../config/load.ts';
import { buildClient } from '../wiring/parts.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { Endpoint, OperationName } from '../znuny/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import { logInOnce } from './login.ts';
import { usedNames } from './names.ts';
import { createProbe } from './probe.ts';
import { proofFindings } from './proof-findings.ts';
import { prove, unknownQueues } from './prove.ts';
import { checkQueues } from './queues.ts';

const znuny = findingsOf('znuny');

/** Connection, login, names, rights and where new tickets lie. Nothing is ever written to Znuny. */
export async function checkZnuny(
  loaded: LoadedConfig,
  model: ModelInfo | null,
  now: number,
): Promise<readonly Finding[]> {
  const client = buildClient(loaded);
  const findings: Finding[] = [];
  try {
    const endpoint = await client.resolveEndpoint();
    findings.push(...operations(endpoint, loaded));
    findings.push(await login(loaded, client, now));
    const names = usedNames(loaded, model);
    const unknown = new Set<string>();
    if (endpoint.routes.TicketCreate) {
      const proofs = await prove(names, createProbe(client));
      for (const queue of unknownQueues(proofs)) unknown.add(queue);
      findings.push(...proofFindings(proofs, loaded.config.mode));
    } else {
      const hint = 'Add TicketCreate to the web service: check asks with it and never creates a ticket.';
      const what = 'not in the web service: names and rights could not be proven';
      findings.push(znuny.warning('TicketCreate', what, hint));
    }
    if (loaded.config.note.enabled) {
      findings.push(znuny.ok('note', 'written as an internal article, which customers do not see'));
    }
    findings.push(...(await checkQueues(loaded, client, unknown)));
    // A session that nobody needs any more; where it cannot be ended it ends by itself.
    if (endpoint.routes.SessionRemove) await client.sessionRemove().catch(() => {});
  } catch (error) {
    findings.push(znuny.failed('connector', error));
  } finally {
    await client.close();
  }
  return findings;
}

const ALWAYS: readonly OperationName[] = [
  'SessionCreate',
  'SessionGet',
  'TicketSearch',
  'TicketGet',
  'TicketHistoryGet',
];

function operations(
  { baseUrl, routes, credentials }: Endpoint,
  { config }: LoadedConfig,
): readonly Finding[] {
  const findings = [znuny.ok('endpoint', `${baseUrl}, credentials in the ${credentials}`)];
  const missing = ALWAYS.filter((name) => !routes[name]);
  for (const name of missing) findings.push(lacks(name));
  if (missing.length === 0) findings.push(znuny.ok('operations', offered(routes)));
  if (!routes.TicketUpdate) {
    const finding = lacks('TicketUpdate');
    findings.push(config.mode === 'observe' ? { ...finding, severity: 'warning' } : finding);
  }
  if (routes.TicketSearch && routes.TicketSearch.method !== 'POST') {
    const hint = `Allow POST on ${routes.TicketSearch.path} in the web service.`;
    const what = 'only by GET: long searches and searches for dynamic fields do not work';
    findings.push(znuny.warning('TicketSearch', what, hint));
  }
  return findings;
}

function offered(routes: Endpoint['routes']): string {
  return [...ALWAYS, 'TicketUpdate' as const].filter((name) => routes[name]).join(', ');
}

function lacks(name: OperationName): Finding {
  const hint = `Add an operation of the type ${name} with the route /${name} to the web service.`;
  return znuny.error(name, 'the web service does not offer it', hint);
}

async function login(loaded: LoadedConfig, client: ZnunyClient, now: number): Promise<Finding> {
  const { userId, userLogin } = await logInOnce(loaded, client, now);
  if (userId !== 1) return znuny.ok('login', `${userLogin}, user ${userId}`);
  const what = `${userLogin} is user 1, as which Znuny's own jobs work: what triage did could not be told from them`;
  return znuny.error('login', what, 'Make an agent of its own for triage.');
}
