import { readSamples } from '../src/demo/sample.ts';
import { DemoWorld, SOURCE_QUEUE } from '../src/demo/world.ts';
import { SAMPLES } from './znuny-process.ts';

const tickets = Number(process.argv[2]);
const samples = await readSamples(SAMPLES);
// Every one of them is moved, so that both loops write the same number of times.
const clear = samples.filter(({ expectedQueue }) => expectedQueue !== null && expectedQueue !== SOURCE_QUEUE);
const world = new DemoWorld([], { delays: 'znuny' });
await world.simulator.start();
const start = Date.now() - 600_000;
for (let index = 0; index < tickets; index += 1) {
  const sample = clear[index % clear.length];
  if (sample) world.put(sample, start + index * 1_000);
}
process.on('SIGTERM', () => void world.simulator.stop().then(() => process.exit(0)));
process.on('disconnect', () => process.exit(0));
process.send?.({ url: world.simulator.url });
