import { createHash, timingSafeEqual } from 'node:crypto';

const MAX_BODY_BYTES = 64 * 1024;
/** calls taken at once and per second after that; a stock Znuny makes tickets far slower */
const BURST = 500;
const PER_SECOND = 50;
const REPORT_DROPPED_MS = 10_000;

/** Two secrets while one replaces the other. Stock Znuny can send a fixed header or Basic, and signs nothing. */
export type WebhookAuth =
  | { readonly type: 'header'; readonly header: string; readonly secrets: readonly string[] }
  | { readonly type: 'basic'; readonly username: string; readonly secrets: readonly string[] };

export type WebhookOptions = {
  readonly auth: WebhookAuth;
  /** gets each usable id, after the answer was given; never awaited */
  readonly onTicket: (ticketId: number) => void | Promise<void>;
  /** what `onTicket` threw; the ticket is found by the next poll */
  readonly onFailure: (error: unknown) => void;
  /** calls dropped in a flood, summed up, at most one report in 10 s */
  readonly onDropped: (dropped: number) => void;
  readonly clock: () => number;
};

/**
 * Takes Znuny's call that a ticket was made. The call is a hint: only the id is used, the ticket is read back
 * with our own login. Whatever the id, the answer is the same and comes at once: with a synchronous invoker
 * the request that makes the ticket waits for it, and Ticket::Generic obeys keys of the answer
 * (Kernel/GenericInterface/Invoker/Ticket/Generic.pm), so that nothing is ever echoed.
 */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #expected: readonly Buffer[];
  #tokens = BURST;
  #filledAt: number;
  #dropped = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#expected = options.auth.secrets.map((secret) => digest(expectedValue(options.auth, secret)));
    this.#filledAt = options.clock();
  }

  /** `idInPath` is what a controller like `/webhook/:TicketID` put there: Znuny then takes it out of the body. */
  async handle(request: Request, idInPath: string | null): Promise<Response> {
    if (!this.#authorized(request.headers)) return this.#unauthorized();
    const body = await readBody(request);
    if (body === null) return answer(413, 0);
    const ticketId = toTicketId(idInPath) ?? ticketIdIn(body);
    if (ticketId !== null && this.#takeToken()) this.#announce(ticketId);
    return answer(202, 1);
  }

  #authorized(headers: Headers): boolean {
    const { auth } = this.#options;
    const given = digest(headers.get(auth.type === 'header' ? auth.header : 'authorization') ?? '');
    // Equal lengths by the hash, and no early end: the time tells nothing about the secrets.
    let found = false;
    for (const expected of this.#expected) found = timingSafeEqual(given, expected) || found;
    return found;
  }

  #unauthorized(): Response {
    const response = answer(401, 0);
    if (this.#options.auth.type === 'basic')
      response.headers.set('www-authenticate', 'Basic realm="triaged"');
    return response;
  }

  /**
   * A flood is answered like everything else, not with 429: Znuny would log errors and not call again, and
   * polling, the backstop, finds every ticket whose call is dropped here.
   */
  #takeToken(): boolean {
    const now = this.#options.clock();
    const filled = (Math.max(0, now - this.#filledAt) / 1_000) * PER_SECOND;
    this.#tokens = Math.min(BURST, this.#tokens + filled);
    this.#filledAt = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return true;
    }
    this.#dropped += 1;
    if (now - this.#reportedAt >= REPORT_DROPPED_MS) {
      this.#options.onDropped(this.#dropped);
      this.#dropped = 0;
      this.#reportedAt = now;
    }
    return false;
  }

  #announce(ticketId: number): void {
    const { onTicket, onFailure } = this.#options;
    setImmediate(async () => {
      try {
        await onTicket(ticketId);
      } catch (error) {
        onFailure(error);
      }
    });
  }
}

function expectedValue(auth: WebhookAuth, secret: string): string {
  if (auth.type === 'header') return secret;
  return `Basic ${Buffer.from(`${auth.username}:${secret}`).toString('base64')}`;
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

function answer(status: number, success: 0 | 1): Response {
  return Response.json({ Success: success }, { status });
}

/** Null where the body is longer than allowed; the rest of it is not read. */
async function readBody(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return null;
  if (request.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Generic::Tunnel sends `TicketID` at the top, Ticket::Generic inside `Event`; null where there is none. */
function ticketIdIn(body: string): number | null {
  const call = parseJson(body);
  if (!isRecord(call)) return null;
  return toTicketId(call.TicketID) ?? (isRecord(call.Event) ? toTicketId(call.Event.TicketID) : null);
}

/** A number in TicketCreate, a string in later events (znuny-api: measured). */
function toTicketId(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
