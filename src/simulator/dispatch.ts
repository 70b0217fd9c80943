/** From a call to its operation, and from what that gives to a reply. */
import type { Fault } from './faults.ts';
import type { Operation } from './operation.ts';
import { diedReply, jsonReply, type Reply } from './reply.ts';
import type { Route } from './routes.ts';
import { sessionCreate } from './session-create.ts';
import { sessionGet } from './session-get.ts';
import { sessionRemove } from './session-remove.ts';
import type { State } from './state.ts';
import { ticketCreate } from './ticket-create.ts';
import { ticketDelete } from './ticket-delete.ts';
import { ticketGet } from './ticket-get.ts';
import { ticketHistoryGet } from './ticket-history-get.ts';
import { ticketSearch } from './ticket-search.ts';
import { ticketUpdate } from './ticket-update.ts';
import {
  OperationDied,
  OperationError,
  type OperationName,
  type RequestData,
  type SimulatorCall,
} from './types.ts';

const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  SessionCreate: sessionCreate,
  SessionGet: sessionGet,
  SessionRemove: sessionRemove,
  TicketSearch: ticketSearch,
  TicketGet: ticketGet,
  TicketCreate: ticketCreate,
  TicketUpdate: ticketUpdate,
  TicketHistoryGet: ticketHistoryGet,
  TicketDelete: ticketDelete,
};

export type Work = {
  readonly call: SimulatorCall;
  readonly operation: OperationName;
  readonly data: RequestData;
  readonly route: Route;
  readonly remoteAddress: string;
};

export function execute(
  state: State,
  { operation, data, route, remoteAddress }: Work,
  fault: Fault | undefined,
): Reply {
  try {
    const answer = OPERATIONS[operation]({
      state,
      data,
      remoteAddress,
      includeTicketData: route.includeTicketData ?? false,
      dieAfter: fault?.kind === 'die' ? fault.after : fault?.kind === 'lock-wait' ? 'nothing' : undefined,
      dieWith: fault?.kind === 'die' ? fault.message : undefined,
    });
    return jsonReply(answer);
  } catch (error) {
    if (error instanceof OperationError) return errorReply(error.code, error.message);
    if (error instanceof OperationDied) return diedReply(error.message);
    throw error;
  }
}

export function errorReply(code: string, message: string): Reply {
  return jsonReply({ Error: { ErrorCode: code, ErrorMessage: message } });
}

export function orderedError(fault: Extract<Fault, { kind: 'error' }>, operation: OperationName): Reply {
  const code = fault.code.includes('.') ? fault.code : `${operation}.${fault.code}`;
  return errorReply(code, fault.message ?? `${operation}: ${fault.code}!`);
}

export function errorCodeOf(reply: Reply): string | undefined {
  return /^\{"Error":\{"ErrorCode":"([^"]+)"/.exec(reply.body)?.[1];
}
