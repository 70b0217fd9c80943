import { isSourceQueue } from '../apply/guard.ts';
import { sourceQueues } from '../config/derived.ts';
import type { LoadedConfig } from '../config/load.ts';
import { newTicketsElsewhere } from '../intake/elsewhere.ts';
import { printable } from '../text/printable.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import { type Finding, findingsOf } from './finding.ts';

const znuny = findingsOf('znuny');
const MOST = 10_000;

type Client = Pick<ZnunyClient, 'ticketSearch' | 'ticketGet'>;

/** New tickets by queue: what would be triaged, and what lies where nobody looks. */
export async function checkQueues(
  loaded: LoadedConfig,
  client: Client,
  unknown: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const { intake } = loaded.config;
  const sources = sourceQueues(loaded.config);
  const states = intake.states.join(', ');
  const findings: Finding[] = [];
  let total = 0;
  // Of an unknown queue Znuny says "no tickets": that would be read as fine.
  for (const queue of sources.filter((name) => !unknown.has(name))) {
    const count = await countTickets(client, queue, loaded);
    total += count;
    const number = count >= MOST ? `${MOST} or more` : count === 0 ? 'no' : count;
    findings.push(
      znuny.ok(
        `source "${printable(queue)}"`,
        `${number} ${count === 1 ? 'ticket' : 'tickets'} in ${states}`,
      ),
    );
  }
  const place = { sourceQueues: sources, subQueues: intake.sub_queues };
  const elsewhere = await newTicketsElsewhere(client, intake.states, (queue) => isSourceQueue(queue, place));
  for (const [queue, count] of elsewhere) {
    const where = `queue "${printable(queue)}"`;
    const what = `${count} ${count === 1 ? 'ticket' : 'tickets'} in ${states}; no source queue, left alone`;
    const hint = 'Name it in intake.queues if triage should take these: no source queue holds any.';
    findings.push(total === 0 ? znuny.warning(where, what, hint) : znuny.ok(where, what));
  }
  if (total === 0 && elsewhere.size === 0 && (await client.ticketSearch({ Limit: 1 })).length === 0) {
    const hint = 'Give the bot ro or rw on the source queues; a missing right looks like no tickets.';
    findings.push(znuny.warning('TicketSearch', 'the bot sees no ticket at all', hint));
  }
  return findings;
}

async function countTickets(client: Client, queue: string, { config }: LoadedConfig): Promise<number> {
  const { states, sub_queues: subQueues } = config.intake;
  let count = 0;
  for (const state of states) {
    // One name at a time: a single unknown one among several gives {} for all.
    const ids = await client.ticketSearch({
      Queues: [queue],
      ...(subQueues ? { UseSubQueues: 1 } : {}),
      States: [state],
      Limit: MOST,
    });
    count += ids.length;
  }
  return count;
}
