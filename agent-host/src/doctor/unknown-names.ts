import { nearest } from "@oncall-copilot/core";
import {
  commonVariables,
  type Finding,
  namesNotIn,
  nearestVariable,
  unknownFinding,
  variableNames,
} from "@oncall-copilot/core/server";
import { WorkVariables } from "../app/case-work.ts";
import { CaseVariables } from "../app/open-cases.ts";
import { HostVariables } from "../app/settings.ts";
import { WebhookVariables } from "../deliver/open-delivery.ts";
import { ApproverVariables, SlackDoorVariables, SlackVariables } from "../deliver/slack/settings.ts";
import { DoorVariables } from "../doors/door-settings.ts";
import { ClaudeVariables } from "../engines/claude/config.ts";
import { discoverServers } from "../tools/discover.ts";
import { variablesOf } from "../tools/elsewhere.ts";
import type { Examined } from "../tools/examine.ts";

/** What posts messages and takes decisions reads. */
const MESSAGES = [SlackVariables, SlackDoorVariables, ApproverVariables, WebhookVariables];

/** Read where a bin is launched. */
const LAUNCH = ["ONCALL_NO_LAUNCH"];

/**
 * Variables of our kind that neither the host nor any server reads: a typo would else be silent. What begins as a server's
 * variables do is that server's to tell, since it alone knows them; what the servers told of theirs gives the name that was meant.
 */
export function unknownNames(env: NodeJS.ProcessEnv, told?: readonly Examined[]): readonly Finding[] {
  const servers = discoverServers();
  const elsewhere = servers.flatMap(({ server }) => Object.values(variablesOf(server)));
  const variables = [HostVariables, CaseVariables, WorkVariables, DoorVariables, ClaudeVariables, ...MESSAGES];
  const own = variables.flatMap(variableNames);
  const known = [...Object.keys(commonVariables), ...own, ...elsewhere, ...LAUNCH];
  const patterns = servers.flatMap(({ environment }) => environment).filter((name) => name.endsWith("*"));
  const prefixes = patterns.map((pattern) => pattern.slice(0, -1));
  return namesNotIn(known, env)
    .filter((name) => !prefixes.some((prefix) => name.startsWith(prefix)))
    .map((name) => {
      const near = [{ prefix: "ONCALL_", variables: known }, ...(told ?? []).map(withPrefix)]
        .flatMap(({ prefix, variables }) => nearestVariable(name, variables, prefix) ?? [])
        .sort((a, b) => a.slips - b.slips);
      const finding = unknownFinding("environment", { name, meant: near[0]?.name });
      return told || near.length > 0 ? finding : { ...finding, cure: "oncall doctor tells which name it may be" };
    });
}

const withPrefix = ({ server, variables }: Examined) => ({ prefix: `ONCALL_${server.toUpperCase()}_`, variables });

/** Scopes that are granted and that no server has. */
export function unknownScopes(env: NodeJS.ProcessEnv): readonly Finding[] {
  const servers = discoverServers().map(({ server }) => server);
  const scopes = (env["ONCALL_SCOPES"] ?? "").split(",").map((scope) => scope.trim());
  return scopes
    .filter((scope) => scope !== "" && !servers.includes(scope.split(":")[0] ?? ""))
    .map((scope) => {
      const [server = "", verb = "read"] = scope.split(":");
      const [near] = nearest(server, servers, 1);
      return {
        ...{ backend: "environment", check: "configured", status: "warning" },
        message: `ONCALL_SCOPES grants ${JSON.stringify(scope.slice(0, 64))}, which no server has`,
        cure: near ? `did you mean ${near}:${verb}?` : `the servers are ${servers.join(", ")}`,
      };
    });
}
