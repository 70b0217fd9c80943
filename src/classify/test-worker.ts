/**
 * Test worker: speaks the protocol without a model and misbehaves on words in the text. `load` fails or
 * hangs where a file of that name lies in the model folder. Otherwise the logits are the text's length
 * for label 0 and 0 for label 1.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RawOutput } from './prediction.ts';
import type { ParentMessage } from './protocol.ts';

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ParentMessage) => {
  if (message.type === 'load') load(message.main.directory);
  else {
    const texts = message.texts.map(({ text }) => text);
    send(reply(message.id, texts));
  }
});

function load(directory: string): void {
  if (existsSync(join(directory, 'HANG-AT-START'))) return;
  if (existsSync(join(directory, 'EXIT-AT-START'))) {
    console.error('no memory for the model');
    process.exit(3);
  }
  send({ type: 'ready', probe: answer('Test'), residentBytes: process.memoryUsage.rss() });
}

function reply(id: number, texts: readonly string[]): unknown {
  const all = texts.join(' ');
  if (all.includes('HANG')) for (;;);
  if (all.includes('EXIT')) process.exit(7);
  if (all.includes('SEGV')) process.kill(process.pid, 'SIGSEGV');
  if (all.includes('REFUSE')) return { type: 'refused', id, reason: 'index out of range' };
  if (all.includes('GARBAGE')) return { hello: 'world' };
  if (all.includes('SHORT')) return { type: 'result', id, outputs: [], residentBytes: 1 };
  if (all.includes('LATER')) setTimeout(() => process.exit(7), 50);
  const outputs = texts.map(answer);
  if (all.includes('STALE')) return { type: 'result', id: id - 1, outputs, residentBytes: 1 };
  if (all.includes('NAN'))
    return { type: 'result', id, outputs: [{ ...answer(''), logits: [Number.NaN, 1] }], residentBytes: 1 };
  if (all.includes('PRIORITY'))
    return { type: 'result', id, outputs: [{ ...answer(''), priorityLogits: [1, 2] }], residentBytes: 1 };
  return { type: 'result', id, outputs, residentBytes: process.memoryUsage.rss() };
}

function answer(text: string): RawOutput {
  return { logits: [text.length / 100, 0], priorityLogits: null, unknownScore: null, embedding: null };
}

function send(message: unknown): void {
  process.send?.(message);
}
