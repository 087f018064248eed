import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/{unit,property,integration}/**/*.test.ts'], environment: 'node', pool: 'forks', testTimeout: 30_000, hookTimeout: 30_000 },
});
