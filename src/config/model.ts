import { z } from 'zod';
import { key, text, znunyName } from './values.ts';

/** The folder name of the shipped model. */
export const DEFAULT_MODEL_NAME = 'triage-de-en';

const restart = { restart: true };

export const model = z.strictObject({
  provider: key(
    z.literal('hf-local').default('hf-local'),
    'A Hugging Face text-classification folder on this machine',
    restart,
  ),
  model_name: key(
    text.default(DEFAULT_MODEL_NAME),
    'Folder, hub-style org/name folder, or path of the model',
    restart,
  ),
  directory: key(
    text.optional(),
    'Where models are looked up after `models` beside this file and before the shipped ones',
    restart,
  ),
  priority_model: key(text.optional(), 'A second model that judges the priority', restart),
  labels: key(
    z.record(text, text).default({}),
    "The model's label → name of the category, where the rules use other names",
    restart,
  ),
  groups: key(
    z.record(text, z.array(text).min(1)).default({}),
    'Name of a group → its categories; a rule may name a group instead of every category',
    restart,
  ),
  descriptions: key(
    z.record(text, text).default({}),
    'Name of a category → one sentence that says what it means; a name that the model does not have becomes a category',
    restart,
  ),
  priorities: key(
    z
      .union([z.array(znunyName).min(2), z.record(text, znunyName)], {
        error: "expected a list of Znuny's priorities low → high, or a mapping label → priority",
      })
      .optional(),
    "Znuny's names of the model's priorities: a list low → high, or a mapping from the model's labels",
    restart,
  ),
  max_tokens: key(
    z.int().min(8).max(512).optional(),
    "Longer texts are cut. Default: the model's own length",
    restart,
  ),
  threads: key(
    z.int().min(1).max(256).optional(),
    'Threads of one worker. Default: what the machine has',
    restart,
  ),
  workers: key(z.int().min(1).max(16).default(1), 'Child processes that classify', restart),
});
