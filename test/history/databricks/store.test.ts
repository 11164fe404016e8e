import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type ClientRequest, createServer } from "node:http";
import { connect } from "node:net";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { CLIENT, WAREHOUSE } from "../../support/databricks/front.ts";
import { selfSigned } from "../../support/http/certificate.ts";
import { listen } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { answering, closeAll, databricksServer, environment, front, hanging, oneIncident } from "./pretend.ts";

afterEach(closeAll);
afterAll(cleanupRecordings);

/** Requests for the state of the warehouse come as time passes, and no test is about how many. */
const withoutState = (seen: readonly string[]) => seen.filter((what) => !what.includes("/api/2.0/sql/warehouses/"));

/** A proxy that reaches one port of loopback, whatever it is asked for. */
async function proxyTo(port: string) {
  const asked: string[] = [];
  const server = createServer().on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const through = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      through.pipe(socket).pipe(through);
    });
    for (const side of [socket, through]) side.on("error", () => {});
  });
  const { port: own, end } = await listen(server);
  return { url: `http://127.0.0.1:${own}`, asked, end };
}

describe("query_history of Databricks", () => {
  it("asks one statement in a session of its own, closes it, and asks nothing else", async () => {
    const databricks = await front();
    const { ask, server } = await databricksServer(environment(databricks));
    const { structured } = await ask();
    expect(structured).toMatchObject({
      outcome: "found",
      matches: { fingerprint: 1, alike: 0 },
      incidents: [{ id: "INC-1", fix_worked: true }],
    });
    await server.close?.();
    expect(databricks.seen).toEqual(["OpenSession", "ExecuteStatement", "CloseSession"]);
    expect(databricks.open).toMatchObject({ sessions: 0, operations: 0 });
  });

  it("binds what is asked by name, and puts none of it into the statement", async () => {
    const databricks = await front();
    const { ask } = await databricksServer({
      ...environment(databricks),
      ONCALL_HISTORY_TABLE: "main.ops.`in``cidents`",
      ONCALL_HISTORY_COLUMNS: "id=incident_id,severity=",
    });
    await ask({ alert: "Robert'); DROP TABLE incidents;--", summary: "zebra's pool", limit: 3 });
    const [statement] = databricks.statements;
    expect(statement?.settings).toEqual({ TIMEZONE: "UTC", ANSI_MODE: "true" });
    expect(statement?.args).toMatchObject({
      alert: "robert'); drop table incidents;--",
      service: "storefront",
      exact: false,
      most: 3,
      w0: "zebra",
      w11: null,
    });
    expect(statement?.sql).toContain("FROM `main`.`ops`.`in``cidents`");
    expect(statement?.sql).toContain("CAST(`incident_id` AS STRING) AS id");
    expect(statement?.sql).toContain("CAST(NULL AS STRING) AS severity");
    expect(statement?.sql).toMatch(/LIMIT :most \+ \d+$/);
    expect(statement?.sql).not.toMatch(/zebra|robert|storefront/i);
  });

  it("waits for a statement that takes longer than the server waits with its first answer, and fetches what is left", async () => {
    const databricks = await front({
      execute: async (statement) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return oneIncident(statement);
      },
    });
    databricks.directMs = 0;
    const { ask, server } = await databricksServer(environment(databricks));
    expect((await ask()).structured).toMatchObject({ outcome: "found", incidents: [{ id: "INC-1" }] });
    await server.close?.();
    expect(new Set(databricks.seen)).toEqual(
      new Set([
        ...["OpenSession", "ExecuteStatement", "GetOperationStatus", "GetResultSetMetadata", "FetchResults"],
        ...["CloseOperation", "CloseSession"],
      ]),
    );
    expect(databricks.open).toMatchObject({ sessions: 0, operations: 0 });
  });

  it("goes through the proxy with its own authority, and the driver reports nothing home", async () => {
    const name = "dbc-0123.databricks.test";
    const databricks = await front(answering(), { tls: selfSigned({ name }) });
    const proxy = await proxyTo(new URL(databricks.url).port);
    const reached: string[] = [];
    // Node tells here of every request over HTTP, whichever library makes it, and before the name is looked up.
    const note = (message: unknown) => {
      const { request } = message as { request: ClientRequest };
      reached.push(`${request.method} ${request.getHeader("host")}`);
    };
    subscribe("http.client.request.start", note);
    vi.stubEnv("HTTPS_PROXY", proxy.url);
    try {
      const { ask, server } = await databricksServer({
        ...environment(databricks),
        ONCALL_HISTORY_DATABRICKS_URL: `https://${name}`,
      });
      expect((await ask()).structured).toMatchObject({ outcome: "found" });
      databricks.fault = (what) => (what === "ExecuteStatement" ? { status: 500 } : undefined);
      await ask();
      await server.close?.();
    } finally {
      vi.unstubAllEnvs();
      unsubscribe("http.client.request.start", note);
      await proxy.end();
    }
    expect(new Set(reached)).toEqual(new Set([`CONNECT ${name}:443`, `POST ${name}`]));
    expect(new Set(proxy.asked)).toEqual(new Set([`${name}:443`]));
  });

  it("gets a token for a service principal once, and asks with it", async () => {
    const databricks = await front();
    const { ask } = await databricksServer({
      ...environment(databricks),
      ONCALL_HISTORY_DATABRICKS_TOKEN: undefined,
      ONCALL_HISTORY_DATABRICKS_CLIENT_ID: CLIENT.id,
      ONCALL_HISTORY_DATABRICKS_CLIENT_SECRET: CLIENT.secret,
    });
    expect((await ask()).structured).toMatchObject({ outcome: "found" });
    expect((await ask()).structured).toMatchObject({ outcome: "found" });
    expect(databricks.seen.filter((what) => what === "POST /oidc/v1/token")).toHaveLength(1);
  });

  it("says which variables are wrong when a service principal gets no token", async () => {
    const databricks = await front();
    const { ask } = await databricksServer({
      ...environment(databricks),
      ONCALL_HISTORY_DATABRICKS_TOKEN: undefined,
      ONCALL_HISTORY_DATABRICKS_CLIENT_ID: CLIENT.id,
      ONCALL_HISTORY_DATABRICKS_CLIENT_SECRET: "another-secret",
    });
    const { structured, text } = await ask();
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "forbidden" });
    expect(structured["message"]).toMatch(
      /gives this client no token \(401\); set ONCALL_HISTORY_DATABRICKS_CLIENT_ID/,
    );
    expect(text).not.toContain("another-secret");
    expect(databricks.seen).toEqual(["POST /oidc/v1/token"]);
  });

  it("refuses a server that would leave parameters out, before any statement, and closes its session", async () => {
    const databricks = await front();
    databricks.protocol = 42_247;
    const { ask } = await databricksServer(environment(databricks));
    const { structured } = await ask();
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "bad_response" });
    expect(structured["message"]).toMatch(
      /Databricks at https:.*speaks a protocol \(0xa507\) that takes no parameters; set ONCALL_HISTORY_DATABRICKS_URL/,
    );
    expect(databricks.seen).toEqual(["OpenSession", "CloseSession"]);
    expect(databricks.statements).toEqual([]);
    expect(databricks.open.sessions).toBe(0);
  });
});

