/** Apache and Znuny's REST transport: from the socket to an operation and back, faults included. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { breakAnswer } from './broken-answers.ts';
import { type Delays, delayOf, Workers } from './delays.ts';
import { errorCodeOf, errorReply, execute, orderedError, type Work } from './dispatch.ts';
import type { Fault, Faults } from './faults.ts';
import { idList } from './operation.ts';
import { pageReply, type Reply, send, textReply } from './reply.ts';
import { decode, headerParameters, parseBody, parseQuery } from './request.ts';
import { matchRoute } from './routes.ts';
import type { State } from './state.ts';
import type { RequestData, SimulatorCall } from './types.ts';
import { findWebService, type WebService } from './web-services.ts';

const REQUEST_LINE_LIMIT = 8190;
const REQUESTS_PER_SOCKET = 100;

export type HttpOptions = {
  readonly state: State;
  readonly faults: Faults;
  /** WebserviceID is the place in the list */
  readonly webServices: readonly WebService[];
  readonly basePath: string;
  readonly delays: Delays | undefined;
  readonly workers: number;
  /** asked before the operation runs; tests let agents act here */
  readonly before: (call: SimulatorCall) => void | Promise<void>;
  /** asked after the operation ran and before the answer goes out */
  readonly after: (call: SimulatorCall) => void | Promise<void>;
  readonly log: (call: SimulatorCall) => void;
};

export class HttpFront {
  readonly #options: HttpOptions;
  readonly #workers: Workers;
  readonly #requests = new WeakMap<Socket, number>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#workers = new Workers(options.workers);
  }

  /** Changes that wait for their time are dropped with the simulator. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const options = this.#options;
    const { socket } = request;
    const count = (this.#requests.get(socket) ?? 0) + 1;
    this.#requests.set(socket, count);
    // Apache closes after its 100th answer although that answer said Keep-Alive.
    if (count > REQUESTS_PER_SOCKET) return reset(socket);
    const method = request.method ?? 'GET';
    const url = request.url ?? '/';
    const [path = '', query = ''] = split(url);
    const call: SimulatorCall = {
      operation: undefined,
      method,
      path,
      at: options.state.clock.now(),
      ticketIds: [],
      user: undefined,
      data: {},
      status: 0,
      errorCode: undefined,
      fault: undefined,
    };
    const refuse = (reply: Reply, keepAlive = false) => {
      options.log({ ...call, status: reply.status });
      send(response, reply, keepAlive);
    };
    const body = await readBody(request);
    if (body === undefined) return;
    if (method.length + url.length + ' HTTP/1.1'.length + 1 > REQUEST_LINE_LIMIT) {
      return refuse(
        pageReply(
          414,
          'Request-URI Too Long',
          "The requested URL's length exceeds the capacity limit for this server.",
        ),
      );
    }
    if (!path.startsWith(`${options.basePath}/`)) {
      return refuse(pageReply(404, 'Not Found', 'The requested URL was not found on this server.'));
    }
    const [, kind, nameOrId = '', ...rest] = path.slice(options.basePath.length).split('/');
    const service = findWebService(options.webServices, kind, decode(nameOrId));
    if (service === undefined) {
      // An unknown name, or an invalid one: not a single byte comes back.
      options.log(call);
      return reset(socket);
    }
    const routePath = `/${rest.join('/')}`;
    const match = matchRoute(service.routes, method, routePath);
    if (match === undefined) {
      return refuse(
        textReply(500, `HTTP::REST Error while determine Operation for request URI '${routePath}'.`),
        service.keepAlive,
      );
    }
    if (body.length > service.maxLength)
      return refuse(textReply(413, 'Request Entity Too Large'), service.keepAlive);
    const outcome = parseBody(request, body);
    if ('fault' in outcome) return refuse(textReply(500, outcome.fault), service.keepAlive);
    const { operation } = match.route;
    if (outcome.data === undefined) {
      const code = `${operation}.EmptyRequest`;
      options.log({ ...call, operation, status: 200, errorCode: code });
      return send(
        response,
        errorReply(code, `${operation}: The request data is invalid!`),
        service.keepAlive,
      );
    }
    // Route, header and query win over the body.
    const data = { ...outcome.data, ...parseQuery(query), ...headerParameters(request), ...match.parameters };
    await this.#work(
      {
        call: { ...call, operation, ...described(options.state, data) },
        operation,
        data,
        route: match.route,
        remoteAddress: socket.remoteAddress ?? '',
      },
      response,
      service.keepAlive,
    );
  }

  async #work(work: Work, response: ServerResponse, keepAlive: boolean): Promise<void> {
    const options = this.#options;
    const { call, operation, data } = work;
    options.log(call);
    const faults = options.faults.take(operation, call.ticketIds);
    const fault = faults.find(({ kind }) => kind !== 'latency');
    call.fault = faults[0]?.kind;
    let delay = delayOf(options.delays, operation, data);
    for (const one of faults) if (one.kind === 'latency') delay += one.ms;
    if (fault?.kind === 'lock-wait') delay += fault.waitMs ?? 0;
    if (fault?.kind === 'late-apply') {
      await options.before(call);
      this.#later(work, fault.delayMs);
      if (!fault.silent) reset(response.socket);
      return;
    }
    const reply = await this.#workers.run(delay, async () => {
      await options.before(call);
      if (fault !== undefined && isUndone(fault)) return undefined;
      const done =
        fault?.kind === 'error' ? orderedError(fault, operation) : execute(options.state, work, fault);
      await options.after(call);
      return done;
    });
    if (fault?.kind === 'status') {
      call.status = fault.status;
    } else if (reply !== undefined && fault?.kind !== 'silence' && fault?.kind !== 'reset-after') {
      call.status = reply.status;
      call.errorCode = errorCodeOf(reply);
    }
    if (fault === undefined || reply === undefined || !(await breakAnswer(fault, reply, response))) {
      if (reply !== undefined) return send(response, reply, keepAlive);
      if (fault !== undefined) await breakAnswer(fault, undefined, response);
    }
  }

  #later(work: Work, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      execute(this.#options.state, work, undefined);
    }, delayMs);
    this.#timers.add(timer);
  }
}

function isUndone(fault: Fault): boolean {
  if (fault.kind === 'reset-before') return true;
  return (fault.kind === 'silence' || fault.kind === 'status') && fault.applied !== true;
}

function split(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function described(state: State, data: RequestData): Pick<SimulatorCall, 'ticketIds' | 'user' | 'data'> {
  const { Password: _, SessionID: session, ...shown } = data;
  const byNumber = data.TicketNumber === undefined ? undefined : state.byNumber(data.TicketNumber);
  const ids = idList(data.TicketID).map(Number).filter(Number.isFinite);
  const holder = state.sessions.get(String(session))?.user;
  const login =
    holder === undefined
      ? data.UserLogin
      : holder.kind === 'agent'
        ? holder.user.login
        : holder.customer.login;
  return {
    ticketIds: ids.length === 0 && byNumber !== undefined ? [byNumber.id] : ids,
    user: typeof login === 'string' ? login : undefined,
    data: shown,
  };
}

/** Undefined where the client went away in the middle. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

/** RST where the system can send one, so that the client sees ECONNRESET and no clean end. */
function reset(socket: Socket | null): void {
  socket?.resetAndDestroy();
}
