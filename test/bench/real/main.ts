/**
 * `npm run bench:real [-- SECTION...] [--json] [--runs N]`: each tool over a real backend against the raw queries that it stands on,
 * in the same run. Installs and starts what it needs. Sections: logs, metrics, history; all of them by default.
 */
import { runSections } from "../run-sections.ts";
import { benchRealHistory } from "./history.ts";
import { benchRealLogs } from "./logs.ts";
import { benchMetrics } from "./metrics.ts";

await runSections("bench:real", { logs: benchRealLogs, metrics: benchMetrics, history: benchRealHistory });
