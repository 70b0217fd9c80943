import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import { expectTriaged, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

const ROOT = join(import.meta.dirname, '..');
const SHIPPED = join(ROOT, 'models', 'shipped', 'triage-de-en');

describe("the guide's file, as it is", () => {
  let world: World;
  let place: string;
  const run = () =>
    world.spawn({
      args: ['--set', `connector.url=${world.simulator.url}`, '--set', 'server.listen=127.0.0.1:0'],
      env: { ZNUNY_PASSWORD: FIXTURE_PASSWORD },
    });

  beforeEach(async () => {
    world = await World.open();
    cpSync(join(import.meta.dirname, 'fixtures', 'guide-config.yaml'), world.configFile);
    place = join(world.folder, 'models', 'softoft', 'ticket-classifier-de');
    rmSync(join(world.folder, 'models'), { recursive: true });
  });

  test('moves a Network ticket to IT-Infrastructure with priority 4 high', { timeout: 60_000 }, async () => {
    cpSync(SHIPPED, place, { recursive: true });
    const daemon = run();
    await daemon.loggedIn();
    const network = world.simulator.receiveMail({
      subject: 'VPN bricht ständig ab',
      body: 'Guten Tag,\n\nseit heute Morgen bricht die VPN-Verbindung alle paar Minuten ab, und das WLAN im zweiten Stock ist auch weg.\n\nViele Grüße\nErika Muster',
    });
    const invoice = world.simulator.receiveMail({
      subject: 'Invoice 4711 is missing',
      body: 'Hello,\n\nwe have not received the invoice for our last order. Please send it again as PDF.\n\nKind regards\nJohn Doe',
    });
    await until('both are triaged', () => isTriaged(world, network.id) && isTriaged(world, invoice.id), {
      timeoutMs: 40_000,
      why: () => daemon.log.tail(),
    });
    expectTriaged(world.ticket(network.id), 'IT-Infrastructure', '4 high');
    expectTriaged(world.ticket(invoice.id), 'Accounting', '3 normal');
    expect((await daemon.terminate()).code).toBe(0);
  });

  test('without its model ends with 78, says where to put one and names the shipped one', async () => {
    const daemon = run();
    expect(await daemon.exit).toBe(78);
    expect(daemon.errors).toContain('softoft/ticket-classifier-de');
    expect(daemon.errors).toContain(`at ${place}`);
    expect(daemon.errors).toContain('onnx/model_quantized.onnx');
    expect(daemon.errors).toMatch(/shipped model: .*triage-de-en/);
    expect(daemon.errors).not.toMatch(/\n\s+at /);
    expect(world.simulator.calls).toEqual([]);
  });
});
