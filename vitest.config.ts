import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,property,integration}/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // Left to itself Vitest keeps one core free. One more than two cores have: many tests wait for programs and clocks.
    maxWorkers: Math.max(3, availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
