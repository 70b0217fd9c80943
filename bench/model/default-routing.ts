import { join } from 'node:path';
import type { ModelInfo } from '../../src/classify/classifier.ts';
import { loadConfig } from '../../src/config/load.ts';
import { decide } from '../../src/route/decide.ts';
import { input } from '../../src/route/example.ts';
import { compileRouting } from '../../src/wiring/routing.ts';
import type { Answered } from './answers.ts';

/** Whether config.example.yaml would move a ticket to a team: by a rule, not into its default queue. */
export function movedByDefault(model: ModelInfo): (answered: Answered) => boolean {
  const file = join(import.meta.dirname, '..', '..', 'config.example.yaml');
  const { config } = loadConfig({ file, env: { ZNUNY_PASSWORD: 'none' } });
  const routing = compileRouting(config, model);
  return ({ text, prediction }) =>
    decide(input(prediction, { title: text.subject }, { text, sender: '' }), routing).reason === 'rule';
}
