import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { selfSigned } from "../../support/http/certificate.ts";
import { closeServers, startServer } from "../../support/http/server.ts";
import { endProcesses, ServerProcess } from "../../support/mcp/process.ts";
import { ROOT } from "../../support/mcp/servers.ts";
import { ASKED, environmentFor, snowflake } from "./pretend.ts";

afterAll(endProcesses);
afterAll(closeServers);

const BIN = join(ROOT, "servers/history/bin/oncall-history.cjs");
const CATALOG = join(ROOT, "test/recordings/healthy-peak/catalog.yaml");

/** A server in a process of its own, asked once and then ended. */
async function asked(env: Record<string, string>, cwd: string) {
  const server = new ServerProcess(BIN, env, [], cwd);
  server.send({
    ...{ id: 1, method: "initialize" },
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
  });
  server.send({ method: "notifications/initialized" });
  server.send({ id: 2, method: "tools/call", params: { name: "query_history", arguments: ASKED } });
  const answered = () => server.messages.some(({ id }) => id === 2);
  for (const until = Date.now() + 20_000; !answered() && Date.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  server.child.stdin?.end();
  const { code } = await server.ended;
  return { server, code };
}

it("the driver in the built server prints nothing, writes no file, and sends nothing that was not asked of it", async () => {
  const { url, received } = await startServer(snowflake());
  const [cwd, home] = [await mkdtemp(join(tmpdir(), "oncall-cwd-")), await mkdtemp(join(tmpdir(), "oncall-home-"))];
  const env = {
    ...environmentFor(url, 20),
    ...{ ONCALL_CATALOG: CATALOG, ONCALL_AS_OF: "2026-03-01T10:05:00Z", HOME: home, XDG_CACHE_HOME: home },
    // Whatever else it would ask goes to where it is seen: cloud metadata, telemetry, certificate checkers.
    ...{ http_proxy: url, HTTP_PROXY: url, ONCALL_LOG_LEVEL: "info" },
  };
  const { server, code } = await asked(env, cwd);
  expect(code).toBe(0);
  const result = server.messages.find(({ id }) => id === 2)?.result;
  expect(result).toMatchObject({ structuredContent: { outcome: "found" } });
  expect(server.messages.map(({ jsonrpc, id }) => [jsonrpc, id])).toEqual([
    ["2.0", 1],
    ["2.0", 2],
  ]);
  expect(server.stderr).toBe("");
  expect([await readdir(cwd), await readdir(home)]).toEqual([[], []]);
  // The question, and the check-up that a server makes of itself when it starts, which is cancelled if it is not over at the end.
  const paths = received.map(({ method, url: asked }) => `${method} ${asked.pathname}`);
  expect([...new Set(paths)].filter((path) => !path.endsWith("/abort-request")).sort()).toEqual([
    "POST /queries/v1/query-request",
    "POST /session",
    "POST /session/v1/login-request",
  ]);
  expect(paths.filter((path) => path.endsWith("login-request"))).toHaveLength(1);
  const { data } = JSON.parse(received.find(({ url: asked }) => asked.pathname.includes("login"))?.body ?? "{}") as {
    data: { CLIENT_ENVIRONMENT: Record<string, unknown> };
  };
  expect(data.CLIENT_ENVIRONMENT).toMatchObject({ PLATFORM: ["disabled"], APPLICATION: "oncall-copilot" });
});

it("the driver trusts an authority of NODE_EXTRA_CA_CERTS", async () => {
  // Of a certificate that signs itself the driver would never be told whether it was revoked, and wait.
  const tls = selfSigned();
  const { url } = await startServer(snowflake(), tls);
  const folder = await mkdtemp(join(tmpdir(), "oncall-ca-"));
  const ca = join(folder, "ca.pem");
  await writeFile(ca, tls.cert);
  const env = { ...environmentFor(url, 20), ONCALL_CATALOG: CATALOG, ONCALL_AS_OF: "2026-03-01T10:05:00Z" };
  const { server } = await asked({ ...env, NODE_EXTRA_CA_CERTS: ca, ONCALL_HISTORY_SNOWFLAKE_OCSP: "off" }, folder);
  const result = server.messages.find(({ id }) => id === 2)?.result;
  expect(result).toMatchObject({ structuredContent: { outcome: "found" } });
});
