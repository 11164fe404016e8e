import { join } from "node:path";
import { createLogger } from "@oncall-copilot/core";
import { type CallResult, readEnvironment, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "../../../servers/runbooks/src/server.ts";
import type { PretendPage } from "../../support/confluence/server.ts";
import { writeRecording } from "../../support/recording.ts";
import { KEY } from "../ask.ts";

/** The moment that these tests stand at. */
export const NOW = "2026-03-01T10:15:00Z";
export const CLOUD = {
  ONCALL_RUNBOOKS_CONFLUENCE_EMAIL: "copilot@example.test",
  ONCALL_RUNBOOKS_CONFLUENCE_TOKEN: "t0ken",
};
export const CLOUD_LOGIN = `Basic ${Buffer.from("copilot@example.test:t0ken").toString("base64")}`;

/** A server over the Confluence at `url`, its context path included, with the tests' usual catalog unless told otherwise. */
export async function confluenceServer(
  url: string,
  env: Readonly<Record<string, string>> = {},
  catalog?: readonly object[],
): Promise<ServerDefinition> {
  const folder = await writeRecording(catalog ? { catalog } : {});
  return buildServer(
    readEnvironment(configSchema, {
      ONCALL_RUNBOOKS_CONFLUENCE_URL: url,
      ONCALL_RUNBOOKS_CONFLUENCE_SPACES: "OPS",
      ONCALL_CATALOG: join(folder, "catalog.yaml"),
      ONCALL_AS_OF: NOW,
      ...env,
    }),
  );
}

export async function ask(server: ServerDefinition, args: object, deadlineMs = 10_000): Promise<CallResult> {
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent"), deadlineMs });
}

export const LATENCY: PretendPage = {
  id: "1001",
  title: "Storefront latency",
  labels: ["storefront"],
  version: 7,
  when: "2026-02-01T08:00:00.000Z",
  by: "Chidi Okafor",
  storage: `<h2>Mitigation</h2><p>For <code>StorefrontLatencyHigh</code>: roll it back.</p>
<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sh</ac:parameter><ac:plain-text-body><![CDATA[kubectl -n shop rollout undo deploy/storefront \\
  --to-revision="$(last good)" # <revision>]]></ac:plain-text-body></ac:structured-macro>`,
};
export const PRICING: PretendPage = {
  id: "1002",
  title: "Pricing runbook",
  labels: ["pricing"],
  storage: "<p>Restart it, then look at <code>pricing-db</code>.</p>",
};
export const asked = { service: "storefront", alert: "StorefrontLatencyHigh" };
