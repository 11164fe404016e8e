import { createLogger } from "@oncall-copilot/core";
import { slackHandler } from "../doors/lambda/slack-handler.ts";

const log = createLogger("oncall-slack", "info");

/** The Lambda function that takes clicks, behind its function URL. It writes nothing to GitHub and signs nothing. */
export const handler = slackHandler({
  open: async () => (await import("./open-slack.ts")).openSlack(process.env, log),
  log: (message, about) => log.error({ ...about }, message),
});
