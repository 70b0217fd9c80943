import { availableParallelism } from 'node:os';
import { locateModel } from '../classify/locate-model.ts';
import type { NamingOptions } from '../classify/model-info.ts';
import { ChildClassifier } from '../classify/supervisor.ts';
import type { LoadedConfig } from '../config/load.ts';
import { parseListen } from '../config/server.ts';
import { Webhook } from '../intake/webhook.ts';
import type { JournalReader } from '../journal/journal.ts';
import { Log } from '../observe/log.ts';
import { Metrics } from '../observe/metrics.ts';
import { Recorder } from '../observe/recorder.ts';
import { HttpServer } from '../server/http-server.ts';
import { type CallEvent, ZnunyClient } from '../znuny/client.ts';
import { fromConfigFolder, modelPlaces } from './live.ts';

/** The model that the configuration names; not started yet. Throws ConfigError `E_MODEL`. */
export async function buildClassifier(loaded: LoadedConfig): Promise<ChildClassifier> {
  const { model } = loaded.config;
  const places = modelPlaces({ directory: loaded.directory, model });
  const priority =
    model.priority_model === undefined ? null : await locateModel(model.priority_model, places);
  return new ChildClassifier({
    modelDirectory: await locateModel(model.model_name, places),
    modelName: model.model_name,
    ...(priority === null ? {} : { priorityModelDirectory: priority }),
    ...(model.max_tokens === undefined ? {} : { maxTokens: model.max_tokens }),
    ...namingOf(model),
    // One core stays for the daemon itself and for what else runs here.
    threads: model.threads ?? Math.max(1, availableParallelism() - 1),
    workers: model.workers,
  });
}

/** What the configuration makes of the model's words. */
export function namingOf(model: LoadedConfig['config']['model']): NamingOptions {
  const groups = Object.entries(model.groups).flatMap(([group, names]) =>
    names.map((name) => [name, group] as const),
  );
  return {
    labels: model.labels,
    groups: Object.fromEntries(groups),
    descriptions: model.descriptions,
    ...(model.priorities === undefined ? {} : { priorities: model.priorities }),
  };
}

/** The client of the configured Znuny; nothing is sent before its first call. */
export function buildClient(loaded: LoadedConfig, onCall?: (call: CallEvent) => void): ZnunyClient {
  const { connector } = loaded.config;
  const certificate = connector.client_cert;
  return new ZnunyClient({
    url: connector.url,
    webService: connector.web_service,
    userLogin: connector.username,
    password: () => connector.password.reveal(),
    auth: connector.auth,
    headers: Object.fromEntries(
      Object.entries(connector.headers).map(([name, value]) => [name, () => value.reveal()]),
    ),
    timeoutMs: connector.timeout_seconds * 1_000,
    maxConcurrency: connector.max_concurrency,
    insecureSkipVerify: connector.insecure_skip_verify,
    allowHttp: connector.allow_http,
    ...(connector.base_path === undefined ? {} : { basePath: connector.base_path }),
    ...(connector.routes === undefined ? {} : { routes: connector.routes }),
    ...(connector.ca_file === undefined ? {} : { caFile: fromConfigFolder(loaded, connector.ca_file) }),
    ...(certificate === undefined
      ? {}
      : {
          clientCert: {
            certFile: fromConfigFolder(loaded, certificate.cert_file),
            keyFile: fromConfigFolder(loaded, certificate.key_file),
          },
        }),
    ...(onCall === undefined ? {} : { onCall }),
  });
}

export function buildRecorder(
  loaded: LoadedConfig,
  parts: {
    readonly journal: Pick<JournalReader, 'counts' | 'oldestPending'>;
    readonly clock: () => number;
    readonly writeLog?: (line: string) => void;
  },
): { readonly recorder: Recorder; readonly metrics: Metrics; readonly log: Log } {
  const { journal, clock, writeLog } = parts;
  const log = new Log({ ...loaded.config.log, ...(writeLog ? { write: writeLog } : {}) });
  log.addSecrets(loaded.secrets);
  const metrics = new Metrics({ journal, clock });
  return { recorder: new Recorder({ log, metrics }), metrics, log };
}

export function buildServer(
  loaded: LoadedConfig,
  parts: {
    readonly health: { readonly reasons: readonly string[] };
    readonly metrics: Metrics;
    readonly recorder: Recorder;
    readonly clock: () => number;
    readonly announced: (ticketId: number) => Promise<void>;
  },
): HttpServer {
  const { server, intake } = loaded.config;
  const { health, metrics, recorder, clock, announced } = parts;
  const { host, port } = parseListen(server.listen) ?? { host: '127.0.0.1', port: 0 };
  const { webhook } = intake;
  const failed = (loop: string) => (error: unknown) => recorder.record({ kind: 'loop failed', loop, error });
  return new HttpServer({
    host,
    port,
    health,
    metrics,
    onError: failed('server'),
    ...(server.auth === undefined
      ? {}
      : { auth: { username: server.auth.username, password: server.auth.password.reveal() } }),
    ...(webhook.enabled && webhook.auth !== undefined
      ? {
          webhook: {
            path: webhook.path,
            handler: new Webhook({
              auth: { ...webhook.auth, secrets: webhook.auth.secrets.map((secret) => secret.reveal()) },
              onTicket: announced,
              onFailure: failed('webhook'),
              onDropped: (dropped) => recorder.record({ kind: 'webhook dropped', dropped }),
              clock,
            }),
          },
        }
      : {}),
  });
}

/** Names a Znuny in the journal: where it is and which web service, no login. */
export function instanceName(loaded: LoadedConfig): string {
  const { url, web_service } = loaded.config.connector;
  return `${url.replace(/\/+$/, '')} (${web_service})`;
}
