import { availableParallelism } from 'node:os';
import type { ModelInfo } from '../classify/classifier.ts';
import { ChildClassifier } from '../classify/supervisor.ts';

const SENTENCES = [
  {
    subject: 'Kein WLAN im zweiten Stock',
    body: 'Seit heute früh kommt niemand mehr ins Netz.',
    language: 'de',
  },
  { subject: 'Invoice 4711 was charged twice', body: 'Please send the money back.', language: 'en' },
] as const;

export type SmokeTest = {
  readonly info: ModelInfo;
  readonly answers: readonly {
    readonly language: string;
    readonly subject: string;
    readonly category: string;
    readonly probability: number;
    readonly priority: string | null;
    readonly unknown: boolean;
  }[];
};

/**
 * Loads the model as the daemon does, in the same child process, and judges one German and one English
 * sentence. Errors: as of the classifier, ConfigError `E_MODEL` for a graph that cannot be used.
 */
export async function smokeTest(directory: string, name: string, signal: AbortSignal): Promise<SmokeTest> {
  const classifier = new ChildClassifier({
    modelDirectory: directory,
    modelName: name,
    threads: Math.min(2, availableParallelism()),
  });
  const stop = () => void classifier.stop();
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    await classifier.start();
    const judged = await classifier.classify(SENTENCES);
    const answers = SENTENCES.map(({ language, subject }, index) => {
      const { categories = [], priorities = [], unknown = true } = judged[index] ?? {};
      return {
        language,
        subject,
        category: categories[0]?.name ?? '',
        probability: categories[0]?.probability ?? 0,
        priority: priorities[0]?.name ?? null,
        unknown,
      };
    });
    return { info: classifier.info, answers };
  } finally {
    signal.removeEventListener('abort', stop);
    await classifier.stop();
  }
}
