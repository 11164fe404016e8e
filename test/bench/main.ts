/**
 * `npm run bench [-- SECTION...] [--json] [--runs N]`: what the project promises about speed and size, measured against a
 * floor in the same run. Sections: start, tokens, logs, history, triage, headless; all of them by default.
 */
import { benchHeadless } from "./headless.ts";
import { benchHistory } from "./history.ts";
import { benchLogs } from "./logs.ts";
import { runSections } from "./run-sections.ts";
import { benchStart } from "./start.ts";
import { benchTokens } from "./tokens.ts";
import { benchTriage } from "./triage.ts";

await runSections("bench", {
  start: benchStart,
  tokens: benchTokens,
  logs: benchLogs,
  history: benchHistory,
  triage: benchTriage,
  headless: benchHeadless,
});
