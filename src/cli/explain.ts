import { explainQuestion, type Question } from '../check/explain-question.ts';
import { ConfigError } from '../errors.ts';
import { explainText } from '../terminal/explain-text.ts';
import type { Command, CommandCall } from './command.ts';
import { loadFor } from './config-option.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'tell what would become of a ticket and why, and write nothing',
  usage:
    'triaged explain (--ticket N | --subject TEXT --body TEXT [--from A] [--queue Q] [--priority P]) [options]',
  example: 'triaged explain --subject "Kein WLAN im zweiten Stock" --expect-queue IT-Infrastructure',
  options: {
    ticket: { type: 'string', value: 'N', description: 'a ticket in Znuny: its id or number' },
    subject: { type: 'string', value: 'TEXT', description: 'subject of an imagined ticket' },
    body: { type: 'string', value: 'TEXT', description: 'its text' },
    from: { type: 'string', value: 'A', description: 'its sender' },
    queue: { type: 'string', value: 'Q', description: 'the queue it came to (default: the first source)' },
    priority: { type: 'string', value: 'P', description: 'its priority (default: default_priority)' },
    'expect-queue': { type: 'string', value: 'Q', description: 'exit 1 where the rules want another queue' },
    'expect-priority': { type: 'string', value: 'P', description: 'exit 1 where they want another priority' },
  },
  async run(call) {
    const question = questionOf(call);
    const story = await explainQuestion(loadFor(call), question, Date.now);
    const lines = call.flag('json') ? [JSON.stringify(story, null, 2)] : explainText(story);
    for (const line of lines) call.terminal.out(line);

    const misses = (['queue', 'priority'] as const).filter((key) => {
      const expected = call.text(`expect-${key}`);
      return expected !== undefined && expected !== story.result[key];
    });
    for (const key of misses) {
      const expected = call.text(`expect-${key}`);
      call.terminal.error(`triaged explain: ${key} would be "${story.result[key]}", expected "${expected}"`);
    }
    return misses.length === 0 ? 0 : 1;
  },
};

function questionOf(call: CommandCall): Question {
  const ticket = call.text('ticket');
  const subject = call.text('subject');
  const body = call.text('body');
  const hint = 'See triaged explain --help.';
  if (ticket === undefined && subject === undefined && body === undefined) {
    throw new ConfigError('E_CONFIG', 'give --ticket N, or --subject and --body', { hint });
  }
  if (ticket === undefined) {
    return {
      subject: subject ?? '',
      body: body ?? '',
      from: call.text('from') ?? '',
      queue: call.text('queue'),
      priority: call.text('priority'),
    };
  }
  const imagined = ['subject', 'body', 'from', 'queue', 'priority'].filter(
    (name) => call.text(name) !== undefined,
  );
  if (imagined.length > 0) {
    const message = `--ticket reads a real ticket, --${imagined[0]} is for an imagined one`;
    throw new ConfigError('E_CONFIG', message, { hint });
  }
  return { ticket };
}
