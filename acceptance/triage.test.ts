import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { Installation, PROBLEM, type Sections } from './daemon.ts';
import { expectTriaged, expectUntouched } from './judge.ts';
import { needs, promise, type Stage } from './stage.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');
const PATIENCE_MS = 120_000;
function install(stage: Stage, sections: Sections = {}): Installation {
  const installation = new Installation(stage, sections);
  onTestFinished(() => installation.close());
  return installation;
}

promise(
  'a ticket that came in by itself is moved, raised and noted, in one internal note',
  async ({ stage }) => {
    const { id } = await stage.make(PROBLEM);
    const daemon = await install(stage).run();
    const line = await daemon.log.seen('ticket triaged', { ticketId: id }, PATIENCE_MS);
    expect(line).toMatchObject({ outcome: 'applied', rule: 'acceptance', queueTo: stage.target.targetQueue });
    expect(line.category).toBe('Network');
    await expectTriaged(stage, id);
    expect((await daemon.terminate()).code).toBe(0);
  },
);

promise('a ticket of a portal, which owns it, is triaged as well', async ({ stage, skip }) => {
  const portal = stage.agentClient(needs({ stage, skip }, 'agent'));
  const { id } = await stage.make(
    { ...PROBLEM, Ticket: { Owner: undefined, OwnerID: undefined, Lock: undefined } },
    portal,
  );
  const { userId } = await portal.sessionGet();
  expect(await stage.get(id)).toMatchObject({ OwnerID: userId, CreateBy: userId, Lock: 'unlock' });
  const daemon = await install(stage).run();
  await daemon.log.seen('ticket triaged', { ticketId: id, outcome: 'applied' }, PATIENCE_MS);
  await expectTriaged(stage, id);
});

promise('a phone ticket that an agent entered by hand is left to people', async ({ stage, skip }) => {
  if (stage.phoneTicket === null)
    return skip(`needs --agent-interface and --agent: to enter a ticket by hand`);
  const id = await stage.phoneTicket(`${stage.mark} phone ticket`);
  stage.adopt(id);
  const ticket = await stage.get(id);
  expect(ticket.Queue).toBe(stage.target.sourceQueue);
  expect(ticket.Article[0]?.CommunicationChannel).toBe('Phone');
  // Such a ticket is born open; asked for or not, it is the agent's.
  const daemon = await install(stage, { intake: { states: ['new', 'open'] } }).run();
  const line = await daemon.log.seen('ticket triaged', { ticketId: id }, PATIENCE_MS);
  expect(line).toMatchObject({ outcome: 'left', reason: 'entered by an agent' });
  await expectUntouched(stage, id);
});

promise.for(['lock', 'note', 'priority', 'owner', 'there and back'] as const)(
  'a ticket on which an agent acted (%s) is left to the agent',
  async (act, { stage, skip }) => {
    const account = needs({ stage, skip }, 'agent');
    const agent = stage.agentClient(account);
    const { id } = await stage.make(PROBLEM);
    const { sourceQueue, targetQueue } = stage.target;
    const acts = {
      lock: [{ Ticket: { Lock: 'lock' } }],
      note: [{ Article: { Subject: 'mine', Body: 'I take it.' } }],
      priority: [{ Ticket: { Priority: '2 low' } }],
      owner: [{ Ticket: { Owner: account.login } }],
      'there and back': [{ Ticket: { Queue: targetQueue } }, { Ticket: { Queue: sourceQueue } }],
    }[act];
    for (const update of acts) await agent.ticketUpdate({ TicketID: id, ...update });
    const daemon = await install(stage).run();
    const line = await daemon.log.seen('ticket triaged', { ticketId: id }, PATIENCE_MS);
    expect(line.outcome).toBe('left');
    await expectUntouched(stage, id);
  },
);

promise('in observe nothing is written; a restart in apply triages what comes next', async ({ stage }) => {
  const installation = install(stage, { mode: 'observe' });
  const seen = await stage.make(PROBLEM);
  const observer = await installation.run();
  await observer.log.seen('ticket triaged', { ticketId: seen.id, outcome: 'observed' }, PATIENCE_MS);
  expect((await observer.terminate()).code).toBe(0);
  await expectUntouched(stage, seen.id);

  installation.configure({ mode: 'apply' });
  const next = await stage.make(PROBLEM);
  const daemon = await installation.run();
  await daemon.log.seen('ticket triaged', { ticketId: next.id, outcome: 'applied' }, PATIENCE_MS);
  await expectTriaged(stage, next.id);
  await expectUntouched(stage, seen.id);
});

promise('in suggest only a note is written', async ({ stage }) => {
  const { id } = await stage.make(PROBLEM);
  const before = await stage.get(id);
  const daemon = await install(stage, { mode: 'suggest' }).run();
  await daemon.log.seen('ticket triaged', { ticketId: id, outcome: 'suggested' }, PATIENCE_MS);
  const { Queue, Priority, State } = before;
  const after = await stage.get(id);
  expect(after).toMatchObject({ Queue, Priority, State });
  expect(after.Article.slice(1).map(({ IsVisibleForCustomer }) => IsVisibleForCustomer)).toEqual([0]);
});

promise('triaged check says that all fits, and explain says what would be done', async ({ stage }) => {
  const { id, number } = await stage.make(PROBLEM);
  const { configFile, env } = install(stage);
  const triaged = (...args: string[]) =>
    promisify(execFile)(process.execPath, [MAIN, ...args, '--config', configFile], { env, timeout: 120_000 });
  const check = await triaged('check');
  expect(check.stdout).toMatch(/fits/);
  const explained = JSON.parse((await triaged('explain', '--ticket', number, '--json')).stdout);
  expect(JSON.stringify(explained)).toContain(stage.target.targetQueue);
  await expectUntouched(stage, id);
});

promise('neither the password nor a ticket’s text is in the log', async ({ stage }) => {
  const canary = 'zimtstern-canary-of-the-suite';
  const { id } = await stage.make({ Article: { Body: `The VPN is down. ${canary}` } });
  const daemon = await install(stage, { log: { level: 'debug' } }).run();
  await daemon.log.seen('ticket triaged', { ticketId: id }, PATIENCE_MS);
  await daemon.terminate();
  expect(daemon.output).not.toContain(stage.target.bot.password);
  expect(daemon.output).not.toContain(canary);
  expect(daemon.output).not.toContain(stage.mark);
});
