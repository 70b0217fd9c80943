import { authorizeRead, given } from './auth.ts';
import { HISTORY_TYPES } from './history.ts';
import { idList, type Operation } from './operation.ts';
import { hasTicketRight } from './rights.ts';
import { OperationError } from './types.ts';

/** `{"TicketHistory":[{"TicketID","History":[…]}]}`; the ids come back as they were asked for; one bad id fails all. */
export const ticketHistoryGet: Operation = (context) => {
  const { state, data } = context;
  const principal = authorizeRead(context, 'TicketHistoryGet');
  if (!given(data.TicketID)) {
    throw new OperationError(
      'TicketHistoryGet.MissingParameter',
      'TicketHistoryGet: TicketID parameter is missing!',
    );
  }
  const asked = typeof data.TicketID === 'number' ? [data.TicketID] : idList(data.TicketID);
  const now = state.clock.now();
  const histories = asked.map((id) => {
    const ticket = state.tickets.get(Number(id));
    if (ticket === undefined || principal.kind === 'customer' || !hasTicketRight(principal, ticket, 'ro')) {
      throw new OperationError(
        'TicketHistoryGet.AccessDenied',
        `TicketHistoryGet: User does not have access to the ticket ${id}!`,
      );
    }
    const rows = ticket.history
      .filter((row) => row.visibleAt <= now)
      .toSorted((a, b) => a.createdAt - b.createdAt);
    return {
      TicketID: id,
      History: rows.map((row) => ({
        ArticleID: row.articleId,
        CreateBy: row.createBy,
        CreateTime: state.clock.text(row.createdAt),
        HistoryType: row.type,
        HistoryTypeID: HISTORY_TYPES[row.type] ?? 0,
        Name: row.name,
        OwnerID: row.ownerId,
        PriorityID: row.priorityId,
        QueueID: row.queueId,
        StateID: row.stateId,
        TicketID: id,
        TypeID: row.typeId,
      })),
    };
  });
  return { TicketHistory: histories };
};
