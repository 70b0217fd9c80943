import { writeSync } from 'node:fs';
import { sampleRecord } from './sample-record.ts';
import { openJournal } from './sqlite.ts';

/** Writes into the journal named on the command line until it is killed; tells each committed step. */
const [file = '', firstId = '1'] = process.argv.slice(2);
const journal = await openJournal({ file, now: Date.now });
for (let id = Number(firstId); ; id += 1) {
  const acknowledge = (step: string) => writeSync(1, `${id} ${step}\n`);
  await journal.see([id], 'poll', Date.now());
  acknowledge('seen');
  await journal.claim(1, Date.now());
  acknowledge('claimed');
  await journal.move(id, { to: 'decided', decision: sampleRecord(id, `d${id}`) }, Date.now());
  acknowledge('decided');
  await journal.move(id, { to: 'applying', decisionId: `d${id}` }, Date.now());
  acknowledge('applying');
  await journal.move(id, { to: 'applied', decisionId: `d${id}` }, Date.now());
  acknowledge('applied');
}
