import { afterAll, afterEach, describe, expect, it } from "vitest";
import { TOKEN } from "../../support/databricks/front.ts";
import { endProcesses, ServerProcess } from "../../support/mcp/process.ts";
import { discoverServers } from "../../support/mcp/servers.ts";
import { cleanupRecordings, writeRecording } from "../../support/recording.ts";
import { closeAll, databricksServer, environment, front } from "./pretend.ts";

afterEach(async () => {
  await endProcesses();
  await closeAll();
});
afterAll(cleanupRecordings);

const URL = "https://dbc-0123.cloud.databricks.com";
const whole = environment({ url: URL, ca: "-----BEGIN CERTIFICATE-----" });
const configured = (env: Readonly<Record<string, string | undefined>>) => databricksServer({ ...whole, ...env });

describe("the variables of Databricks", () => {
  it.each([
    [{ ONCALL_HISTORY_TABLE: undefined, of: "a table" }, /ONCALL_HISTORY_DATABRICKS_URL needs ONCALL_HISTORY_TABLE/],
    [
      { ONCALL_HISTORY_DATABRICKS_HTTP_PATH: undefined, of: "a warehouse" },
      /URL needs ONCALL_HISTORY_DATABRICKS_HTTP_PATH/,
    ],
    [
      { ONCALL_HISTORY_DATABRICKS_TOKEN: undefined, of: "a credential" },
      /set ONCALL_HISTORY_DATABRICKS_TOKEN, or .*CLIENT_ID and/,
    ],
    [{ ONCALL_HISTORY_DATABRICKS_CLIENT_ID: "x" }, /CLIENT_ID and ONCALL_HISTORY_DATABRICKS_CLIENT_SECRET go together/],
    [
      { ONCALL_HISTORY_DATABRICKS_CLIENT_ID: "x", ONCALL_HISTORY_DATABRICKS_CLIENT_SECRET: "y" },
      /set only one of ONCALL_HISTORY_DATABRICKS_TOKEN/,
    ],
    [{ ONCALL_HISTORY_DATABRICKS_URL: "http://dbc.example" }, /ONCALL_HISTORY_DATABRICKS_URL: takes an https address/],
    [{ ONCALL_HISTORY_DATABRICKS_URL: `${URL}/sql/1.0` }, /must be the workspace's address alone/],
    [{ ONCALL_HISTORY_DATABRICKS_URL: "https://me:secret@dbc.example" }, /without a path or credentials/],
    [{ ONCALL_HISTORY_DATABRICKS_CA: "/etc/ssl/ca.pem" }, /ONCALL_HISTORY_DATABRICKS_CA: takes the PEM text/],
    [{ ONCALL_HISTORY_FILE: "incidents.parquet" }, /but not both/],
  ])("are refused at the start: %j", async (env, says) => {
    await expect(configured(env)).rejects.toThrow(says);
  });

  it("never show a secret that is wrong in a message", async () => {
    const env = { ONCALL_HISTORY_DATABRICKS_URL: "https://me:hunter2@dbc.example" };
    await expect(configured(env)).rejects.not.toThrow(/hunter2/);
  });

  it("may name a table in two parts, a path without its slash, and a link for each incident", async () => {
    const databricks = await front();
    const { ask } = await databricksServer({
      ...environment(databricks),
      ONCALL_HISTORY_DATABRICKS_HTTP_PATH: "sql/1.0/warehouses/1234567890abcdef",
      ONCALL_HISTORY_TABLE: "ops.incidents",
      ONCALL_HISTORY_LINK: "https://incidents.example/{id}",
    });
    const { structured, text } = await ask();
    expect(structured).toMatchObject({ outcome: "found" });
    expect(text).toContain('url="https://incidents.example/INC-1"');
    expect(text).toContain('url="databricks:ops.incidents"');
  });
});

describe("the built server over Databricks", () => {
  it("answers with nothing but the protocol on stdout and nothing on stderr, its token in no line", async () => {
    const databricks = await front();
    const bin = discoverServers().find(({ name }) => name === "oncall-history")?.bin ?? "";
    const recording = await writeRecording({});
    const server = new ServerProcess(bin, {
      ...environment(databricks),
      ONCALL_CATALOG: `${recording}/catalog.yaml`,
      ONCALL_LOG_LEVEL: "info",
    });
    await server.initialize();
    server.call(1, "query_history", { service: "storefront", alert: "HighErrorRate" });
    const { result } = await server.answer(1);
    expect(result).toMatchObject({ structuredContent: { outcome: "found", incidents: [{ id: "INC-1" }] } });
    server.endStdin();
    const { code } = await server.ended;
    expect(code).toBe(0);
    expect(server.messages.every(({ jsonrpc }) => jsonrpc === "2.0")).toBe(true);
    expect(`${server.lines.join("\n")}${server.stderr}`).not.toContain(TOKEN);
    expect(server.stderr).not.toMatch(/DBSQL|Created|telemetry/i);
    // The check-up in the background asks as well, and is cancelled when the server ends.
    const known =
      /^(?:OpenSession|ExecuteStatement|CancelOperation|CloseSession|GET \/api\/2\.0\/sql\/warehouses\/\w+)$/;
    expect(databricks.seen.filter((what) => !known.test(what))).toEqual([]);
    expect(databricks.open.sessions).toBe(0);
  });
});
