/** For tests: the instance of shapes 204–413, and how its recordings are read. */
import { FIXTURE_PASSWORD } from '../../src/simulator/fixture.ts';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';

export const SHAPES_INSTANCE: SimulatorOptions = {
  users: [
    { id: 1, login: 'root@localhost', admin: true },
    { id: 2, login: 'otai-bot', firstName: 'Open', lastName: 'Triage' },
    { id: 3, login: 'anna.agent', firstName: 'Anna', lastName: 'Agent' },
    { id: 4, login: 'bert.agent', firstName: 'Bert', lastName: 'Agent' },
    { id: 5, login: 'portal.api', firstName: 'Portal', lastName: 'Api' },
    { id: 6, login: 'lock.me', firstName: 'Lock', lastName: 'Me', title: '' },
  ],
  customers: [
    {
      login: 'erika.muster',
      name: 'Erika Muster',
      email: 'erika.muster@kunde.example',
      customerId: 'lab-firma',
      password: FIXTURE_PASSWORD,
    },
    { login: 'john.doe', name: 'John Doe', email: 'john.doe@kunde.example', customerId: 'lab-firma' },
  ],
  fields: [
    { name: 'TriageStatus', type: 'text' },
    { name: 'ProcessManagementProcessID', type: 'text' },
    { name: 'ProcessManagementActivityID', type: 'text' },
    { name: 'PreProcVacationStart', type: 'text' },
  ],
};

/** Recordings made with another agent's session, or with a wrong password. */
export const SHAPES_SESSIONS: Readonly<Record<number, string>> = {
  354: 'lock.me',
  405: 'lock.me',
  406: 'lock.me',
  407: 'lock.me',
  408: 'lock.me',
  409: 'lock.me',
  411: 'lock.me',
};
export const SHAPES_PASSWORDS: Readonly<Record<number, string>> = { 342: 'wrong' };

/** Not compared row by row, and why. The key paths of these are compared all the same. */
export const SHAPES_ROW_SKIPS: Readonly<Record<number, string>> = {
  285: 'the process fields of Znuny’s sample process are not all set',
  364: 'two calls that ran at the very same time wrote Move and PriorityUpdate twice; the simulator runs one after the other',
};
