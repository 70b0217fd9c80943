import { closest } from 'fastest-levenshtein';
import { PermanentError } from '../errors.ts';
import {
  articleFields,
  attachment,
  dynamicField,
  dynamicFieldSearch,
  getOptions,
  type Rules,
  searchQuery,
  ticketFields,
} from './request-schema.ts';
import type { OperationName } from './types.ts';

/** What a caller writes for another system, or in the singular, and Znuny would ignore without a word. */
const MEANT: Readonly<Record<string, string>> = {
  Owner: 'OwnerIDs (Znuny searches owners by id; TicketGet tells OwnerID)',
  OwnerID: 'OwnerIDs',
  Responsible: 'ResponsibleIDs',
  Customer: 'CustomerID or CustomerUserLogin',
  CustomerUser: 'CustomerUserLogin',
  Queue: 'Queues',
  State: 'States',
  Lock: 'Locks',
  Priority: 'Priorities',
  Type: 'Types',
  Fulltext: 'MIMEBase_Subject and MIMEBase_Body with ContentSearch: "OR"',
  ArchiveFlags: 'SearchInArchive',
  AttachmentName: 'MIMEBase_AttachmentName',
};

type Part = { readonly path: string; readonly value: unknown; readonly rules: Rules };

/**
 * Refuses what Znuny would ignore or misread without a word: keys that it does not know and values of a wrong type.
 * What is missing it says itself, before it writes. Values are never repeated: they may be a ticket's text.
 */
export function checkWrite(operation: OperationName, write: object): void {
  const { Ticket, Article, DynamicField, Attachment, ...rest } = { ...write } as Record<string, unknown>;
  const known = operation === 'TicketUpdate' ? ['TicketID', 'TicketNumber'] : [];
  const unknown = Object.keys(rest)
    .filter((key) => !known.includes(key))
    .map((key) => strange(key, ['Ticket', 'Article', 'DynamicField', 'Attachment', ...known]));
  report(operation, [
    ...unknown,
    ...problems([
      ...parts('Ticket', Ticket, ticketFields),
      ...parts('Article', Article, articleFields),
      ...parts('DynamicField', DynamicField, dynamicField),
      ...parts('Attachment', Attachment, attachment),
    ]),
  ]);
  if (hasEntries(Attachment) && !hasEntries(Article)) {
    report(operation, ['Attachment needs an Article that it belongs to']);
  }
  if (operation === 'TicketUpdate' && isPendingAlone(Ticket)) {
    report(operation, ['Ticket.PendingTime needs the State (or StateID) beside it: Znuny ignores it alone']);
  }
}

export function checkSearch(query: object): void {
  const entries = Object.entries(query);
  const fields = entries.filter(([key]) => /^DynamicField_[A-Za-z\d]+$/.test(key));
  const others = entries.filter((entry) => !fields.includes(entry));
  report('TicketSearch', [
    ...problems([{ path: '', value: Object.fromEntries(others), rules: searchQuery }]),
    ...problems(fields.map(([path, value]) => ({ path, value, rules: dynamicFieldSearch }))),
  ]);
}

export function checkGetOptions(options: object): void {
  report('TicketGet', problems([{ path: '', value: options, rules: getOptions }]));
}

function isPendingAlone(ticket: unknown): boolean {
  if (typeof ticket !== 'object' || ticket === null) return false;
  return 'PendingTime' in ticket && !('State' in ticket) && !('StateID' in ticket);
}

function hasEntries(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

/** An object, or each object of a list. */
function parts(path: string, value: unknown, rules: Rules): readonly Part[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [{ path, value, rules }];
  return value.map((entry, index) => ({ path: `${path}[${index}]`, value: entry, rules }));
}

function problems(checked: readonly Part[]): string[] {
  return checked.flatMap(({ path, value, rules }) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [`${path} must be an object`];
    }
    return Object.entries(value).flatMap(([key, given]) => {
      const at = path === '' ? key : `${path}.${key}`;
      const rule = rules[key];
      if (rule === undefined) return [strange(at, Object.keys(rules), key)];
      return given === undefined || rule.holds(given) ? [] : [`${at} must be ${rule.must}`];
    });
  });
}

function strange(path: string, known: readonly string[], key = path): string {
  const meant = known.includes('OwnerIDs') ? MEANT[key] : undefined;
  return `${path} is no parameter (did you mean ${meant ?? closest(key, known)}?)`;
}

function report(operation: OperationName, found: readonly string[]): void {
  if (found.length === 0) return;
  throw new PermanentError('E_ZNUNY_REQUEST', `${operation}: ${found.join('; ')}`, {
    hint: 'Nothing was sent. Znuny ignores what it does not know, so correct the request.',
  });
}
