import type { ArticleInput } from './article-input.ts';
import { authorizeWrite, userIdOf } from './auth.ts';
import { Change } from './changes.ts';
import { stateOf } from './lookups.ts';
import { hasData, type Operation } from './operation.ts';
import { invalid, missing } from './refusals.ts';
import { hasQueueRight } from './rights.ts';
import type { State } from './state.ts';
import type { Principal } from './store.ts';
import { htmlToText, lossy, stored } from './text.ts';
import { OperationError } from './types.ts';
import { type ArticlePart, checkArticle, checkAttachments } from './validate-article.ts';
import { articleFields, checkFields } from './validate-fields.ts';
import { checkTicket } from './validate-ticket.ts';

/** All is checked before the first write. TicketID comes back as text, ArticleID as a number only for an agent's article. */
export const ticketCreate: Operation = (context) => {
  const { state, data, at = state.clock.now() } = context;
  const principal = authorizeWrite(context, 'TicketCreate');
  const ticketData = data.Ticket;
  if (!hasData(ticketData)) throw missing('TicketCreate', 'Ticket parameter is missing or not valid!');
  const articleList = [data.Article].flat();
  if (articleList.length === 0 || !articleList.every(hasData)) {
    throw missing('TicketCreate', 'Article parameter is missing or not valid!');
  }
  const part = checkTicket(state, ticketData, 'TicketCreate');
  const { queueId = 0, stateId = 1, priorityId = 3 } = part;
  if (principal.kind === 'agent' && !hasQueueRight(principal.user, queueId, 'create')) {
    throw new OperationError(
      'TicketCreate.AccessDenied',
      'TicketCreate: Can not create tickets in given Queue or QueueID!',
    );
  }
  const articles = articleList.map((article) => checkArticle(state, article, 'TicketCreate'));
  const fields = checkFields(state, data.DynamicField, 'TicketCreate');
  const attachments = checkAttachments(data.Attachment, 'TicketCreate');
  if (stateOf(stateId).type.startsWith('pending') && part.pendingUntil === undefined) {
    throw invalid('TicketCreate', 'Ticket->PendingTime parameter is missing or not valid!');
  }

  const customer = state.findCustomer(part.customerUser);
  const userId = userIdOf(principal);
  const ticket = state.insertTicket({
    title: lossy((part.title ?? '').trim()).slice(0, 255),
    queueId,
    priorityId,
    stateId,
    typeId: part.typeId ?? 1,
    serviceId: part.serviceId,
    slaId: part.slaId,
    customerId: part.customerId ?? customer?.customerId ?? part.customerUser ?? '',
    customerUser: customer?.login ?? part.customerUser ?? '',
    createBy: userId,
    at,
  });
  const change = new Change(state, ticket, userId, at);
  change.created();
  if (part.pendingUntil !== undefined) change.setPendingTime(part.pendingUntil);
  for (const { field, value } of fields) if (field.object !== 'Article') change.setField(field.name, value);
  const from = customer === undefined ? (part.customerUser ?? '') : `"${customer.name}" <${customer.email}>`;
  const made = articles.map((article) =>
    change.addArticle(
      {
        ...articleInput(article, principal, from, state.queue(queueId).name),
        attachments,
        fields: articleFields(fields),
      },
      article.historyType ?? 'NewTicket',
      article.historyComment ?? '%%GenericInterface Create',
    ),
  );
  // An owner that was asked for also locks, unless the lock was sent too; without one the agent that calls owns it.
  if (principal.kind === 'agent' || part.ownerId !== undefined) change.setOwner(part.ownerId ?? userId);
  if (part.responsibleId !== undefined) change.setResponsible(part.responsibleId);
  change.setLock(part.locked ?? part.ownerId !== undefined);
  change.finish();

  const ids = made.map(({ id, senderType }) => (senderType === 'agent' ? id : String(id)));
  return {
    ArticleID: ids.length === 1 ? ids[0] : ids,
    TicketID: String(ticket.id),
    TicketNumber: ticket.number,
  };
};

export function articleInput(
  part: ArticlePart,
  principal: Principal,
  from: string,
  to: string,
): ArticleInput {
  const html = part.html ? part.body : undefined;
  return {
    subject: stored(part.subject),
    body: html === undefined ? stored(part.body) : lossy(htmlToText(html)),
    from: part.from ?? from,
    to: part.to ?? to,
    cc: part.cc ?? '',
    senderType: part.senderType ?? (principal.kind === 'agent' ? 'agent' : 'customer'),
    channel: part.channel,
    visibleForCustomer: part.visibleForCustomer,
    charset: part.charset,
    noAgentNotify: part.noAgentNotify,
    timeUnit: part.timeUnit,
    ...(html === undefined ? {} : { html }),
  };
}

export function agentName(state: State, principal: Principal): string {
  if (principal.kind === 'customer') return `"${principal.customer.name}" <${principal.customer.email}>`;
  const { firstName, lastName } = state.user(principal.user.id);
  return `${firstName} ${lastName}`;
}
