import { defineConfig } from "vitest/config";

/**
 * Tests against real backends, which they install and start themselves: `npm run test:real`, or one of them by its name as in
 * `npm run test:real -- prometheus`. They are named `*.real.ts` so that `npm test` passes them over.
 */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ["test/real/**/*.real.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
