import { locateModel, type ModelPlaces } from '../classify/locate-model.ts';
import { type ModelSection, readModelSection } from '../config/model-section.ts';
import { ConfigError } from '../errors.ts';
import { addModel, type Brought, type Surroundings } from '../models/add.ts';
import { namedFolders } from '../models/find.ts';
import { hubAddress } from '../models/hub-address.ts';
import { listedModels } from '../models/list.ts';
import { pullModel } from '../models/pull.ts';
import { configStub } from '../models/stub.ts';
import { type Verdict, verifyModel } from '../models/verify.ts';
import { byteProgress } from '../terminal/byte-progress.ts';
import { broughtLines, listLines, originOf, verdictLines } from '../terminal/model-lines.ts';
import { printable } from '../text/printable.ts';
import { modelPlaces } from '../wiring/live.ts';
import { namingOf } from '../wiring/parts.ts';
import type { Command, CommandCall, ExitCode } from './command.ts';
import { configFile } from './config-option.ts';

type Action = (call: CommandCall, words: readonly string[]) => Promise<ExitCode>;

const ACTIONS: Readonly<Record<string, Action>> = { list, verify, add, pull };
const HUB = 'https://huggingface.co';

export const models: Command = {
  name: 'models',
  summary: 'list the models and what their categories mean, verify their files, add one, pull one from a hub',
  usage: 'triaged models [list | verify [NAME] | add FOLDER [--name NAME] | pull ORG/NAME [--revision REV]]',
  example: 'triaged models add ./ticket-classifier --name acme/tickets',
  positionals: 'ACTION …',
  options: {
    name: { type: 'string', value: 'NAME', description: "add: the model's name (default: the folder's)" },
    force: { type: 'boolean', description: 'add, pull: replace a model of that name' },
    revision: { type: 'string', value: 'REV', description: 'pull: branch, tag or commit (default: main)' },
    hub: { type: 'string', value: 'URL', description: `pull: the hub (default: HF_ENDPOINT, else ${HUB})` },
    'allow-http': { type: 'boolean', description: 'pull: a hub without TLS that is not on this machine' },
  },
  async run(call) {
    const [name = 'list', ...words] = call.positionals;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined) throw usage(`there is no "${name}": ${Object.keys(ACTIONS).join(', ')}`);
    try {
      return await action(call, words);
    } catch (error) {
      // Asked for only where it would have been by the action: by itself it changes what signals do.
      const waits = name === 'add' || name === 'pull';
      if (!waits || !call.signal.aborted) throw error;
      call.terminal.error(`triaged models ${name}: ended; no model was changed`);
      return 1;
    }
  },
};

async function list(call: CommandCall, words: readonly string[]): Promise<ExitCode> {
  if (words.length > 0) throw usage('list takes no name');
  const { section, places } = placesOf(call);
  const { model_name, priority_model } = section.model;
  const found = await listedModels(places, {
    modelName: section.written ? model_name : null,
    priorityModel: priority_model ?? null,
    naming: namingOf(section.model),
  });
  if (call.flag('json')) {
    call.terminal.out(JSON.stringify(found, null, 2));
    return 0;
  }
  for (const line of found.flatMap(listLines)) call.terminal.out(line);
  if (!section.written) call.terminal.error(`there is no ${configFile(call)}: none of them is in use`);
  else if (found.every(({ usedBy }) => !usedBy.includes('model.model_name'))) {
    call.terminal.error(printable(`${configFile(call)} names "${model_name}", which is not here`));
  }
  return 0;
}

async function verify(call: CommandCall, words: readonly string[]): Promise<ExitCode> {
  const [name, ...more] = words;
  if (more.length > 0) throw usage('verify takes one name, or none for all of them');
  const { places } = placesOf(call);
  const folders =
    name === undefined ? await namedFolders(places) : [{ name, directory: await locateModel(name, places) }];
  const verdicts: (Verdict & { readonly name: string })[] = [];
  for (const folder of folders) {
    const verdict = { name: folder.name, ...(await verifyModel(folder.directory)) };
    verdicts.push(verdict);
    if (!call.flag('json')) for (const line of verdictLines(folder.name, verdict)) call.terminal.out(line);
  }
  if (call.flag('json')) call.terminal.out(JSON.stringify(verdicts, null, 2));
  return verdicts.every(({ bad }) => bad.length === 0) ? 0 : 78;
}

async function add(call: CommandCall, words: readonly string[]): Promise<ExitCode> {
  const [folder, ...more] = words;
  if (folder === undefined || more.length > 0) throw usage('add takes one folder');
  const name = call.text('name');
  const question = { folder, force: call.flag('force'), ...(name === undefined ? {} : { name }) };
  const brought = await addModel(question, surroundings(call));
  tell(call, brought);
  return 0;
}

async function pull(call: CommandCall, words: readonly string[]): Promise<ExitCode> {
  const [repo, ...more] = words;
  if (repo === undefined || more.length > 0) throw usage('pull takes one ORG/NAME');
  const { env, terminal } = call;
  const progress = byteProgress(process.stderr, Date.now);
  const around = {
    ...surroundings(call),
    env,
    token: env.HF_TOKEN || undefined,
    hub: hubAddress(call.text('hub') ?? (env.HF_ENDPOINT || HUB), call.flag('allow-http')),
    onProgress: progress.show,
  };
  const question = { repo, revision: call.text('revision') ?? 'main', force: call.flag('force') };
  const pulled = await pullModel(question, around).finally(progress.end);
  if (pulled.kind === 'pulled') {
    tell(call, pulled);
    for (const path of pulled.unchecked) terminal.error(printable(`the hub gives no checksum for ${path}`));
  } else if (call.flag('json')) terminal.out(JSON.stringify(pulled, null, 2));
  else terminal.out(printable(`${pulled.name} is here already${originOf(pulled.pin)}; nothing was changed`));
  return 0;
}

function tell(call: CommandCall, brought: Brought): void {
  const { name, info } = brought;
  if (call.flag('json')) {
    call.terminal.out(JSON.stringify({ ...brought, config: configStub(name, info.categories) }, null, 2));
  } else for (const line of broughtLines(brought)) call.terminal.out(line);
}

function surroundings(call: CommandCall): Surroundings {
  return { places: placesOf(call).places, now: () => new Date().toISOString(), signal: call.signal };
}

function placesOf(call: CommandCall): { readonly section: ModelSection; readonly places: ModelPlaces } {
  const section = readModelSection({ file: configFile(call), sets: call.texts('set'), env: call.env });
  return { section, places: modelPlaces(section) };
}

function usage(message: string): ConfigError {
  return new ConfigError('E_CONFIG', message, { hint: 'See triaged models --help.' });
}
