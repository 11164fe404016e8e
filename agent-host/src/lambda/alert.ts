import { createLogger } from "@oncall-copilot/core";
import { alertHandler } from "../doors/lambda/alert-handler.ts";

const log = createLogger("oncall-alert", "info");

/** The Lambda function that takes alerts in. What it needs of settings, catalog and store is loaded at its first event, not at its cold start. */
export const handler = alertHandler({
  open: async () => (await import("./open-alert.ts")).openAlert(process.env),
  now: Date.now,
  log: (message, about) => log.info({ ...about }, message),
});
