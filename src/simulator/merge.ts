import { Change } from './changes.ts';
import { claim } from './claim.ts';
import { stateId } from './lookups.ts';
import type { State } from './state.ts';
import type { StoredTicket, User } from './store.ts';

/** Articles and their rows go with it; what is left says where it went. */
export function mergeInto(
  state: State,
  from: StoredTicket,
  into: StoredTicket,
  agent: User,
  at: number | undefined,
): void {
  const change = new Change(state, from, agent.id, at);
  claim(change, agent);
  const rows = from.history.filter((row) => row.articleId !== 0);
  from.history.splice(0, from.history.length, ...from.history.filter((row) => row.articleId === 0));
  into.history.push(...rows);
  into.articles.push(...from.articles.splice(0));
  into.articles.sort((a, b) => a.id - b.id);
  const text = `Merged Ticket ${from.number} to ${into.number}.`;
  change.addArticle(
    {
      subject: 'Ticket Merged',
      body: text,
      from: '',
      senderType: 'agent',
      channel: 'Internal',
      visibleForCustomer: true,
      charset: 'ascii',
      noAgentNotify: true,
    },
    'AddNote',
    '%%Note',
  );
  const merged = `%%${from.number}%%${from.id}%%${into.number}%%${into.id}`;
  change.row('Merged', merged);
  change.row('TicketLinkAdd', `%%${into.number}%%${into.id}%%${from.id}`);
  change.setState(stateId('merged'));
  change.setLock(false);
  change.finish();
  const other = new Change(state, into, agent.id, at);
  other.row('Merged', merged);
  other.row('TicketLinkAdd', `%%${from.number}%%${from.id}%%${into.id}`);
  into.changedAt = other.at;
  into.changeBy = agent.id;
  other.finish();
}
