import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts', 'acceptance/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most of these tests wait (for a settle time, a restart): on two cores more than one at a time is no burden.
    maxWorkers: 4,
  },
});
