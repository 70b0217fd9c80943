import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { request as secureRequest } from 'node:https';
import { expect, onTestFinished } from 'vitest';
import type { ZnunyClientOptions } from '../src/znuny/client.ts';
import type { Stage } from './stage.ts';

export const note = (Subject: string) => ({ Subject, Body: 'b', NoAgentNotify: 1 }) as const;

export const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error,
  );

/** URL up to the script: a target's URL may be the whole web service's, which no other name can join. */
export async function scriptOf(stage: Stage): Promise<string> {
  return (await stage.endpoint()).baseUrl.replace(/\/Webservice(?:ID)?\/[^/]*$/, '');
}

export async function at(stage: Stage, webService: string, options: Partial<ZnunyClientOptions> = {}) {
  return stage.client({ url: await scriptOf(stage), webService, ...options });
}

/** Between client and Znuny: writes down what passes, and keeps answers back. */
export async function between(stage: Stage, keep = () => false) {
  const { baseUrl } = await stage.endpoint();
  const { origin, pathname, protocol } = new URL(baseUrl);
  const seen: IncomingMessage[] = [];
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    seen.push(incoming);
    const { method = '', url = '', headers } = incoming;
    const outgoing = (protocol === 'https:' ? secureRequest : request)(`${origin}${url}`, {
      method,
      agent: false,
      headers: { ...headers, host: new URL(origin).host },
    });
    outgoing.on('error', () => response.destroy());
    outgoing.on('response', (answer) => {
      if (keep()) return answer.resume();
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      return answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}${pathname}`, seen };
}
