/** The child process: holds the model, answers the supervisor (protocol.ts), dies with its parent. */
import { type Graph, type GraphOutputs, loadGraph } from './graph.ts';
import type { RawOutput } from './prediction.ts';
import type { ChildMessage, ChildText, LoadRequest, ParentMessage } from './protocol.ts';

type Model = {
  readonly main: Graph;
  readonly priority: Graph | null;
  readonly outputs: LoadRequest['outputs'];
};

let model: Model | null = null;

// Ctrl-C and a stop of the whole process group reach the child as well, while the parent still finishes
// its work; the parent ends it by closing the channel or by SIGKILL.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ParentMessage) => {
  void (message.type === 'load' ? load(message) : classify(message.id, message.texts));
});

async function load(request: LoadRequest): Promise<void> {
  try {
    model = {
      main: await loadGraph(request.main, request.threads),
      priority: request.priority ? await loadGraph(request.priority, request.threads) : null,
      outputs: request.outputs,
    };
    const probe = await judge(model, { text: 'Test', priorityText: 'Test' });
    const numbers = [
      ...probe.logits,
      ...(probe.priorityLogits ?? []),
      probe.unknownScore ?? 0,
      ...(probe.embedding ?? []),
    ];
    if (!numbers.every(Number.isFinite)) throw new Error('the graph gives numbers that are not finite');
    send({ type: 'ready', probe, residentBytes: process.memoryUsage.rss() });
  } catch (error) {
    send({ type: 'failed', reason: reasonOf(error) });
  }
}

async function classify(id: number, texts: readonly ChildText[]): Promise<void> {
  try {
    if (!model) throw new Error('no model is loaded');
    const outputs: RawOutput[] = [];
    for (const text of texts) outputs.push(await judge(model, text));
    send({ type: 'result', id, outputs, residentBytes: process.memoryUsage.rss() });
  } catch (error) {
    send({ type: 'refused', id, reason: reasonOf(error) });
  }
}

async function judge(loaded: Model, text: ChildText): Promise<RawOutput> {
  const main = await loaded.main.run(text.text);
  const { priority, unknownScore, embedding } = loaded.outputs;
  const second = loaded.priority && (await loaded.priority.run(text.priorityText ?? text.text));
  return {
    logits: output(main, 'logits'),
    priorityLogits: second ? output(second, 'logits') : priority ? output(main, priority) : null,
    unknownScore: unknownScore ? (output(main, unknownScore)[0] ?? Number.NaN) : null,
    embedding: embedding ? output(main, embedding) : null,
  };
}

function output(outputs: GraphOutputs, name: string): readonly number[] {
  const values = outputs.get(name);
  if (values) return values;
  throw new Error(`the graph has no output "${name}", it has ${[...outputs.keys()].join(', ')}`);
}

function send(message: ChildMessage): void {
  // The channel may just have closed; there is nobody left to tell.
  if (process.connected) process.send?.(message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
