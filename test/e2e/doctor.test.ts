import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Finding } from "@oncall-copilot/core/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { refusedAddress } from "../support/http/server.ts";
import { discoverServers } from "../support/mcp/servers.ts";
import { DEPLOYMENT, environment, oncall } from "./oncall.ts";

const Printed = z.object({
  status: z.enum(["failure", "warning", "unknown", "ok"]),
  checked: z.array(z.object({ server: z.string(), findings: z.array(Finding) })),
});

const SERVERS = ["git", "history", "logs", "metrics", "runbooks"];

async function examined(env: NodeJS.ProcessEnv, ...args: readonly string[]) {
  const { code, stdout, stderr } = await oncall(["doctor", "--json", ...args], env);
  const { status, checked } = Printed.parse(JSON.parse(stdout));
  const of = (server: string) => checked.find((one) => one.server === server)?.findings ?? [];
  return { code, stderr, status, of, servers: checked.map(({ server }) => server) };
}

async function catalog(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "oncall-doctor-")), "catalog.yaml");
  await writeFile(file, text);
  return file;
}

const SHOP = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: shop }\nspec: { type: service }\n";

describe("oncall doctor", () => {
  it("finds nothing wrong with a recording that has every part", async () => {
    const { code, status, servers, of } = await examined(await environment(), "--recording", DEPLOYMENT);
    expect({ code, status }).toEqual({ code: 0, status: "ok" });
    expect(servers).toEqual(["host", ...SERVERS]);
    for (const server of SERVERS) expect(of(server)).toMatchObject([{ check: "configured", status: "ok" }]);
  });

  it("prints the same for people, with a verdict at the end", async () => {
    const { code, stdout } = await oncall(["doctor"], await environment({ ONCALL_RECORDING: DEPLOYMENT }));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}recording bad-deployment-three-hops$/m);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^Right: 0 failures, 0 warnings, 0 not to be told, \d+ ok\.$/);
  });

  it("warns of each server without a backend, and fails without a catalog", async () => {
    const { code, status, of } = await examined(await environment());
    expect({ code, status }).toEqual({ code: 3, status: "failure" });
    for (const server of SERVERS) expect(of(server)).toMatchObject([{ check: "configured", status: "warning" }]);
    const missing = of("host").find(({ backend }) => backend === "catalog");
    expect(missing).toMatchObject({ status: "failure", cure: expect.stringContaining("ONCALL_CATALOG") });
  });

  it("says which backend cannot be reached, and goes on with the others", async () => {
    const url = await refusedAddress();
    const env = await environment({ ONCALL_CATALOG: await catalog(SHOP), ONCALL_METRICS_PROMETHEUS_URL: url });
    const { code, of } = await examined(env);
    expect(code).toBe(3);
    expect(of("metrics")).toMatchObject([{ check: "reachable", status: "failure" }]);
    expect(of("metrics")[0]?.backend).toContain(url);
    expect(of("logs")).toMatchObject([{ status: "warning" }]);
  });

  it("finds an evidence key that others can read, and asks no server with it", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "oncall-doctor-")), "evidence.key");
    await writeFile(file, "ab".repeat(32), { mode: 0o644 });
    const env = { ...(await environment({ ONCALL_EVIDENCE_KEY_FILE: file })), ONCALL_EVIDENCE_KEY: "" };
    const { code, servers, of } = await examined(env, "--recording", DEPLOYMENT);
    expect(code).toBe(3);
    expect(servers).toEqual(["host"]);
    expect(of("host")[0]).toMatchObject({ backend: "evidence key", status: "failure" });
  });

  it("warns of a catalog in which nothing depends on anything", async () => {
    const file = await catalog([SHOP, SHOP.replace("shop", "cart")].join("---\n"));
    const { of } = await examined(await environment({ ONCALL_CATALOG: file }));
    const found = of("host").find(({ backend }) => backend === "catalog");
    expect(found).toMatchObject({ status: "warning", message: expect.stringContaining("2 services and 0 resources") });
  });

  it("sees of a server that runs elsewhere only whether it answers", async () => {
    const url = `${await refusedAddress()}/mcp`;
    const env = await environment({ ONCALL_RECORDING: DEPLOYMENT, ONCALL_SERVER_LOGS_URL: url });
    const { code, of } = await examined(env);
    expect(code).toBe(3);
    expect(of("logs")).toMatchObject([
      {
        check: "reachable",
        status: "failure",
        message: `oncall-logs at ${url} refused the connection`,
        cure: "see whether it is up, and check ONCALL_SERVER_LOGS_URL",
      },
    ]);
  });

  it("fails where part of a backend's variables is set, and names them", async () => {
    const { code, of } = await examined(await environment({ ONCALL_LOGS_OPENSEARCH_INDEX: "logs-*" }));
    expect(code).toBe(3);
    expect(of("logs")).toMatchObject([{ check: "configured", status: "failure" }]);
    expect(of("logs")[0]?.message).toContain("by ONCALL_LOGS_OPENSEARCH_INDEX alone");
    expect(of("metrics")).toMatchObject([{ status: "warning" }]);
  });

  it("names the variable of an address that is none", async () => {
    const { code, stderr } = await oncall(["doctor"], await environment({ ONCALL_SERVER_LOGS_URL: "nonsense" }));
    expect(stderr).toContain("ONCALL_SERVER_LOGS_URL takes an http or https address");
    expect(code).toBe(2);
  });

  it("writes nothing, not even the evidence key of a first start", async () => {
    const env: NodeJS.ProcessEnv = { ...(await environment()), ONCALL_EVIDENCE_KEY: "" };
    const { code, of } = await examined(env, "--recording", DEPLOYMENT);
    const file = join(env["HOME"] ?? "", ".config/oncall-copilot/evidence.key");
    expect(of("host")[0]?.message).toBe(`there is none yet: the first start makes one in ${file}`);
    expect(code).toBe(0);
    expect(await readdir(env["HOME"] ?? "")).toEqual([]);
  });

  it("does not know a service that the catalog does not know, in a recording neither", async () => {
    const { code, of } = await examined(await environment(), "--recording", DEPLOYMENT, "--service", "storefrnt");
    expect(code).toBe(3);
    for (const server of SERVERS) {
      expect(of(server)).toMatchObject([
        { status: "failure", message: 'unknown service "storefrnt"; did you mean storefront?' },
      ]);
    }
  });

  it("warns of variables and scopes that nobody reads, with what was likely meant", async () => {
    const { of } = await examined(
      await environment({
        ONCALL_RECORDING: DEPLOYMENT,
        ONCALL_OPENSEARCH_ULR: "http://logs",
        ONCALL_METRICS_PROMETEUS_URL: "http://metrics",
        ONCALL_SCOPES: "git:read,logs:read,metrics:read,history:read,runbook:read",
      }),
    );
    const warned = (server: string) => of(server).filter(({ status }) => status === "warning");
    expect(warned("host").map(({ message, cure }) => `${message}; ${cure}`)).toEqual([
      "ONCALL_OPENSEARCH_ULR is set, and nothing reads a variable of that name; did you mean ONCALL_LOGS_OPENSEARCH_URL?",
      'ONCALL_SCOPES grants "runbook:read", which no server has; did you mean runbooks:read?',
    ]);
    expect(warned("metrics")).toMatchObject([{ cure: "did you mean ONCALL_METRICS_PROMETHEUS_URL?" }]);
    expect(warned("runbooks")[0]?.message).toContain("ONCALL_SCOPES grants nothing of it");
    expect(warned("git")).toEqual([]);
  });

  it("takes a recording that was asked for before whatever else is configured", async () => {
    const variables = discoverServers().flatMap(({ live }) => live);
    const env = Object.fromEntries(variables.map((name) => [name, "http://127.0.0.1:1"]));
    const more = { ONCALL_CATALOG: "/no/such/file", ONCALL_SERVER_LOGS_URL: "http://127.0.0.1:1/mcp" };
    const { code, of } = await examined(await environment({ ...env, ...more }), "--recording", DEPLOYMENT);
    for (const server of SERVERS)
      expect(of(server)).toMatchObject([{ backend: "recording bad-deployment-three-hops" }]);
    expect(code).toBe(0);
  });

  it("refuses words that it does not know", async () => {
    const { code, stderr } = await oncall(["doctor", "logs"], await environment());
    expect(code).toBe(2);
    expect(stderr).toContain("usage: oncall doctor");
  });
});
