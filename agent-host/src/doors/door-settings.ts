import { ConfigError } from "@oncall-copilot/core";
import { readEnvironment } from "@oncall-copilot/core/server";
import { z } from "zod";
import { alertmanagerDoor } from "./alertmanager-door.ts";
import { hasCredentials } from "./authorization.ts";
import type { Door } from "./door.ts";
import { grafanaDoor } from "./grafana-door.ts";
import { pagerDutyDoor } from "./pagerduty-door.ts";
import { strong } from "./secrets.ts";
import { getText } from "./sns/get-text.ts";
import { snsDoor } from "./sns/sns-door.ts";

const text = z.string().default("");

/** The variables of the HTTP doors. Lists are comma-separated; `NAME_FILE` reads each from a file. */
export const DoorVariables = z.object({
  ONCALL_LISTEN: z.string().default("127.0.0.1:7800").describe("[HOST:]PORT of the HTTP doors; default 127.0.0.1:7800"),
  ONCALL_ALERT_TOKENS: text.describe(
    "bearer tokens for Alertmanager, Mimir and Grafana, several while one is replaced",
  ),
  ONCALL_ALERT_BASIC: text.describe("the same as USER:PASSWORD, for basic authentication"),
  ONCALL_GRAFANA_SECRETS: text.describe("secrets of Grafana's HMAC option"),
  ONCALL_GRAFANA_TIMESTAMP_HEADER: text.describe("the timestamp header that the contact point names, if it names one"),
  ONCALL_PAGERDUTY_SECRETS: text.describe("signing secrets of PagerDuty's v3 webhook subscriptions"),
  ONCALL_SNS_TOPICS: text.describe("ARNs of the SNS topics whose messages are taken and subscriptions confirmed"),
});

export interface DoorSettings {
  readonly host: string;
  readonly port: number;
  /** Those that have their credential. */
  readonly doors: readonly Door[];
  /** Paths of the others, with the variables that would open them. */
  readonly closed: Readonly<Record<string, string>>;
}

const list = (value: string): string[] =>
  value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** @throws ConfigError for a credential that could be guessed, and when no door would be open */
export function readDoors(env: NodeJS.ProcessEnv): DoorSettings {
  const read = readEnvironment(DoorVariables, env);
  const secrets = (name: keyof typeof read) => list(read[name]).map((value) => strong(name, value));
  const basic = list(read.ONCALL_ALERT_BASIC).map((pair) => {
    const [user = "", ...password] = pair.split(":");
    if (user === "" || password.length === 0) throw new ConfigError("ONCALL_ALERT_BASIC takes USER:PASSWORD");
    strong("the password in ONCALL_ALERT_BASIC", password.join(":"));
    return strong("ONCALL_ALERT_BASIC", pair);
  });
  const credentials = { tokens: secrets("ONCALL_ALERT_TOKENS"), basic };
  const signing = {
    secrets: secrets("ONCALL_GRAFANA_SECRETS"),
    timestampHeader: read.ONCALL_GRAFANA_TIMESTAMP_HEADER.toLowerCase() || null,
  };
  const pagerDuty = secrets("ONCALL_PAGERDUTY_SECRETS");
  const topics = list(read.ONCALL_SNS_TOPICS);
  const wrong = topics.find((topic) => !/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(topic));
  if (wrong !== undefined) throw new ConfigError(`ONCALL_SNS_TOPICS takes topics' ARNs, not "${wrong}"`);
  const all: readonly [open: boolean, opens: string, door: Door][] = [
    [hasCredentials(credentials), "ONCALL_ALERT_TOKENS or ONCALL_ALERT_BASIC", alertmanagerDoor(credentials)],
    [
      hasCredentials(credentials) || signing.secrets.length > 0,
      "ONCALL_GRAFANA_SECRETS, ONCALL_ALERT_TOKENS or ONCALL_ALERT_BASIC",
      grafanaDoor(credentials, signing),
    ],
    [topics.length > 0, "ONCALL_SNS_TOPICS", snsDoor(topics, getText)],
    [pagerDuty.length > 0, "ONCALL_PAGERDUTY_SECRETS", pagerDutyDoor(pagerDuty)],
  ];
  const doors = all.filter(([open]) => open).map(([, , door]) => door);
  const closed = Object.fromEntries(all.filter(([open]) => !open).map(([, opens, { path }]) => [path, opens]));
  if (doors.length === 0)
    throw new ConfigError(`no door has its credential; set one of: ${Object.values(closed).join("; ")}`);
  return { ...readAddress(read.ONCALL_LISTEN), doors, closed };
}

function readAddress(listen: string): { host: string; port: number } {
  const [, host = "127.0.0.1", digits] = /^(?:(.+):)?(\d{1,5})$/.exec(listen) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    throw new ConfigError(`ONCALL_LISTEN takes [HOST:]PORT, such as 127.0.0.1:7800, not "${listen}"`);
  return { host: host.replace(/^\[|\]$/g, ""), port };
}
