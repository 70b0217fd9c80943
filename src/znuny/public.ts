/**
 * `triaged/znuny`: the client by itself, for scripts. Its errors, its types, and nothing of the daemon.
 *
 * @example
 * import { ZnunyClient } from 'triaged/znuny';
 */
export {
  AmbiguousError,
  ConfigError,
  describeError,
  type ErrorCode,
  isKnownError,
  type KnownError,
  PermanentError,
  TransientError,
} from '../errors.ts';
export { type ErrorFacts, errorFacts, ZnunyRefusal } from './call-context.ts';
export { type FailedRead, ZnunyClient } from './client.ts';
export type { CallEvent, ZnunyClientOptions } from './options.ts';
export type {
  ArticleFields,
  AttachmentInput,
  DynamicFieldSearch,
  DynamicFields,
  DynamicFieldValue,
  Endpoint,
  OperationName,
  PendingTime,
  Route,
  Routes,
  TicketCreate,
  TicketFields,
  TicketGetOptions,
  TicketSearchQuery,
  TicketUpdate,
  TicketWritten,
  ZnunyArticle,
  ZnunyAttachment,
  ZnunyDate,
  ZnunyHistoryEntry,
  ZnunySession,
  ZnunyTicket,
} from './types.ts';
