type Flag = 0 | 1 | boolean;

/** `YYYY-MM-DD HH:MM:SS` in Znuny's own time zone (OTRSTimeZone); other formats find nothing, silently. */
type ZnunyDate = string;

/** One value or several. An empty list is refused: Znuny would drop the filter and answer with everything. */
type Some<T> = T | readonly T[];

/** Operators of a dynamic field search; a value may hold `*` in Like. Only by POST: Znuny ignores it in a query string. */
export type DynamicFieldSearch = {
  readonly Empty?: Flag;
  readonly Equals?: Some<string | number>;
  readonly Like?: Some<string>;
  readonly GreaterThan?: string | number;
  readonly GreaterThanEquals?: string | number;
  readonly SmallerThan?: string | number;
  readonly SmallerThanEquals?: string | number;
};

/**
 * Minutes ago (fractions too), or a wall time; both ends are included. Minutes need no time zone. `TicketChangeTime`
 * is that of any history entry, `TicketLastChangeTime` that of the ticket itself.
 */
type TimeSearch<Prefix extends string> = {
  readonly [Key in `${Prefix}NewerMinutes` | `${Prefix}OlderMinutes`]?: number;
} & { readonly [Key in `${Prefix}NewerDate` | `${Prefix}OlderDate`]?: ZnunyDate };

/**
 * TicketSearch (Kernel/GenericInterface/Operation/Ticket/TicketSearch.pm). Znuny ignores a key that it does not know
 * and then filters less, so this client refuses it. A name that Znuny does not know, and a queue that the agent may
 * not read, give an empty answer and no error. Lists are alternatives; different keys are all required. Text values may hold `*` as wildcard.
 */
export type TicketSearchQuery = {
  readonly TicketID?: Some<number>;
  readonly TicketNumber?: Some<string>;
  readonly Title?: Some<string>;
  /** full names, `Support::Level 2`; sub-queues only with `UseSubQueues` */
  readonly Queues?: Some<string>;
  readonly QueueIDs?: Some<number>;
  readonly UseSubQueues?: Flag;
  readonly States?: Some<string>;
  readonly StateIDs?: Some<number>;
  /** `new`, `open`, `closed` …; `Open` means the one type `open`, not "all that are open" */
  readonly StateType?: Some<string>;
  readonly StateTypeIDs?: Some<number>;
  readonly Types?: Some<string>;
  readonly TypeIDs?: Some<number>;
  readonly Priorities?: Some<string>;
  readonly PriorityIDs?: Some<number>;
  readonly Services?: Some<string>;
  readonly ServiceIDs?: Some<number>;
  readonly SLAs?: Some<string>;
  readonly SLAIDs?: Some<number>;
  readonly Locks?: Some<string>;
  readonly LockIDs?: Some<number>;
  readonly OwnerIDs?: Some<number>;
  readonly ResponsibleIDs?: Some<number>;
  readonly WatchUserIDs?: Some<number>;
  readonly CustomerID?: Some<string>;
  readonly CustomerUserLogin?: Some<string>;
  readonly CreatedUserIDs?: Some<number>;
  readonly CreatedTypes?: Some<string>;
  readonly CreatedTypeIDs?: Some<number>;
  readonly CreatedPriorities?: Some<string>;
  readonly CreatedPriorityIDs?: Some<number>;
  readonly CreatedStates?: Some<string>;
  readonly CreatedStateIDs?: Some<number>;
  readonly CreatedQueues?: Some<string>;
  readonly CreatedQueueIDs?: Some<number>;
  /** full text search: a part of it is enough, case does not count; all texts have to be in one article */
  readonly MIMEBase_From?: string;
  readonly MIMEBase_To?: string;
  readonly MIMEBase_Cc?: string;
  readonly MIMEBase_Subject?: string;
  readonly MIMEBase_Body?: string;
  /** name of a file; none is found before Znuny's search index was rebuilt (measured: new mail and TicketCreate) */
  readonly MIMEBase_AttachmentName?: string;
  /** Znuny keeps the answer for a while; the texts are searched in its index either way */
  readonly FullTextIndex?: Flag;
  /** how the `MIMEBase_…` texts are joined; Znuny's default is AND */
  readonly ContentSearch?: 'AND' | 'OR';
  /** with the archive system on, Znuny searches tickets that are not archived */
  readonly SearchInArchive?: 'AllTickets' | 'ArchivedTickets';
  /** Znuny's own default is 500; there is no paging, only another time window */
  readonly Limit?: number;
  /**
   * Age (Znuny's default, Down = newest first), TicketNumber, Priority, Queue, State, Changed, DynamicField_X …; as
   * many entries as `OrderBy`, and none that Znuny does not know, else it finds nothing
   */
  readonly SortBy?: Some<string>;
  readonly OrderBy?: Some<'Up' | 'Down'>;
} & TimeSearch<'TicketCreateTime'> &
  TimeSearch<'TicketChangeTime'> &
  TimeSearch<'TicketLastChangeTime'> &
  TimeSearch<'TicketCloseTime'> &
  TimeSearch<'TicketPendingTime'> &
  TimeSearch<'TicketEscalationTime'> &
  TimeSearch<'TicketEscalationUpdateTime'> &
  TimeSearch<'TicketEscalationResponseTime'> &
  TimeSearch<'TicketEscalationSolutionTime'> &
  TimeSearch<'ArticleCreateTime'> & { readonly [Name in `DynamicField_${string}`]?: DynamicFieldSearch };
