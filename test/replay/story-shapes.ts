/** For tests: the instance of shapes 204–413, and the ways in and later acts that made its tickets. */
import type { Stage } from './replay-harness.ts';

const JOHN = 'John Doe <john.doe@kunde.example>';
const SAM = 'Sam Away <sam.away@kunde.example>';
const MONITOR = 'Monitor <nagios@lab-firma.de>';

const agent = 'anna.agent';

function mail(
  stage: Stage,
  subject: string,
  more: { queue?: string; from?: string; priority?: string; state?: string } = {},
) {
  return stage.sim.receiveMail({
    subject,
    from: JOHN,
    queue: 'Unclassified',
    body: 'Please help.\n',
    ...more,
  });
}

/** A triage write as the lab's bot made it, waiting for a row lock or not: what counts is what it leaves. */
async function update(
  stage: Stage,
  id: number,
  ticket: Record<string, string>,
  withNote = true,
): Promise<void> {
  const note = {
    Subject: 'Triage',
    Body: 'x',
    ContentType: 'text/plain; charset=utf8',
    IsVisibleForCustomer: 0,
    NoAgentNotify: 1,
  };
  const extra = withNote ? { Article: note, DynamicField: [{ Name: 'TriageStatus', Value: 'done' }] } : {};
  await fetch(`${stage.sim.url}/otrs/nph-genericinterface.pl/Webservice/TicketTriage/TicketUpdate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ SessionID: stage.session('otai-bot'), TicketID: id, Ticket: ticket, ...extra }),
  });
}

const TRIAGE = { Queue: 'Support', Priority: '4 high' };

/** A ticket for one of the notification recordings, with these agents' My Queues. */
function notified(myQueues: Readonly<Record<string, readonly string[]>>, owner = 1): (stage: Stage) => void {
  return (stage) => {
    stage.clock('2026-11-24 08:08:48');
    for (const login of ['otai-bot', 'anna.agent', 'bert.agent'])
      stage.sim.setMyQueues(login, myQueues[login] ?? []);
    const { id } = mail(stage, 'Notify');
    const stored = stage.sim.state.tickets.get(id);
    // The lab set the owner in the database: no row tells of it.
    if (stored !== undefined) stored.ownerId = owner;
    stage.clock('2026-11-24 08:08:49');
  };
}

const at = (text: string) => `2026-11-24 ${text}`;

/** Done right before the recording of that number is replayed. Ids come out as recorded. */
export const SHAPES_STORY: Readonly<Record<number, (stage: Stage) => unknown>> = {
  204: (stage) => {
    stage.clock(at('08:00:30'));
    stage.sim.receiveMail({ subject: 'Welcome to Znuny!' });
    stage.session('lock.me');
    stage.clock(at('08:01:21'));
    stage.sim.receiveMail({ subject: 'Drucker druckt nicht', body: 'Hallo\n' });
  },
  206: (stage) =>
    mail(stage, 'Invoice 4711 is wrong', {
      queue: 'Accounting',
      from: 'Unknown Person <someone@else.example>',
    }),
  208: (stage) => mail(stage, 'VIPFILTER please help', { queue: 'Support', priority: '5 very high' }),
  210: (stage) => mail(stage, 'Disk full on srv1', { from: MONITOR, priority: '4 high' }),
  212: (stage) => mail(stage, 'Disk full on srv1 untrusted', { from: MONITOR }),
  214: ({ sim }) =>
    sim.receiveMail({
      subject: 'Disk full on srv2',
      from: MONITOR,
      queue: 'Unclassified',
      owner: agent,
      lock: true,
      senderType: 'system',
      fields: { TriageStatus: 'byheader' },
    }),
  216: ({ sim }) =>
    sim.customerPanelTicket({
      subject: 'Rechnung fehlt',
      body: 'Bitte',
      queue: 'Accounting',
      priority: '4 high',
    }),
  218: ({ sim }) => sim.customerPanelTicket({ subject: 'Maus kaputt', body: 'x', queue: 'Unclassified' }),
  220: ({ sim }) =>
    sim.phoneTicket({ agent, subject: 'Telefon', queue: 'Support', priority: '4 high', state: 'new' }),
  222: ({ sim }) => sim.phoneTicket({ agent, subject: 'Telefon', queue: 'Support' }),
  224: ({ sim }) =>
    sim.phoneTicket({ agent, subject: 'Telefon', queue: 'Support', state: 'new', owner: 'bert.agent' }),
  226: ({ sim }) => sim.agentEmailTicket({ agent, subject: 'Ihre Rechnung', queue: 'Accounting' }),
  228: ({ sim }) =>
    sim.agentEmailTicket({ agent, subject: 'Ihre Rechnung', queue: 'Accounting', state: 'new' }),
  230: (stage) => stage.clock(at('08:02:23')),
  254: (stage) => {
    stage.clock(at('08:02:50'));
    mail(stage, 'Only looked at');
  },
  256: (stage) => {
    mail(stage, 'Agent moves me');
    stage.clock(at('08:02:55'));
    stage.sim.agentMoves(24, 'Support', { agent, form: true });
  },
  258: (stage) => {
    mail(stage, 'Agent locks me');
    stage.clock(at('08:02:58'));
    stage.sim.agentLocks(25, { agent });
  },
  260: ({ sim }) => sim.agentUnlocks(25, { agent }),
  262: (stage) => {
    mail(stage, 'Agent changes owner');
    stage.sim.agentSetsOwner(26, 'bert.agent', { agent });
  },
  264: (stage) => {
    mail(stage, 'Agent adds note');
    stage.clock(at('08:03:03'));
    stage.sim.agentNotes(27, { agent, body: 'ich schaue' });
  },
  266: (stage) => {
    mail(stage, 'Agent changes priority');
    stage.sim.agentOpensPriorityForm(28, { agent });
  },
  268: (stage) => {
    mail(stage, 'Agent moves');
    stage.clock(at('08:03:08'));
    stage.sim.agentMoves(29, 'Accounting', { agent });
  },
  270: (stage) => {
    mail(stage, 'Linked');
    stage.sim.linkTickets(30, 29, { agent });
  },
  272: (stage) => {
    stage.clock(at('08:03:11'));
    mail(stage, 'Merge source');
    stage.clock(at('08:03:12'));
    mail(stage, 'Merge target');
    stage.clock(at('08:03:13'));
    stage.sim.mergeTickets(31, 32, { agent });
    mail(stage, 'Not recorded');
  },
  278: (stage) => {
    mail(stage, 'GENAGENT please');
    stage.clock(at('08:03:43'));
    stage.sim.genericAgent(34, { queue: 'Support', priority: '4 high' });
  },
  280: (stage) => {
    mail(stage, 'GENNOTE please', { queue: 'Raw' });
    stage.clock(at('08:03:46'));
    stage.sim.genericAgent(35, { owner: 'bert.agent', note: 'auto note' });
  },
  282: (stage) => {
    mail(stage, 'GENEVENT please');
    stage.sim.genericAgent(36, { queue: 'IT-Infrastructure', priority: '5 very high' });
  },
  284: ({ sim }) =>
    sim.processTicket({
      agent,
      subject: 'Leave',
      queue: 'Raw',
      fields: { PreProcVacationStart: '2026-11-24' },
    }),
  289: (stage) => {
    mail(stage, 'GENCONS please');
    stage.sim.genericAgent(39, { queue: 'Support', priority: '4 high' });
  },
  291: ({ sim }) => sim.receiveOutOfOffice({ queue: 'Unclassified' }),
  293: ({ sim }) => sim.receiveBounce(),
  295: (stage) => {
    stage.clock(at('08:04:39'));
    stage.sim.followUpMail(13, {
      from: 'MAILER-DAEMON@mx.kunde.example (Mail Delivery System)',
      subject: 'Undelivered',
    });
  },
  297: (stage) => {
    mail(stage, 'Follow me up');
    stage.sim.followUpMail(42);
  },
  299: ({ sim }) => {
    sim.receiveMail({ subject: 'Follow me up by panel', queue: 'Unclassified' });
    sim.followUpPanel(43);
  },
  301: (stage) => {
    mail(stage, 'OOO to a new one');
    stage.sim.followUpMail(44, { from: SAM, subject: 'Automatic reply', body: 'away\n' });
  },
  309: (stage) => {
    mail(stage, 'Not recorded');
    stage.sim.phoneTicket({ agent, subject: 'Not recorded', queue: 'Support' });
    mail(stage, 'Not recorded');
    stage.sim.setQueueOptions('Misc', { autoReply: true });
    stage.sim.setMyQueues(agent, ['Misc']);
    stage.clock(at('08:05:20'));
    mail(stage, 'Autoreply queue', { queue: 'Misc' });
  },
  311: ({ sim }) => sim.receiveBounce({ queue: 'Misc', from: 'MAILER-DAEMON@mx.kunde.example' }),
  313: ({ sim }) => sim.receiveOutOfOffice({ queue: 'Misc' }),
  315: ({ sim }) => sim.receiveOutOfOffice({ queue: 'Misc' }),
  317: (stage) => {
    stage.sim.setMyQueues(agent, []);
    stage.sim.setQueueOptions('IT-Infrastructure', { firstResponseMinutes: 1, solutionMinutes: 2 });
    stage.clock(at('08:05:23'));
    mail(stage, 'Escalates', { queue: 'IT-Infrastructure' });
  },
  319: (stage) => stage.clock(at('08:05:26')),
  338: (stage) => stage.clock(at('08:05:55')),
  340: ({ sim }) => sim.setMaintenance(true),
  346: ({ sim }) => sim.setMaintenance(false),
  351: (stage) => {
    stage.clock(at('08:06:31'));
    stage.sim.escalate(52);
  },
  353: ({ sim }) => sim.setUserValid('lock.me', false),
  356: ({ sim }) => sim.setUserValid('lock.me', true),
  357: (stage) => {
    stage.clock(at('08:07:43'));
    mail(stage, 'Outlives the client timeout');
  },
  358: async (stage) => {
    stage.clock(at('08:07:51'));
    await update(stage, 53, TRIAGE);
  },
  360: (stage) => mail(stage, 'Outlives the client rst'),
  361: async (stage) => {
    stage.clock(at('08:08:02'));
    await update(stage, 54, TRIAGE);
  },
  363: async (stage) => {
    mail(stage, 'Outlives and repeated');
    stage.clock(at('08:08:12'));
    await update(stage, 55, TRIAGE);
    await update(stage, 55, TRIAGE);
  },
  365: (stage) => {
    mail(stage, 'Lock wait timeout');
    stage.sim.faults.add({ kind: 'lock-wait' });
  },
  368: notified({}),
  370: notified({ 'anna.agent': ['Support'] }),
  372: notified({ 'anna.agent': ['Support', 'Unclassified'] }),
  374: notified({ 'anna.agent': ['Support'], 'bert.agent': ['Support'] }),
  376: notified({ 'anna.agent': ['Support'] }, 3),
  378: notified({ 'anna.agent': ['Support'] }, 3),
  380: notified({ 'otai-bot': ['Support'] }),
  382: notified({ 'anna.agent': ['Unclassified'] }),
  384: notified({ 'anna.agent': ['Unclassified'] }),
  386: (stage) => {
    stage.sim.setMyQueues(agent, []);
    while ((stage.sim.ticket(10_319)?.id ?? 0) === 0) mail(stage, 'One of ten thousand');
  },
  395: (stage) => {
    stage.clock(at('08:12:21'));
    mail(stage, 'SPAMMY offer', { queue: 'Junk', state: 'closed successful' });
  },
  403: async (stage) => {
    stage.clock(at('08:12:25'));
    mail(stage, 'Not recorded');
    mail(stage, 'Not recorded');
    mail(stage, 'Changed under lock');
    stage.clock(at('08:12:30'));
    await update(stage, 10_323, { Priority: '4 high' }, false);
  },
  405: (stage) => {
    mail(stage, 'Of an invalid agent');
    stage.sim.setUserValid('lock.me', false);
  },
  411: ({ sim }) => sim.setUserValid('lock.me', true),
  412: (stage) => {
    for (const subject of ['a', 'b', 'c']) mail(stage, subject);
    stage.clock(at('08:14:06'));
    stage.sim.portalTicket({
      user: 'portal.api',
      subject: 'Big',
      queue: 'Unclassified',
      body: 'x'.repeat(1_000_000),
    });
  },
};
