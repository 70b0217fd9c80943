/** The instance that a simulator holds unless options say otherwise. */
import type { Right } from './types.ts';

export const FIXTURE_PASSWORD = 'simulator-password';

export type UserDefinition = {
  readonly id?: number;
  readonly login: string;
  readonly password?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  /** null until an administrator saved the agent once */
  readonly title?: string;
  readonly admin?: boolean;
  /** rights in queues that `rights` does not name; default rw */
  readonly defaultRights?: readonly Right[];
  /** rights by queue name; an empty list is no right */
  readonly rights?: Readonly<Record<string, readonly Right[]>>;
};

export type QueueDefinition = {
  readonly id?: number;
  readonly name: string;
  readonly groupId?: number;
  /** a mail that comes in is answered (SendAutoReply and a system article) */
  readonly autoReply?: boolean;
  readonly firstResponseMinutes?: number;
  readonly solutionMinutes?: number;
};

export type FieldDefinition = {
  readonly name: string;
  readonly type: 'text' | 'dropdown' | 'multiselect' | 'datetime' | 'checkbox';
  /** default Ticket */
  readonly object?: 'Ticket' | 'Article';
  /** keys of a dropdown or multiselect */
  readonly values?: readonly string[];
};

export type CustomerDefinition = {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly customerId: string;
  readonly password?: string;
};

export type ServiceDefinition = {
  readonly id?: number;
  readonly name: string;
  /** names; one name at two services is one SLA of both */
  readonly slas?: readonly string[];
  /** logins of the customer users it is assigned to; default all (Znuny's default services) */
  readonly customers?: readonly string[];
};

export const FIXTURE_USERS: readonly UserDefinition[] = [
  {
    id: 1,
    login: 'root@localhost',
    firstName: 'Admin',
    lastName: 'Znuny',
    email: 'root@localhost',
    admin: true,
  },
  { id: 2, login: 'otai-bot', firstName: 'Otai', lastName: 'Bot', email: 'otai-bot@example.test' },
  { id: 3, login: 'anna', firstName: 'Anna', lastName: 'Agent', email: 'anna@example.test' },
  { id: 4, login: 'bert', firstName: 'Bert', lastName: 'Agent', email: 'bert@example.test' },
  { id: 5, login: 'portal', firstName: 'Portal', lastName: 'Api', email: 'portal@example.test' },
];

export const FIXTURE_QUEUES: readonly QueueDefinition[] = [
  { id: 1, name: 'Postmaster' },
  { id: 2, name: 'Raw' },
  { id: 3, name: 'Junk' },
  { id: 4, name: 'Misc' },
  { id: 5, name: 'Accounting' },
  { id: 6, name: 'IT-Infrastructure' },
  { id: 7, name: 'Support' },
  { id: 8, name: 'Unclassified' },
  { id: 9, name: 'Sales' },
  { id: 10, name: 'HR' },
  { id: 11, name: 'Support::Level 2' },
  { id: 12, name: 'Büro & Gebäude' },
];

export const FIXTURE_CUSTOMERS: readonly CustomerDefinition[] = [
  {
    login: 'erika.muster',
    name: 'Erika Muster',
    email: 'erika.muster@kunde.example',
    customerId: 'lab-firma',
  },
  { login: 'john.doe', name: 'John Doe', email: 'john.doe@kunde.example', customerId: 'lab-firma' },
];

export const FIXTURE_FIELDS: readonly FieldDefinition[] = [
  { name: 'TriageCategory', type: 'text' },
  { name: 'TriageConfidence', type: 'text' },
  { name: 'TriageStatus', type: 'text' },
  { name: 'TriageModel', type: 'text' },
  { name: 'ProcessManagementProcessID', type: 'text' },
  { name: 'ProcessManagementActivityID', type: 'text' },
];

export const FIXTURE_SERVICES: readonly ServiceDefinition[] = [
  { id: 1, name: 'Helpdesk', slas: ['Standard'] },
];

/** Znuny's own: id is the place in the list + 1. */
export const PRIORITIES: readonly string[] = ['1 very low', '2 low', '3 normal', '4 high', '5 very high'];

export const STATES: readonly { readonly name: string; readonly type: string }[] = [
  { name: 'new', type: 'new' },
  { name: 'closed successful', type: 'closed' },
  { name: 'closed unsuccessful', type: 'closed' },
  { name: 'open', type: 'open' },
  { name: 'removed', type: 'removed' },
  { name: 'pending reminder', type: 'pending reminder' },
  { name: 'pending auto close+', type: 'pending auto' },
  { name: 'pending auto close-', type: 'pending auto' },
  { name: 'merged', type: 'merged' },
];

/** Znuny's own: id is the place in the list + 1. */
export const STATE_TYPES: readonly string[] = [
  'new',
  'open',
  'closed',
  'pending reminder',
  'pending auto',
  'removed',
  'merged',
];

export const TYPES: readonly string[] = ['Unclassified', 'Incident', 'Request'];

export const CHANNELS: readonly string[] = ['Email', 'Phone', 'Internal', 'Chat', 'SMS'];
export const SENDER_TYPES = ['agent', 'system', 'customer'] as const;
