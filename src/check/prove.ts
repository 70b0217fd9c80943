import type { NameKind, UsedName } from './names.ts';
import type { Probe, ProbeAnswer } from './probe.ts';

export type Proof =
  | 'known'
  /** a queue in which the agent may not create tickets, so it has no rw there */
  | 'known, no create right'
  | 'unknown'
  | 'refused value'
  | { readonly unproven: string };

export type Proofs = ReadonlyMap<UsedName, Proof> | { readonly created: string };

/** Names of a fresh Znuny, to ask with where every configured one is wrong. */
const USUAL = {
  Queue: ['Raw', 'Postmaster', 'Misc'],
  State: ['new', 'open'],
  Priority: ['3 normal'],
} as const;

/**
 * Proves one name at a time. Znuny names the first wrong thing, in the order queue, type, service, state, priority,
 * owner, responsible, right on the queue, dynamic field: a name is known as soon as something behind it is wrong.
 */
export async function prove(names: readonly UsedName[], probe: Probe): Promise<Proofs> {
  const proofs = new Map<UsedName, Proof>();
  const of = (kind: NameKind) => names.filter((name) => name.kind === kind);
  let created: string | null = null;
  const ask = async (...question: Parameters<Probe>): Promise<ProbeAnswer> => {
    // Nothing more is sent once Znuny did what it must not do.
    if (created !== null) return { kind: 'unproven', why: 'not asked' };
    const answer = await probe(...question);
    if (answer.kind === 'created') created = answer.ticketNumber;
    return answer;
  };
  const firstKnown = async (
    kind: 'Queue' | 'State' | 'Priority',
    question: (name: string) => Parameters<Probe>[0],
  ) => {
    for (const name of new Set([...of(kind).map((used) => used.name), ...USUAL[kind]])) {
      const answer = await ask(question(name));
      if (answer.kind === 'unproven') return { why: answer.why };
      if (answer.kind !== 'unknown' || answer.what !== kind) return { name };
    }
    return { why: `no ${kind.toLowerCase()} is known to ask with` };
  };
  const giveUp = (why: string): Proofs => {
    if (created !== null) return { created };
    for (const name of names) if (!proofs.has(name)) proofs.set(name, { unproven: why });
    return proofs;
  };

  const queue = await firstKnown('Queue', (Queue) => ({ Queue, State: 'new', Priority: '3 normal' }));
  if (queue.name === undefined) return giveUp(queue.why);
  const state = await firstKnown('State', (State) => ({ Queue: queue.name, State, Priority: '3 normal' }));
  if (state.name === undefined) return giveUp(state.why);
  const priority = await firstKnown('Priority', (Priority) => ({
    Queue: queue.name,
    State: state.name,
    Priority,
  }));
  if (priority.name === undefined) return giveUp(priority.why);

  const good = { Queue: queue.name, State: state.name, Priority: priority.name };
  let writable: string | null = null;
  for (const used of names) {
    if (used.kind === 'DynamicField') continue;
    const answer = await ask({ ...good, [used.kind]: used.name });
    proofs.set(used, proofOf(answer, used.kind));
    if (used.kind === 'Queue' && answer.kind === 'fine') writable ??= used.name;
  }
  for (const used of of('DynamicField')) {
    // Rights are looked at before dynamic fields.
    if (writable === null) proofs.set(used, { unproven: 'it takes a queue with the create right' });
    else {
      const field = { Name: used.name, Value: used.value ?? '' };
      proofs.set(used, proofOf(await ask({ ...good, Queue: writable }, field), used.kind));
    }
  }
  return created === null ? proofs : { created };
}

function proofOf(answer: ProbeAnswer, kind: NameKind): Proof {
  switch (answer.kind) {
    case 'fine':
      return 'known';
    case 'no right':
      return kind === 'Queue' ? 'known, no create right' : 'known';
    case 'unknown':
      return answer.what === kind ? 'unknown' : { unproven: `Znuny complained about ${answer.what} instead` };
    case 'refused value':
      return 'refused value';
    case 'unproven':
      return { unproven: answer.why };
    case 'created':
      return { unproven: 'Znuny created a ticket instead of refusing it' };
  }
}

/** Queues that Znuny does not have, as far as it could be asked. */
export function unknownQueues(proofs: Proofs): readonly string[] {
  if ('created' in proofs) return [];
  const unknown = [...proofs].filter(([used, proof]) => used.kind === 'Queue' && proof === 'unknown');
  return unknown.map(([used]) => used.name);
}
