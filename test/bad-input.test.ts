import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer, openShipped, type RawText } from '../bench/model/answers.ts';
import { ChildClassifier } from '../src/classify/supervisor.ts';
import { shippedFolder } from '../src/learn/corpus.ts';

const base64 = Buffer.from('Lorem ipsum dolor sit amet, consetetur sadipscing elitr. '.repeat(60)).toString(
  'base64',
);

/** Nothing of this can be judged: the model has to say so, whatever it would guess. */
const hopeless: Record<string, RawText> = {
  'no text at all': { subject: '', body: '' },
  'numbers and signs': { subject: '12345', body: '??? !!! 0815' },
  'only emoji': { subject: '🙈🙈', body: '😀🔥👩‍👩‍👧‍👦 💥💥💥' },
  'a language that it does not know': {
    subject: 'Imprimante en panne',
    body: "Bonjour, l'imprimante du deuxième étage ne fonctionne plus depuis ce matin, pouvez-vous envoyer quelqu'un ?",
  },
  'another script': {
    subject: 'プリンター',
    body: '二階のプリンターが今朝から動きません。修理をお願いします。',
  },
  'Base64 alone': { subject: '', body: base64 },
  'one letter a million times': { subject: '', body: 'x'.repeat(1_000_000) },
};

/** Odd, but there is something to read. */
const odd: Record<string, RawText> = {
  'only a quoted reply': {
    subject: 'Re: VPN',
    body: '> Der VPN-Tunnel bricht im Homeoffice alle zehn Minuten ab, im Büro geht alles.\n> Gruß',
  },
  'a megabyte of text': {
    subject: 'VPN',
    body: 'Der VPN-Tunnel bricht im Homeoffice alle zehn Minuten ab, im Büro geht alles. '.repeat(13_000),
  },
  'Base64 below the matter': {
    subject: 'VPN bricht ab',
    body: `Der VPN-Tunnel bricht im Homeoffice alle zehn Minuten ab.\n\n${base64}`,
  },
};

describe('the shipped model', () => {
  let classifier: ChildClassifier;
  beforeAll(async () => {
    classifier = await openShipped();
  });
  afterAll(() => classifier.stop());

  test.each(Object.entries(hopeless))('says that it cannot judge %s', async (_, text) => {
    const [answered] = await answer(classifier, [text]);

    expect(answered?.prediction.unknown).toBe(true);
  });

  test.each(Object.entries(odd))('reads %s', async (_, text) => {
    const [answered] = await answer(classifier, [text]);

    expect(answered?.prediction.categories[0]?.name).toBe('Network');
    expect(answered?.prediction.unknown).toBe(false);
  });

  test('was never restarted by any of this', () => {
    expect(classifier.stats().restarts).toBe(0);
  });
});

describe('a damaged copy of its folder is refused with the name of the file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'triaged-damaged-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['tokenizer.json', 'missing', (file: string) => rm(file)],
    ['onnx/model_quantized.onnx', 'cut off', (file: string) => truncate(file, 1_000_000)],
    ['config.json', 'altered', (file: string) => writeFile(file, '{"id2label": {"0": "Spam", "1": "Ham"}}')],
    ['triaged.json', 'no JSON', (file: string) => writeFile(file, '{"version": 1,')],
  ])('%s, %s', async (name, _, damage) => {
    const copy = join(folder, name.replaceAll('/', '-'));
    await cp(shippedFolder, copy, { recursive: true });
    await damage(join(copy, name));

    const classifier = new ChildClassifier({ modelDirectory: copy, threads: 1 });

    await expect(classifier.start()).rejects.toMatchObject({
      code: 'E_MODEL',
      message: expect.stringContaining(name.split('/').at(-1) ?? ''),
    });
    await classifier.stop();
  });
});
