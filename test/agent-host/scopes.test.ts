import { join } from "node:path";
import { EvidenceKey } from "@oncall-copilot/core";
import { afterEach, describe, expect, it } from "vitest";
import { discoverServers } from "../../agent-host/src/tools/discover.ts";
import { environmentFor } from "../../agent-host/src/tools/environment.ts";
import { type OpenToolbox, openToolbox } from "../../agent-host/src/tools/open-toolbox.ts";

const RECORDING = join(import.meta.dirname, "../recordings/bad-deployment-three-hops");
const SCOPES = "git:read, logs:read";

let toolbox: OpenToolbox | undefined;
afterEach(() => toolbox?.close());

it("each server is handed its own scopes alone", () => {
  const seen = discoverServers().map((server) => [
    server.server,
    environmentFor(server, { ONCALL_SCOPES: `${SCOPES},git:propose` })["ONCALL_SCOPES"],
  ]);
  expect(Object.fromEntries(seen)).toMatchObject({ git: "git:read,git:propose", logs: "logs:read" });
});

it("a server of which nothing is granted is never handed what it would take for no limit", () => {
  for (const server of discoverServers()) {
    expect(environmentFor(server, { ONCALL_SCOPES: "traces:read" })["ONCALL_SCOPES"]).toBe("traces:read");
  }
});

describe.each(["child", "in-process"] as const)("with servers that run %s", (transport) => {
  it("what is not granted is not offered, and a server without a grant is a gap that says so", async () => {
    const env = { PATH: process.env["PATH"], ONCALL_RECORDING: RECORDING, ONCALL_SCOPES: SCOPES };
    toolbox = await openToolbox({ key: new EvidenceKey(Buffer.alloc(32, 1)), env, transport });
    expect(toolbox.tools.map(({ name }) => name).sort()).toEqual(["read_changes", "read_file", "read_logs"]);
    expect(toolbox.gaps.map(({ server, why }) => `${server}: ${why}`).sort()).toEqual([
      "history: ONCALL_SCOPES grants nothing of history",
      "metrics: ONCALL_SCOPES grants nothing of metrics",
      "runbooks: ONCALL_SCOPES grants nothing of runbooks",
    ]);
    const call = await toolbox.call("read_metrics", { service: "storefront" });
    expect(call).toMatchObject({ server: "metrics", outcome: "could_not_look" });
    expect(toolbox.gaps).toHaveLength(3);
  });
});
