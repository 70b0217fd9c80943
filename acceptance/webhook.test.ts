import { expect, onTestFinished } from 'vitest';
import { Installation, PROBLEM } from './daemon.ts';
import { expectTriaged } from './judge.ts';
import { needs, promise } from './stage.ts';

const SECRET = 'a-token-of-the-suite';

/** Says when the first poll is over, which would find the ticket as well. */
const CHATTY = { log: { level: 'debug' } };

/** Polls are so far apart that only a call can have told of a ticket. */
function intake(header: string, secret: string) {
  return {
    poll: { interval_seconds: 600 },
    webhook: { enabled: true, auth: { type: 'header', header, secrets: [secret] } },
  };
}

promise('a call that names a ticket has it triaged long before the next poll', async ({ stage }) => {
  const installation = new Installation(stage, { intake: intake('x-triage-token', SECRET), ...CHATTY });
  onTestFinished(() => installation.close());
  const daemon = await installation.run();
  const { port } = await daemon.log.seen('started');
  await daemon.log.seen('poll done');
  const { id } = await stage.make(PROBLEM);
  const call = (token: string) =>
    fetch(`http://127.0.0.1:${port}/webhook`, {
      method: 'POST',
      headers: { 'x-triage-token': token },
      body: JSON.stringify({ TicketID: id, Event: 'TicketCreate' }),
    });
  expect((await call('wrong')).status).toBe(401);
  const answer = await call(SECRET);
  expect([answer.status, await answer.json()]).toEqual([202, { Success: 1 }]);
  const line = await daemon.log.seen('ticket triaged', { ticketId: id }, 60_000);
  expect(line).toMatchObject({ outcome: 'applied', source: 'webhook' });
  await expectTriaged(stage, id);
});

promise("Znuny's own requester calls when a ticket is made, and it is triaged", async ({ stage, skip }) => {
  const { port, header, secret } = needs({ stage, skip }, 'webhook');
  const installation = new Installation(stage, {
    intake: intake(header, secret),
    server: { listen: `127.0.0.1:${port}` },
    ...CHATTY,
  });
  onTestFinished(() => installation.close());
  const daemon = await installation.run();
  await daemon.log.seen('poll done');
  const { id } = await stage.make(PROBLEM);
  const line = await daemon.log.seen('ticket triaged', { ticketId: id }, 120_000);
  expect(line).toMatchObject({ outcome: 'applied', source: 'webhook' });
  await expectTriaged(stage, id);
});
