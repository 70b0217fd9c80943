import { parseListen } from '../config/server.ts';

export type HealthAnswer = {
  /** the process answers; says nothing of Znuny */
  readonly alive: boolean;
  readonly ready: boolean;
  /** why it is not ready, or not alive */
  readonly reasons: readonly string[];
};

const DEADLINE_MS = 2_000;

/** Asks /healthz and /readyz of the daemon that listens on `listen` of this machine; two seconds in all. */
export async function askHealth(listen: string): Promise<HealthAnswer> {
  const address = parseListen(listen);
  if (address === null) throw new Error('The schema lets no other address pass.');
  const origin = `http://${hostToAsk(address.host)}:${address.port}`;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    const health = await fetch(`${origin}/healthz`, { signal, redirect: 'error' });
    if (!health.ok) return dead(`${origin}/healthz answers HTTP ${health.status}`);
  } catch (error) {
    return dead(`${origin}/healthz ${reasonOf(error)}`);
  }
  try {
    const readiness = await fetch(`${origin}/readyz`, { signal, redirect: 'error' });
    const body: unknown = await readiness.json();
    return { alive: true, ready: readiness.ok, reasons: reasonsIn(body) };
  } catch (error) {
    return { alive: true, ready: false, reasons: [`${origin}/readyz ${reasonOf(error)}`] };
  }
}

/** Listening on every address includes loopback, which is nearest. */
function hostToAsk(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (/^[0:]+$/.test(host)) return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function dead(reason: string): HealthAnswer {
  return { alive: false, ready: false, reasons: [reason] };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `did not answer within ${DEADLINE_MS / 1_000} s`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
  return code === 'ECONNREFUSED' ? 'takes no connection: the daemon does not run' : `failed (${code})`;
}

function reasonsIn(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null || !('reasons' in body)) return [];
  return Array.isArray(body.reasons) ? body.reasons.map(String) : [];
}
