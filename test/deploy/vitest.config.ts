import { defineConfig } from "vitest/config";

/**
 * `npm run test:deploy`: the ways of deploying, by the tools that they are deployed with, which are built once into a cache
 * (`ONCALL_DEPLOY_CACHE`). What is missing here is told and skipped.
 */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ["test/deploy/**/*.deploy.ts"],
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    fileParallelism: false,
  },
});
