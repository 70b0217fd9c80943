import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AutoModelForSequenceClassification, env, pipeline } from '@huggingface/transformers';
import { expect, test } from 'vitest';
import { loadTokenizer as tokenizerOfDaemon } from '../classify/graph.ts';
import { manifestSchema } from '../classify/manifest.ts';
import { readCorpus, tokenIds } from './corpus.ts';
import { encodeIds, inputOf, loadTokenizer, maxTokens } from './embed.ts';
import { argmax } from './figures.ts';
import { readModel } from './graph.ts';
import { logSoftmax } from './logistic.ts';
import { type GraphSession, openGraph } from './session.ts';

const folder = join(import.meta.dirname, '..', '..', 'models', 'shipped', 'triage-de-en');
const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'triaged.json'), 'utf8')));
const graphFile = join(folder, 'onnx', 'model_quantized.onnx');

let opened: GraphSession | undefined;
async function run(subject: string, body: string): Promise<Record<string, Float32Array>> {
  opened ??= await openGraph(
    readModel(await readFile(graphFile)),
    await readFile(join(folder, 'config.json'), 'utf8'),
  );
  const tokenizer = await loadTokenizer(folder);
  return opened.run([encodeIds(tokenizer, inputOf({ subject, body }))]);
}

async function group(subject: string, body: string): Promise<string | undefined> {
  const { logits = [] } = await run(subject, body);
  const sums = new Map<string, number>();
  for (const [i, log] of logSoftmax(logits).entries()) {
    const name = manifest.categories[i]?.group ?? '';
    sums.set(name, (sums.get(name) ?? 0) + Math.exp(log));
  }
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0];
}

test('every file of the folder has the checksum that triaged.json promises, and none is missing', async () => {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const names = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

  expect(names.filter((name) => name !== 'triaged.json').sort()).toEqual(Object.keys(manifest.files).sort());
  for (const [name, hash] of Object.entries(manifest.files)) {
    expect(
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
    ).toBe(hash);
  }
});

test('the folder is smaller than 32 MB', async () => {
  const sizes = await Promise.all(
    Object.keys(manifest.files).map(async (name) => (await stat(join(folder, name))).size),
  );

  expect(sizes.reduce((a, b) => a + b)).toBeLessThan(32e6);
});

test.each([
  ['Network', 'Kein Internet', 'Im ganzen Erdgeschoss geht seit heute früh weder WLAN noch Kabel.'],
  ['Network', 'VPN', 'My tunnel disconnects every ten minutes when I work from home.'],
  ['IT', 'Passwort vergessen', 'Ich kann mich nicht mehr anmelden, mein Konto ist gesperrt.'],
  ['IT', 'Broken screen', 'The display of my notebook stays black, only the fan is running.'],
  ['IT', 'Sicherung fehlgeschlagen', 'Das Backup der Datenbank auf dem Server ist heute Nacht abgebrochen.'],
  [
    'Billing',
    'Rechnung fehlt',
    'Für Juni habe ich noch keine Rechnung erhalten, bitte schicken Sie mir eine Kopie.',
  ],
  ['Billing', 'Cancel subscription', 'I would like to end our contract on the next possible date.'],
  [
    'Billing',
    'Doppelte Abbuchung',
    'Der Beitrag wurde zweimal abgebucht, bitte überweisen Sie mir das Geld zurück.',
  ],
  ['Support', 'How do I export a report?', 'Is there a way to download the list as a spreadsheet?'],
  [
    'Support',
    'Beschwerde',
    'Seit Wochen warte ich auf eine Antwort, ich bin sehr verärgert über Ihren Service.',
  ],
])('a ticket that belongs to %s goes there: %s', async (expected, subject, body) => {
  expect(await group(subject, body)).toBe(expected);
});

test('a text in a language it never learned is more unknown than a ticket, and is called so', async () => {
  const { unknown_score: french = [] } = await run(
    'Imprimante',
    'L’imprimante du premier étage ne répond plus, merci de la réparer.',
  );
  const { unknown_score: german = [] } = await run(
    'Drucker',
    'Der Drucker im ersten Stock reagiert nicht mehr, bitte reparieren.',
  );

  expect(french[0]).toBeGreaterThanOrEqual(manifest.thresholds.unknown ?? 1);
  expect(german[0]).toBeLessThan(manifest.thresholds.unknown ?? 1);
});

test('an outage for many is judged more urgent than a wish', async () => {
  const outage = await run(
    'Alles steht',
    'Kein Server erreichbar, 200 Leute können nicht arbeiten. Bitte SOFORT!',
  );
  const wish = await run('Maus', 'Könnte ich irgendwann eine neue Maus bekommen? Eilt nicht.');

  expect(argmax(outage.priority_logits ?? [])).toBeGreaterThan(argmax(wish.priority_logits ?? []));
});

test('the daemon cuts every seed into the tokens that transformers.js makes of it', async () => {
  const { seeds, unknown } = await readCorpus();
  const texts = [...seeds, ...unknown];
  const daemon = await tokenizerOfDaemon(folder);
  const expected = await tokenIds(texts, folder);

  const found = texts.map((text) => daemon(inputOf(text), maxTokens));

  expect(found.filter((ids, i) => ids.join() !== expected[i]?.join())).toEqual([]);
  expect(found.some((ids) => ids.length === maxTokens)).toBe(true);
});

test('it is also an ordinary text-classification model', async () => {
  env.allowRemoteModels = false;
  const options = { dtype: 'q8', local_files_only: true } as const;
  const classify = await pipeline('text-classification', folder, options);
  const model = await AutoModelForSequenceClassification.from_pretrained(folder, options);

  const [answer] = [await classify('I have not received the invoice for March.')].flat(2);

  expect(answer).toMatchObject({ label: 'Invoice' });
  await Promise.all([classify.dispose(), model.dispose()]);
});
