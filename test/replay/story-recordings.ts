/** For tests: the instance of recordings 01–203 and what was done in it between the recorded requests. */

import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import type { Stage } from './replay-harness.ts';

export const RECORDED_INSTANCE: SimulatorOptions = {
  maxLength: 2_000_000,
  users: [
    { id: 1, login: 'root@localhost', admin: true },
    {
      id: 2,
      login: 'otai-bot',
      firstName: 'Otai',
      lastName: 'Bot',
      rights: {
        Postmaster: [],
        Raw: [],
        Junk: [],
        Misc: [],
        Management: [],
        Archive: ['ro'],
        Dispatch: ['move_into'],
      },
    },
    { id: 3, login: 'otai-readonly', defaultRights: ['ro'] },
    { id: 4, login: 'agent.smith' },
  ],
  queues: [
    { id: 1, name: 'Postmaster' },
    { id: 2, name: 'Raw' },
    { id: 3, name: 'Junk' },
    { id: 4, name: 'Misc' },
    { id: 5, name: 'Accounting' },
    { id: 6, name: 'Archive' },
    { id: 7, name: 'Büro & Gebäude' },
    { id: 8, name: 'Dispatch' },
    { id: 9, name: 'IT-Infrastructure' },
    { id: 10, name: 'Management' },
    { id: 11, name: 'Support' },
    { id: 12, name: 'Support::Level 2' },
    { id: 13, name: 'Unclassified', groupId: 5 },
  ],
  customers: [
    { login: 'erika.muster', name: 'Erika Müßig', email: 'erika@muster.example.test', customerId: 'muster' },
    {
      login: 'juergen.groesser',
      name: 'Jürgen Größer',
      email: 'juergen@muster.example.test',
      customerId: 'muster',
    },
    {
      login: 'john.doe',
      name: 'John Doe',
      email: 'john.doe@northwind.example.test',
      customerId: 'northwind',
    },
  ],
  fields: [
    { name: 'TriageStatus', type: 'dropdown', values: ['pending', 'done', 'review'] },
    { name: 'TriageCategory', type: 'text' },
    { name: 'TriageConfidence', type: 'text' },
    { name: 'TriageTopics', type: 'multiselect', values: ['vpn', 'printer', 'invoice'] },
    { name: 'TriageAt', type: 'datetime' },
    { name: 'TriageDone', type: 'checkbox' },
    { name: 'ArticleTag', type: 'text', object: 'Article' },
  ],
};

const CSV = Buffer.from('date,amount\n2026-11-19,149.00\n2026-11-19,149.00').toString('base64');

function byBot(
  { sim }: Stage,
  subject: string,
  queue = 'Unclassified',
  more: { owner?: string; priority?: string } = {},
): void {
  const lock = more.owner === undefined ? {} : { lock: 'unlock' as const };
  sim.portalTicket({
    user: 'otai-bot',
    customer: 'erika.muster',
    subject,
    queue,
    body: `Testtext ${subject}`,
    ...lock,
    ...more,
  });
}

/** Done right before the recording of that number is replayed. */
export const RECORDED_STORY: Readonly<Record<number, (stage: Stage) => void>> = {
  1: (stage) => {
    const { sim } = stage;
    // The day before: its number comes from another day's counter.
    stage.clock('2026-11-22 12:00:00');
    sim.receiveMail({ subject: 'Welcome to Znuny!', queue: 'Raw' });
    stage.clock('2026-11-23 23:47:59');
    const customer = 'erika@muster.example.test';
    const bare = { from: customer, noArticle: true } as const;
    sim.receiveMail({ ...bare, subject: 'Old mail', queue: 'Unclassified', priority: '4 high' });
    sim.receiveMail({ ...bare, subject: 'Ticket without article', queue: 'Unclassified' });
    sim.receiveMail({ ...bare, subject: 'Secret', queue: 'Management' });
    sim.receiveMail({ ...bare, subject: 'Read only', queue: 'Archive', priority: '4 high' });
    sim.receiveMail({ ...bare, subject: 'Move only', queue: 'Dispatch' });
    stage.clock('2026-11-23 23:48:00');
    sim.receiveMail({
      subject: 'Störung: Drucker im 3. OG drückt nicht',
      queue: 'Unclassified',
      from: 'Jürgen Größer <juergen@muster.example.test>',
      html: '<html><head><style>p{color:#333}</style></head><body><p>Guten Tag,</p><p>Papierstau in Fach&nbsp;2</p><p><a href="https://intranet.example.test/drucker?id=42">Anleitung</a></p></body></html>',
    });
    stage.clock('2026-11-23 23:48:01');
    sim.receiveMail({
      subject: 'Invoice INV-20931 charged twice',
      queue: 'Unclassified',
      from: 'John Doe <john.doe@northwind.example.test>',
      cc: 'Finance <finance@northwind.example.test>',
      body: 'Hi team,\n\nour card was charged twice.\n',
      attachments: [
        { filename: 'charges.csv', contentType: 'text/csv; charset=utf-8; name="charges.csv"', content: CSV },
      ],
    });
    stage.clock('2026-11-23 23:49:24');
  },
  10: (stage) => {
    stage.clock('2026-11-23 23:49:25');
    byBot(stage, 'Drucker defekt');
  },
  13: (stage) => stage.clock('2026-11-23 23:49:28'),
  66: (stage) => {
    stage.clock('2026-11-23 23:51:39');
    byBot(stage, 'Update-Ziel: VPN geht nicht');
  },
  72: (stage) => stage.clock('2026-11-23 23:51:40'),
  156: (stage) => {
    stage.clock('2026-11-23 23:54:07');
    byBot(stage, 'Booleans');
  },
  157: (stage) => {
    stage.clock('2026-11-23 23:54:08');
    byBot(stage, 'Titel');
    byBot(stage, 'Zum Verschieben');
  },
  168: (stage) => {
    stage.clock('2026-11-23 23:54:18');
    byBot(stage, 'Dreiundzwanzig');
    stage.clock('2026-11-23 23:54:19');
    byBot(stage, 'Vierundzwanzig', 'Unclassified', { priority: '4 high' });
    stage.clock('2026-11-23 23:54:24');
    byBot(stage, 'Fünfundzwanzig', 'Support::Level 2');
    byBot(stage, 'Sechsundzwanzig', 'Büro & Gebäude');
  },
  187: ({ sim }) => sim.expireSessions(),
  188: (stage) => {
    stage.forgetSessions();
    byBot(stage, 'Fremdes', 'Unclassified', { owner: 'root@localhost' });
    byBot(stage, 'Fremdes ohne Recht', 'Unclassified', { owner: 'root@localhost' });
  },
};

/** Not part of the one story, but replayed all the same. */
export const RECORDED_SKIPS: Readonly<Record<number, string>> = {
  184: 'on an instance of its own: a session that is over',
  197: 'sent by Znuny: caught by a listener',
  198: 'sent by Znuny: caught by a listener',
  199: 'sent by Znuny: caught by a listener',
  200: 'sent by Znuny: caught by a listener',
  201: 'sent by Znuny: caught by a listener',
  202: 'on an instance of its own: KeepAlive',
  203: 'on an instance of its own: OTRSTimeZone',
};
