import { createLogger } from "@oncall-copilot/core";
import { triageHandler } from "../doors/lambda/triage-handler.ts";

const log = createLogger("oncall-triage", "info");

/** The Lambda function that works on cases, its servers in its own process. Everything is opened at its first wake-up. */
export const handler = triageHandler({
  open: async () => (await import("./open-triage.ts")).openTriage(process.env, log),
  now: Date.now,
  log: (message, about) => log.warn({ ...about }, message),
});