describe("a question that is given up", () => {
  it("cancels its statement at Databricks and closes the session", async () => {
    const engine = hanging();
    const databricks = await front(engine);
    databricks.directMs = 50;
    const { ask } = await databricksServer(environment(databricks));
    const { structured } = await ask({}, { signal: AbortSignal.timeout(400) });
    expect(structured).toMatchObject({ outcome: "could_not_look" });
    await expect.poll(() => engine.cancelled()).toBe(1);
    await expect.poll(() => databricks.open.sessions).toBe(0);
    expect(databricks.seen).toContain("CancelOperation");
  });

  it("cancels a statement whose first answer was still awaited", async () => {
    const engine = hanging();
    const databricks = await front(engine);
    databricks.directMs = 900;
    const { ask } = await databricksServer(environment(databricks));
    await ask({}, { signal: AbortSignal.timeout(300) });
    expect(engine.cancelled()).toBe(0);
    await expect.poll(() => engine.cancelled(), { timeout: 3_000 }).toBe(1);
    await expect.poll(() => databricks.open.sessions).toBe(0);
  });

  it("runs into its own time limit, names Databricks and the cure, and is cancelled there", async () => {
    const engine = hanging();
    const databricks = await front(engine);
    databricks.directMs = 50;
    const { ask } = await databricksServer({ ...environment(databricks), ONCALL_TIMEOUT_SECONDS: "1" });
    const { structured } = await ask();
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    expect(structured["message"]).toMatch(
      /Databricks at https:\S+ did not answer within 0\.8 s; see whether it is overloaded, or raise ONCALL_TIMEOUT_SECONDS/,
    );
    await expect.poll(() => engine.cancelled()).toBe(1);
  });

  it("is not asked again for a while when Databricks hangs time and again", async () => {
    const databricks = await front(hanging());
    databricks.directMs = 50;
    const { ask } = await databricksServer({ ...environment(databricks), ONCALL_TIMEOUT_SECONDS: "0.5" });
    for (let count = 0; count < 3; count++) await ask();
    const { structured } = await ask();
    expect(structured["message"]).toMatch(
      /is not asked for now, after failures in a row: .*did not answer within 0\.4 s/,
    );
  });
});

