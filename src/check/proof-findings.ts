import { printable } from '../text/printable.ts';
import type { Mode } from '../ticket.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { UsedName } from './names.ts';
import type { Proof, Proofs } from './prove.ts';

const znuny = findingsOf('znuny');

/** What the proofs mean for an administrator. In mode observe a right to write is not needed yet. */
export function proofFindings(proofs: Proofs, mode: Mode): readonly Finding[] {
  if ('created' in proofs) {
    const what = `Znuny created ticket ${proofs.created} out of a question that it should have refused`;
    const hint = 'Delete that ticket, and take TicketCreate out of the web service.';
    return [znuny.error('TicketCreate', what, hint)];
  }
  const findings = [...proofs].map(([name, proof]) => findingOf(name, proof, mode));
  const targets = [...proofs].some(
    ([{ kind, uses }, proof]) => kind === 'Queue' && uses.has('target') && proof === 'known',
  );
  if (targets) {
    const what =
      'rw, move_into and note show only in a real write; the create right proven above comes with rw';
    findings.push(znuny.ok('rights', what));
  }
  return findings;
}

function findingOf(used: UsedName, proof: Proof, mode: Mode): Finding {
  const what = `${LABELS[used.kind]} "${printable(used.name)}"`;
  if (typeof proof === 'object')
    return znuny.warning(used.where, `${what} could not be proven: ${proof.unproven}`);
  switch (proof) {
    case 'known':
      return znuny.ok(what, used.kind === 'Queue' ? `known; the bot may create tickets there` : 'known');
    case 'known, no create right':
      return withoutCreate(used, what, mode);
    case 'refused value':
      return znuny.error(
        used.where,
        `${what} does not take the value "${printable(used.value ?? '')}"`,
        "Use a text field, or add the value to the field's list.",
      );
    case 'unknown':
      return unknown(used, what);
  }
}

function withoutCreate(used: UsedName, what: string, mode: Mode): Finding {
  const { uses } = used;
  const group = "on the queue's group";
  if (uses.has('source') || uses.has('optional')) {
    const hint = `Give the bot rw ${group}: without it every change of a ticket there is refused.`;
    const finding = znuny.error(used.where, `${what} is known, but the bot has no rw there`, hint);
    return mode === 'observe' || !uses.has('source') ? { ...finding, severity: 'warning' } : finding;
  }
  if (!uses.has('target')) return znuny.ok(what, 'known');
  const hint = `Make sure that the bot has move_into ${group}: Znuny shows that only by a real move.`;
  return znuny.warning(used.where, `${what} is known; the bot may not create tickets there`, hint);
}

function unknown(used: UsedName, what: string): Finding {
  const { uses, kind } = used;
  if (uses.has('optional') && uses.size === 1) {
    return znuny.warning(
      used.where,
      `Znuny has no ${what}, one of the default source queues`,
      'Name your source queues in intake.queues.',
    );
  }
  if (kind === 'Service') {
    const hint = 'Create it, or check it by hand: Znuny also refuses a service that no default customer has.';
    return znuny.warning(used.where, `Znuny did not take ${what}`, hint);
  }
  const sub = kind === 'Queue' ? ', a sub-queue is written Parent::Child' : '';
  const hint = `Correct the name or create it in Znuny; names are case-sensitive${sub}.`;
  return znuny.error(used.where, `Znuny has no ${what}`, hint);
}

const LABELS: Readonly<Record<UsedName['kind'], string>> = {
  Queue: 'queue',
  State: 'state',
  Priority: 'priority',
  Type: 'type',
  Service: 'service',
  Owner: 'agent',
  Responsible: 'agent',
  DynamicField: 'dynamic field',
};
