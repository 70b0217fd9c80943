/** `YYYY-MM-DD HH:MM:SS` in Znuny's own time zone (OTRSTimeZone), not ours. */
export type ZnunyDate = string;

export type ZnunyAttachment = {
  readonly Filename: string;
  readonly ContentType: string;
  readonly ContentID: string;
  readonly Disposition: string;
  readonly FileID: number;
  /** bytes */
  readonly FilesizeRaw: number;
  /** base64; `''` with `GetAttachmentContents: 0` */
  readonly Content: string;
};

export type DynamicFields = Readonly<Record<string, string | readonly string[]>>;

export type ZnunyArticle = {
  readonly ArticleID: number;
  readonly ArticleNumber: number;
  readonly TicketID: number;
  readonly From: string;
  readonly To: string;
  readonly Cc: string;
  readonly Bcc: string;
  readonly ReplyTo: string;
  readonly Subject: string;
  /** plain text, also for HTML mail */
  readonly Body: string;
  readonly ContentType: string;
  readonly MimeType: string;
  readonly Charset: string;
  readonly CommunicationChannel: string;
  readonly CommunicationChannelID: number;
  readonly SenderType: string;
  readonly SenderTypeID: number;
  readonly IsVisibleForCustomer: number;
  readonly MessageID: string;
  readonly InReplyTo: string;
  readonly References: string;
  readonly CreateBy: number;
  readonly CreateTime: ZnunyDate;
  readonly ChangeBy: number;
  readonly ChangeTime: ZnunyDate;
  /** epoch seconds, free of time zones */
  readonly IncomingTime: number;
  readonly TimeUnit: number;
  readonly DynamicField: DynamicFields;
  readonly Attachment: readonly ZnunyAttachment[];
};

export type ZnunyTicket = {
  readonly TicketID: number;
  readonly TicketNumber: string;
  readonly Title: string;
  /** seconds since creation by Znuny's clock: free of time zones */
  readonly Age: number;
  readonly Created: ZnunyDate;
  readonly Changed: ZnunyDate;
  readonly CreateBy: number;
  readonly ChangeBy: number;
  readonly Queue: string;
  readonly QueueID: number;
  readonly GroupID: number;
  readonly State: string;
  readonly StateID: number;
  readonly StateType: string;
  readonly Priority: string;
  readonly PriorityID: number;
  readonly Type: string;
  readonly TypeID: number;
  readonly Service: string;
  readonly ServiceID: number;
  readonly SLA: string;
  readonly SLAID: number;
  readonly Lock: string;
  readonly LockID: number;
  readonly Owner: string;
  readonly OwnerID: number;
  readonly Responsible: string;
  readonly ResponsibleID: number;
  readonly CustomerID: string;
  readonly CustomerUserID: string;
  readonly ArchiveFlag: string;
  /** epoch seconds of the pending date, 0 where none is set */
  readonly RealTillTimeNotUsed: number;
  readonly UntilTime: number;
  readonly UnlockTimeout: number;
  readonly EscalationTime: number;
  readonly EscalationResponseTime: number;
  readonly EscalationUpdateTime: number;
  readonly EscalationSolutionTime: number;
  readonly TimeUnit: number;
  /** with `Extended: 1`, where there was one: first answer, lock and closing, and their distance to the SLA's times */
  readonly FirstResponse?: ZnunyDate;
  readonly FirstResponseInMin?: number;
  readonly FirstResponseDiffInMin?: number;
  readonly FirstLock?: ZnunyDate;
  readonly Closed?: ZnunyDate;
  readonly SolutionInMin?: number;
  readonly SolutionDiffInMin?: number;
  /** set fields only, with `DynamicFields: 1` */
  readonly DynamicField: DynamicFields;
  /** with `AllArticles: 1` */
  readonly Article: readonly ZnunyArticle[];
};

export type ZnunyHistoryEntry = {
  readonly TicketID: number;
  /** 0 where the row belongs to no article */
  readonly ArticleID: number;
  readonly CreateBy: number;
  readonly CreateTime: ZnunyDate;
  readonly HistoryType: string;
  readonly HistoryTypeID: number;
  /** raw, e.g. `%%Accounting%%5%%Unclassified%%13` for a Move: new, id, old, id */
  readonly Name: string;
  readonly OwnerID: number;
  readonly PriorityID: number;
  readonly QueueID: number;
  readonly StateID: number;
  readonly TypeID: number;
};

export type ZnunySession = {
  readonly userId: number;
  readonly userLogin: string;
  readonly userFullname: string;
  readonly userEmail: string;
};
