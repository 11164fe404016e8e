import { ConfigError } from "@oncall-copilot/core";

export type FunctionName = "alert" | "triage" | "slack";

const SIGNING_SECRET = "ONCALL_SLACK_SIGNING_SECRET";
/** Credentials of doors over HTTP, which no function has. */
const DOORS = ["ONCALL_ALERT_*", "ONCALL_GRAFANA_SECRETS", "ONCALL_PAGERDUTY_SECRETS"];
/** What writes to GitHub, reads backends, asks a model, or signs. */
const OF_TRIAGE = ["ONCALL_GIT_*", "ONCALL_LOGS_*", "ONCALL_METRICS_*", "ONCALL_RUNBOOKS_*", "ONCALL_HISTORY_*"];
const KEYS = ["ANTHROPIC_*", "ONCALL_EVIDENCE_KEY", "ONCALL_SIGNING_*"];
const APPROVERS = ["ONCALL_APPROVERS*", "ONCALL_PAGERDUTY_TOKEN"];
const POSTS = ["ONCALL_SLACK_BOT_TOKEN", "ONCALL_WEBHOOK_*"];

/** What each function must not hold, exact or ending in `*`: who takes clicks cannot write to GitHub, and who writes to GitHub cannot make a click. */
export const FOREIGN: Readonly<Record<FunctionName, readonly string[]>> = {
  alert: [...DOORS, ...OF_TRIAGE, ...KEYS, ...APPROVERS, ...POSTS, SIGNING_SECRET],
  triage: [...DOORS, SIGNING_SECRET],
  slack: [...DOORS, ...OF_TRIAGE, ...KEYS, "ONCALL_WEBHOOK_*"],
};

/** What a variable's value may be read from instead; it gives the credential away as well. */
const INSTEAD = /_(?:FILE|ARN)$/;

/** @throws ConfigError that names what the function holds and must not; never its value */
export function refuseForeign(name: FunctionName, env: NodeJS.ProcessEnv): void {
  const isForeign = (variable: string) =>
    FOREIGN[name].some((one) =>
      one.endsWith("*") ? variable.startsWith(one.slice(0, -1)) : variable.replace(INSTEAD, "") === one,
    );
  const held = Object.keys(env).filter((variable) => isForeign(variable));
  if (held.length > 0)
    throw new ConfigError(
      `the ${name} function has no use for ${held.sort().join(", ")}, and must not hold it: take it out of its environment`,
    );
}
