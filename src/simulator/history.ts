/** The rows of a ticket's history, named and numbered as Znuny does. */
export const HISTORY_TYPES: Readonly<Record<string, number>> = {
  NewTicket: 1,
  FollowUp: 2,
  SendAutoReject: 3,
  SendAutoReply: 4,
  SendAutoFollowUp: 5,
  Forward: 6,
  Bounce: 7,
  SendAnswer: 8,
  SendAgentNotification: 9,
  SendCustomerNotification: 10,
  EmailAgent: 11,
  EmailCustomer: 12,
  PhoneCallAgent: 13,
  PhoneCallCustomer: 14,
  AddNote: 15,
  Move: 16,
  Lock: 17,
  Unlock: 18,
  Remove: 19,
  TimeAccounting: 20,
  CustomerUpdate: 21,
  PriorityUpdate: 22,
  OwnerUpdate: 23,
  LoopProtection: 24,
  Misc: 25,
  SetPendingTime: 26,
  StateUpdate: 27,
  TicketDynamicFieldUpdate: 28,
  WebRequestCustomer: 29,
  TicketLinkAdd: 30,
  TicketLinkDelete: 31,
  SystemRequest: 32,
  Merged: 33,
  ResponsibleUpdate: 34,
  Subscribe: 35,
  Unsubscribe: 36,
  TypeUpdate: 37,
  ServiceUpdate: 38,
  SLAUpdate: 39,
  ArchiveFlagUpdate: 40,
  EscalationSolutionTimeStop: 41,
  EscalationResponseTimeStart: 42,
  EscalationUpdateTimeStart: 43,
  EscalationSolutionTimeStart: 44,
  TitleUpdate: 50,
};

export const RESET_UNLOCK_TIME = 'Reset of unlock time.';
export const NO_PENDING_TIME = '%%00-00-00 00:00';

type Named = { readonly name: string; readonly id: number };

/** New name and id first, then the old ones. */
export const moveName = (to: Named, from: Named) => `%%${to.name}%%${to.id}%%${from.name}%%${from.id}`;
/** Old first here: Znuny is not consistent. */
export const priorityName = (from: Named, to: Named) => `%%${from.name}%%${from.id}%%${to.name}%%${to.id}`;
export const stateName = (from: string, to: string) => `%%${from}%%${to}%%`;
export const ownerName = (owner: { readonly login: string; readonly id: number }) =>
  `%%${owner.login}%%${owner.id}`;
export const titleName = (from: string, to: string) => `%%${from}%%${to}`;
export const fieldName = (name: string, value: string, old: string) =>
  `%%FieldName%%${name}%%Value%%${value}%%OldValue%%${old}`;
export const notificationName = (notification: string, login: string) =>
  `%%${notification} notification%%${login}%%Email`;
export const customerName = (customerId: string, customerUser: string) =>
  `%%CustomerID=${customerId};CustomerUser=${customerUser};`;
/** Service and SLA: NULL is the name of none, its id is empty. */
export const setName = (to: Named | undefined, from: Named | undefined) =>
  `%%${to?.name ?? 'NULL'}%%${to?.id ?? ''}%%${from?.name ?? 'NULL'}%%${from?.id ?? ''}`;
export const newTicketName = (number: string, queue: string, priority: string, state: string, id: number) =>
  `%%${number}%%${queue}%%${priority}%%${state}%%${id}`;