describe("a SQL warehouse that sleeps", () => {
  it("is said to be starting, as progress, and then answers", async () => {
    const databricks = await front(answering(), { startMs: 1_700 });
    databricks.directMs = 50;
    const { ask } = await databricksServer(environment(databricks));
    const told: string[] = [];
    const { structured } = await ask({}, { progress: (message) => told.push(message) });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(told).toContain("SQL warehouse oncall is starting");
    expect(withoutState(databricks.seen).filter((what) => what === "ExecuteStatement")).toHaveLength(1);
  });

  it("is waited for with a guess when the credential may not see its state", async () => {
    const databricks = await front(answering(), { startMs: 1_700 });
    databricks.directMs = 50;
    databricks.showsState = false;
    const { ask } = await databricksServer(environment(databricks));
    const told: string[] = [];
    const { structured } = await ask({}, { progress: (message) => told.push(message) });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(told).toContain(`the statement waits for SQL warehouse ${WAREHOUSE}, which may be starting`);
  });

  it("is tried again when it refuses sessions until it has started", async () => {
    const databricks = await front(answering(), { startMs: 1_200 });
    databricks.fault = (what) => {
      if (what !== "OpenSession" || databricks.state === "RUNNING") return undefined;
      databricks.wake();
      return { status: 503, headers: { "retry-after": "10" } };
    };
    const { ask } = await databricksServer(environment(databricks));
    const told: string[] = [];
    const { structured } = await ask({}, { progress: (message) => told.push(message) });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(told).toContain("SQL warehouse oncall is starting");
  });

  it("that starts for longer than the question may take is no failure of Databricks: each question is asked anew", async () => {
    const databricks = await front(answering(), { startMs: 60_000 });
    databricks.directMs = 50;
    const { ask } = await databricksServer({ ...environment(databricks), ONCALL_TIMEOUT_SECONDS: "1.5" });
    for (let count = 0; count < 4; count++) {
      const { structured } = await ask();
      expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
      expect(structured["message"]).toMatch(/: SQL warehouse oncall is starting; ask again in a minute/);
    }
  }, 15_000);
});
