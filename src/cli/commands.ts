import { check } from './check.ts';
import { classify } from './classify.ts';
import type { Command } from './command.ts';
import { config } from './config.ts';
import { decisions } from './decisions.ts';
import { demo } from './demo.ts';
import { explain } from './explain.ts';
import { healthcheck } from './healthcheck.ts';
import { models } from './models.ts';
import { queue } from './queue.ts';
import { run } from './run.ts';
import { simulate } from './simulate.ts';
import { znuny } from './znuny.ts';

/** Every command, in the order of --help. */
export const commands: readonly Command[] = [
  run,
  demo,
  simulate,
  check,
  explain,
  classify,
  models,
  decisions,
  queue,
  znuny,
  healthcheck,
  config,
];
