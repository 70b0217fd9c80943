import { articleData } from './article-data.ts';
import { askedTicket } from './asked-ticket.ts';
import { userIdOf } from './auth.ts';
import { Change } from './changes.ts';
import { stateOf } from './lookups.ts';
import { hasData, type Operation, type OperationContext } from './operation.ts';
import { invalid, missing } from './refusals.ts';
import { hasQueueRight } from './rights.ts';
import type { Principal, StoredTicket } from './store.ts';
import { lossy } from './text.ts';
import { agentName, articleInput } from './ticket-create.ts';
import { fieldData, ticketData } from './ticket-data.ts';
import { OperationDied, OperationError } from './types.ts';
import { checkArticle, checkAttachments } from './validate-article.ts';
import { articleFields, checkFields } from './validate-fields.ts';
import { checkTicket, type TicketPart } from './validate-ticket.ts';

const QUEUE_FAULT = 'Ticket queue could not be updated, please contact system administrator!';
const PRIORITY_FAULT = 'Ticket priority could not be updated, please contact system administrator!';

/** Names are all checked first; what then fails in the middle leaves the earlier writes: there is no transaction. */
export const ticketUpdate: Operation = (context) => {
  const { state, data } = context;
  const { ticket, principal, named } = askedTicket(context, 'TicketUpdate');
  const ticketPart = data.Ticket;
  if (ticketPart !== undefined && !hasData(ticketPart))
    throw invalid('TicketUpdate', 'Ticket parameter is not valid!');
  const part = ticketPart === undefined ? undefined : checkTicket(state, ticketPart, 'TicketUpdate', ticket);
  const articleList = data.Article === undefined ? [] : [data.Article].flat();
  if (!articleList.every(hasData)) throw invalid('TicketUpdate', 'Article parameter is not valid!');
  const articles = articleList.map((article) => checkArticle(state, article, 'TicketUpdate'));
  const fields = checkFields(state, data.DynamicField, 'TicketUpdate');
  const attachments = checkAttachments(data.Attachment, 'TicketUpdate');
  if (attachments.length > 0 && articles.length === 0) {
    throw missing('TicketUpdate', 'Article parameter is missing or not valid!');
  }

  const change = new Change(state, ticket, userIdOf(principal));
  try {
    if (context.dieAfter === 'nothing') throw new OperationDied(context.dieWith ?? QUEUE_FAULT);
    if (part !== undefined) writeTicket(change, part, principal, context);
    const made = articles.map((article) =>
      change.addArticle(
        {
          ...articleInput(article, principal, agentName(state, principal), ''),
          attachments,
          fields: articleFields(fields),
        },
        article.historyType ?? 'AddNote',
        article.historyComment ?? '%%GenericInterface Note',
      ),
    );
    if (context.dieAfter === 'article' && made.length > 0)
      throw new OperationDied(context.dieWith ?? 'Unknown');
    for (const { field, value } of fields) if (field.object !== 'Article') change.setField(field.name, value);
    const ids = made.map(({ id, senderType }) => (senderType === 'agent' ? id : String(id)));
    return {
      ...(ids.length === 0 ? {} : ids.length === 1 ? { ArticleID: ids[0] } : { ArticleIDs: ids }),
      ...(context.includeTicketData ? { Ticket: included(context, ticket, articles.length > 0) } : {}),
      ...named,
    };
  } finally {
    change.finish();
  }
};

function writeTicket(
  change: Change,
  part: TicketPart,
  principal: Principal,
  context: OperationContext,
): void {
  const { state } = context;
  if (part.title !== undefined) change.setTitle(lossy(part.title.trim()).slice(0, 255));
  if (part.queueId !== undefined && part.queueId !== change.ticket.queueId) {
    // Refused only here: a new title is already written, priority, state, owner and article are not.
    if (principal.kind === 'agent' && !hasQueueRight(principal.user, part.queueId, 'move_into')) {
      throw new OperationDied(QUEUE_FAULT);
    }
    change.setQueue(part.queueId);
  }
  if (context.dieAfter === 'queue') throw new OperationDied(context.dieWith ?? PRIORITY_FAULT);
  if (part.locked !== undefined) change.setLock(part.locked);
  if (part.typeId !== undefined) change.setType(part.typeId);
  if (part.stateId !== undefined) writeState(change, part.stateId, part.pendingUntil);
  if (part.serviceId !== undefined) change.setService(part.serviceId);
  if (part.slaId !== undefined) change.setSla(part.slaId);
  if (part.customerUser !== undefined || part.customerId !== undefined) {
    const customer = state.findCustomer(part.customerUser);
    change.setCustomer(
      part.customerId ?? customer?.customerId ?? change.ticket.customerId,
      customer?.login ?? part.customerUser ?? change.ticket.customerUser,
    );
  }
  if (part.priorityId !== undefined) change.setPriority(part.priorityId);
  if (part.ownerId !== undefined) change.setOwner(part.ownerId);
  if (part.responsibleId !== undefined) change.setResponsible(part.responsibleId);
}

function writeState(change: Change, stateId: number, pendingUntil: number | undefined): void {
  const { type } = stateOf(stateId);
  if (type.startsWith('pending')) {
    // HTTP 200 with Error, and yet the queue is already moved. The spelling is Znuny's.
    if (pendingUntil === undefined) {
      throw new OperationError(
        'TicketUpdate.MissingParameter',
        "Can't set a ticket on a pending state without pendig time!",
      );
    }
    change.setPendingTime(pendingUntil);
  }
  change.setState(stateId);
  if (type === 'closed') change.setLock(false);
}

/** IncludeTicketData: the ticket as an object, its newest article as an object, without TimeUnit. */
function included(
  { state }: OperationContext,
  ticket: StoredTicket,
  withArticle: boolean,
): Record<string, unknown> {
  const result = ticketData(state, ticket);
  if (ticket.fields.size > 0) result.DynamicField = fieldData(state, ticket);
  const newest = ticket.articles.at(-1);
  if (withArticle && newest !== undefined) {
    const options = { fields: true, attachments: false, htmlBody: false, contents: false };
    const { TimeUnit: _, ...article } = articleData(state, ticket, newest, ticket.articles.length, options);
    result.Article = article;
  }
  return result;
}
