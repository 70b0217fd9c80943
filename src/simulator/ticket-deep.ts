/** Ticket::Generic's ticket (TicketDeepGet): TicketGet's fields, all articles, and the people and lists that it names. */
import { articleData } from './article-data.ts';
import { accountedTime } from './article-input.ts';
import { priorityOf, typeName } from './lookups.ts';
import {
  agentData,
  companyData,
  customerData,
  queueData,
  serviceData,
  slaData,
  standing,
} from './people-data.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import { extendedData, fieldData, ticketData } from './ticket-data.ts';
import type { SimulatedArticle } from './types.ts';

export function deepTicket(
  state: State,
  ticket: StoredTicket,
  articleId: number | undefined,
): Record<string, unknown> {
  const { articles } = ticket;
  // The only article counts whatever the event names; of several none does where it names none.
  const wanted = articles.length === 1 ? articles[0] : articles.find(({ id }) => id === articleId);
  const fields = fieldData(state, ticket).map(({ Name, Value }) => [`DynamicField_${Name}`, Value]);
  return {
    ...ticketData(state, ticket),
    ...extendedData(state, ticket),
    ...Object.fromEntries(fields),
    TimeUnit: accountedTime(articles),
    Articles: articles.map((article) => deepArticle(state, ticket, article, false)),
    Article: wanted === undefined ? {} : deepArticle(state, ticket, wanted, true),
    CustomerUser: customerData(state, ticket.customerUser),
    CustomerCompany: companyData(state, ticket.customerId),
    QueueData: queueData(state, ticket.queueId),
    TypeData: { ID: ticket.typeId, Name: typeName(ticket.typeId), ...standing(state) },
    PriorityData: { ID: ticket.priorityId, Name: priorityOf(ticket.priorityId).name, ...standing(state) },
    ServiceData: serviceData(state, ticket.serviceId),
    SLAData: slaData(state, ticket.slaId),
    OwnerData: agentData(state, ticket.ownerId),
    ResponsibleData: agentData(state, ticket.responsibleId),
    CreateByData: agentData(state, ticket.createBy),
  };
}

/** Without TimeUnit, with real names, dynamic fields flat; attachments with their contents only in `Article`. */
function deepArticle(
  state: State,
  ticket: StoredTicket,
  article: SimulatedArticle,
  attachments: boolean,
): Record<string, unknown> {
  const number = ticket.articles.indexOf(article) + 1;
  const options = { fields: false, attachments, htmlBody: true, contents: true };
  const { TimeUnit: _, ...data } = articleData(state, ticket, article, number, options);
  for (const key of ['From', 'To', 'Cc'] as const) {
    const text = data[key];
    if (typeof text === 'string' && text !== '') data[`${key}Realname`] = realName(text);
  }
  for (const field of state.fields.values()) {
    if (field.object === 'Article') data[`DynamicField_${field.name}`] = article.fields[field.name] ?? null;
  }
  return data;
}

function realName(address: string): string {
  return address.replace(/\s*<[^>]*>/, '').replaceAll('"', '');
}
