import { FIXTURE_CUSTOMERS } from './fixture.ts';
import { LOOPBACK, type State } from './state.ts';
import { ticketCreate } from './ticket-create.ts';
import type { PortalOptions } from './ways-in-options.ts';

/** The real TicketCreate, called as a portal or a monitoring system calls it: with what this Znuny demands. */
export function createAsPortal(state: State, options: PortalOptions): unknown {
  const user = state.user(options.user ?? 'portal');
  return ticketCreate({
    state,
    remoteAddress: LOOPBACK,
    includeTicketData: false,
    dieAfter: undefined,
    dieWith: undefined,
    ...(options.createdAt === undefined ? {} : { at: options.createdAt }),
    data: {
      UserLogin: user.login,
      Password: user.password,
      Ticket: {
        Title: options.subject,
        Queue: options.queue ?? 'Raw',
        State: options.state ?? 'new',
        Priority: options.priority ?? '3 normal',
        CustomerUser: options.customer ?? FIXTURE_CUSTOMERS[0]?.login,
        ...(state.sysConfig.ticketType ? { Type: options.type ?? 'Unclassified' } : {}),
        ...(options.owner === undefined ? {} : { Owner: options.owner }),
        ...(options.lock === undefined ? {} : { Lock: options.lock }),
      },
      Article: {
        Subject: options.subject,
        Body: options.body ?? options.subject,
        ContentType: options.contentType ?? 'text/plain; charset=utf8',
        ...(state.sysConfig.needAccountedTime ? { TimeUnit: 0 } : {}),
        ...(options.channel === undefined ? {} : { CommunicationChannel: options.channel }),
        ...(options.senderType === undefined ? {} : { SenderType: options.senderType }),
        ...(options.from === undefined ? {} : { From: options.from }),
      },
      ...(options.fields === undefined
        ? {}
        : { DynamicField: Object.entries(options.fields).map(([Name, Value]) => ({ Name, Value })) }),
    },
  });
}
