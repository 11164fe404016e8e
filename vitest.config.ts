import { defineConfig } from "vitest/config";

/** Adapters, doors and whatever else is tried over real sockets, with real git or in a process of its own. */
const OVER_SOCKETS = [
  "test/contract/**",
  "test/scripts/**",
  "test/structure/readme.test.ts",
  "test/git/**",
  "test/*/{opensearch,cloudwatch-logs,prometheus,cloudwatch,confluence,databricks,snowflake,http,kubernetes}/**",
  "test/metrics/{combined,examine}.test.ts",
  "test/runbooks/{git,parity-confluence,parity-files}.test.ts",
  "test/history/{query-history,sources,warehouse}.test.ts",
  "test/agent-host/{sign,claude,cases,doors,slack,decide,deliver,audit}/**",
  "test/agent-host/{elsewhere,examine,hostile-server,scopes,propose}.test.ts",
  "test/lab/{estate,monorepo,replay,hostile}/**",
  "test/core/redact/{growth,corpus}.test.ts",
  "test/core/recording/check.test.ts",
  "test/logs/memory.test.ts",
  "test/history/figures.test.ts",
  "test/metrics/read-metrics.test.ts",
  "test/runbooks/{read-runbook,sections,folder}.test.ts",
  "test/agent-host/app/**",
];
/** Whole alerts, from the command line to the files. */
const WHOLE_ALERTS = ["test/e2e/**"];
/** What is asked of every recording. */
const RECORDINGS = [
  "test/evals/**",
  "test/contract/token-budgets.test.ts",
  "test/lab/recording/**",
  "test/runbooks/recordings.test.ts",
];

const tests = (folders: readonly string[]) => folders.map((folder) => folder.replace(/\*\*$/, "**/*.test.ts"));
const project = (name: string, include: readonly string[], exclude: readonly string[] = []) => ({
  extends: true as const,
  test: { name, include: tests(include), exclude: tests(exclude) },
});

const UNIT = project("unit", ["test/**"], [...OVER_SOCKETS, ...WHOLE_ALERTS, ...RECORDINGS]);

/**
 * `npm test` runs all of them over one build; `npm run test:unit` those that start no process and open no socket, and
 * `npm test -- logs` whatever has "logs" in its path. Tests of real backends are apart: test/real/vitest.config.ts.
 */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env["CI"] ? ["default", "./test/support/slowest.ts"] : ["default"],
    projects: [
      // They share what they import: each is a function of its arguments, and most of their time would be loading.
      { ...UNIT, test: { ...UNIT.test, isolate: false, pool: "threads" as const } },
      project("contract", OVER_SOCKETS, RECORDINGS),
      project("e2e", WHOLE_ALERTS),
      project("evals", RECORDINGS),
    ],
  },
});
