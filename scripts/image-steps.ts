import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, matchesGlob, resolve } from 'node:path';

/** Follows a Dockerfile without a Docker engine: each stage is a folder, the base image is this machine. */

type Stage = {
  readonly root: string;
  readonly environment: Record<string, string>;
  workingDirectory: string;
};

const WITHOUT_EFFECT = new Set([
  'ARG',
  'LABEL',
  'USER',
  'VOLUME',
  'EXPOSE',
  'HEALTHCHECK',
  'ENTRYPOINT',
  'CMD',
]);

/** Builds under `into`; answers the last stage's root. Throws where a step fails or is not understood. */
export function followDockerfile(repository: string, into: string): string {
  const context = join(into, 'context');
  copyContext(repository, context);
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const { instruction, rest } of instructions(readFileSync(join(repository, 'Dockerfile'), 'utf8'))) {
    if (WITHOUT_EFFECT.has(instruction)) continue;
    if (instruction === 'FROM') {
      const name = / AS (\S+)$/i.exec(rest)?.[1] ?? 'final';
      stage = { root: join(into, name), environment: {}, workingDirectory: '/' };
      mkdirSync(stage.root, { recursive: true });
      stages.set(name, stage);
      continue;
    }
    if (!stage) throw new Error(`${instruction} before FROM`);
    console.log(`[${basename(stage.root)}] ${instruction} ${rest}`);
    if (instruction === 'WORKDIR') {
      stage.workingDirectory = resolve(stage.workingDirectory, rest);
      mkdirSync(join(stage.root, stage.workingDirectory), { recursive: true });
    } else if (instruction === 'ENV') {
      const [name = '', value = ''] = rest.split('=');
      stage.environment[name] = value;
    } else if (instruction === 'COPY') copy(rest, stage, context, stages);
    else if (instruction === 'RUN') run(rest, stage);
    else throw new Error(`this script does not know ${instruction}`);
  }
  if (!stage) throw new Error('no FROM in the Dockerfile');
  return stage.root;
}

function instructions(text: string): { instruction: string; rest: string }[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => {
      const [instruction = '', ...words] = line.trim().split(' ');
      return { instruction, rest: words.join(' ') };
    });
}

function run(command: string, stage: Stage): void {
  const result = spawnSync('sh', ['-e', '-c', command], {
    cwd: join(stage.root, stage.workingDirectory),
    env: { ...process.env, ...stage.environment },
    stdio: 'inherit',
  });
  if (result.status !== 0) throw new Error(`RUN ${command}: exit ${result.status ?? result.signal}`);
}

/** Folders: their content goes into the destination, as Docker has it. Owners and modes are not played. */
function copy(rest: string, stage: Stage, context: string, stages: ReadonlyMap<string, Stage>): void {
  const words = rest.split(' ');
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const destination = paths.pop() ?? '.';
  const root = from === undefined ? context : stages.get(from)?.root;
  if (root === undefined) throw new Error(`COPY from an unknown stage ${from}`);
  const target = join(stage.root, resolve(stage.workingDirectory, destination));
  const intoFolder = destination.endsWith('/') || paths.length > 1;
  for (const path of paths) {
    const source = join(root, path);
    const folder = statSync(source).isDirectory();
    const place = intoFolder && !folder ? join(target, basename(path)) : target;
    mkdirSync(folder ? place : dirname(place), { recursive: true });
    cpSync(source, place, { recursive: true, verbatimSymlinks: true });
  }
}

/** What `docker build` would send: the last pattern of .dockerignore that fits a path decides. */
function copyContext(repository: string, context: string): void {
  const patterns = readFileSync(join(repository, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const paths = readdirSync(repository, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repository.length + 1));
  for (const path of paths.filter((candidate) => !ignored(candidate, patterns))) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    cpSync(join(repository, path), join(context, path));
  }
}

function ignored(path: string, patterns: readonly string[]): boolean {
  const segments = path.split('/');
  const prefixes = segments.map((_, index) => segments.slice(0, index + 1).join('/'));
  let result = false;
  for (const pattern of patterns) {
    const glob = pattern.replace(/^!/, '');
    if (prefixes.some((prefix) => matchesGlob(prefix, glob))) result = !pattern.startsWith('!');
  }
  return result;
}
