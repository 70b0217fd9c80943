/** Answers as an nph script writes them: no Date, no Server, no ETag. */
import type { ServerResponse } from 'node:http';

export type Reply = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const JSON_TYPE = 'application/json; charset=UTF-8';
const TEXT_TYPE = 'text/plain; charset=UTF-8';

export function jsonReply(value: unknown): Reply {
  return { status: 200, contentType: JSON_TYPE, body: JSON.stringify(value) };
}

export function textReply(status: number, text: string): Reply {
  return { status, contentType: TEXT_TYPE, body: text };
}

/** JSON although it says text/plain: so Znuny answers when an operation dies half way. */
export function diedReply(faultstring: string): Reply {
  return textReply(500, JSON.stringify({ faultcode: 'Server', faultstring }));
}

/** A page of apache itself, or of a proxy before it. */
export function pageReply(status: number, title: string, text: string): Reply {
  const page =
    `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html><head>\n` +
    `<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n<hr>\n</body></html>\n`;
  const headers = { Date: new Date().toUTCString(), Server: 'Apache/2.4 (Debian)' };
  return { status, contentType: 'text/html; charset=iso-8859-1', body: page, headers };
}

export function head(response: ServerResponse, reply: Reply, keepAlive: boolean): Buffer {
  const body = Buffer.from(reply.body);
  response.sendDate = false;
  response.writeHead(reply.status, {
    ...reply.headers,
    'Content-Type': reply.contentType,
    'Content-Length': body.length,
    Connection: keepAlive ? 'Keep-Alive' : 'close',
  });
  return body;
}

export function send(response: ServerResponse, reply: Reply, keepAlive: boolean): void {
  response.end(head(response, reply, keepAlive));
}
