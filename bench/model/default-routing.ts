import { join } from 'node:path';
import type { ModelInfo } from '../../src/classify/classifier.ts';
import { loadConfig } from '../../src/config/load.ts';
import { decide } from '../../src/route/decide.ts';
import type { Ticket } from '../../src/ticket.ts';
import { compileRouting } from '../../src/wiring/routing.ts';
import type { Answered } from './answers.ts';

const ticket: Ticket = {
  id: 1,
  number: '2026112410000018',
  title: '',
  queue: 'Raw',
  queueId: 2,
  priority: '3 normal',
  state: 'new',
  stateType: 'new',
  lock: 'unlock',
  type: 'Unclassified',
  service: '',
  sla: '',
  owner: 'root@localhost',
  ownerId: 1,
  responsible: 'root@localhost',
  responsibleId: 1,
  createBy: 1,
  changeBy: 1,
  created: '2026-11-24 09:30:00',
  changed: '2026-11-24 09:30:00',
  createdAt: Date.UTC(2026, 10, 24, 8, 30),
  readAt: Date.UTC(2026, 10, 24, 8, 31),
  customerUser: '',
  customerId: '',
  dynamicFields: {},
  articles: [],
  history: [],
};

/** Whether config.example.yaml would move a ticket to a team: by a rule, not into its default queue. */
export function movedByDefault(model: ModelInfo): (answered: Answered) => boolean {
  const file = join(import.meta.dirname, '..', '..', 'config.example.yaml');
  const { config } = loadConfig({ file, env: { ZNUNY_PASSWORD: 'none' } });
  const routing = compileRouting(config, model);
  return ({ text, prediction }) =>
    decide({ ticket: { ...ticket, title: text.subject }, text, sender: '', prediction }, routing).reason ===
    'rule';
}
