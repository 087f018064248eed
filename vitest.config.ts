import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,property,integration}/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // Left to itself Vitest keeps one core free: on a machine with two, everything would run one after the other.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
