import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@oncall-copilot/core";
import { runCall } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDriver } from "../../../servers/history/src/stores/snowflake/driver.ts";
import { closeServers, type Handler, type Received, startServer } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { historyServer, KEY } from "../ask.ts";
import { privateKeyPem } from "./key.ts";
import {
  type Answer,
  ASKED,
  environmentFor,
  failing,
  ROWS,
  type Statement,
  snowflake,
  statementOf,
} from "./pretend.ts";

// It takes a second or two to load, and holds up all else meanwhile.
beforeAll(async () => void (await loadDriver()));
afterAll(closeServers);
afterAll(cleanupRecordings);

const hang: Handler = () => {};
const paths = (received: readonly Received[]) => received.map(({ method, url }) => `${method} ${url.pathname}`);
const statements = (received: readonly Received[]): Statement[] =>
  received.filter(({ url }) => url.pathname === "/queries/v1/query-request").map(statementOf);
const soon = async (holds: () => boolean) => {
  for (const until = performance.now() + 2_000; !holds() && performance.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe.concurrent("a question to Snowflake", () => {
  it("is one statement, with what the caller wrote bound and nowhere in its text", async () => {
    const { url, received } = await startServer(snowflake());
    const { ask, server } = await historyServer({}, environmentFor(url));
    const found = await ask({ ...ASKED, alert: "'; DROP TABLE x --", summary: "exhausted connections" });
    expect(found.stats).toMatchObject({ basis: "fingerprint", count: 1, median_seconds: 1200 });
    expect(found.gaps).toEqual([expect.stringMatching(/^1 rows of ops\.sre\.incidents in Snowflake at /)]);
    const [statement, ...others] = statements(received);
    expect(others).toEqual([]);
    expect(statement?.sqlText).not.toMatch(/drop|exhausted/i);
    expect(statement?.sqlText).toContain('FROM "OPS"."SRE"."INCIDENTS"');
    const values = Object.values(statement?.bindings ?? {}).map(({ value }) => value);
    expect(values).toEqual(
      expect.arrayContaining(["'; drop table x --", "exhausted", "connections", ASKED.fingerprint]),
    );
    await server.close?.();
    expect(paths(received)).toEqual([
      "POST /session/v1/login-request",
      "POST /queries/v1/query-request",
      "POST /session",
    ]);
  });

  it("carries its tag, its time limit, and the formats that keep an instant what it is", async () => {
    const { url, received } = await startServer(snowflake());
    const { ask, server } = await historyServer(
      {},
      { ...environmentFor(url, 30), ONCALL_HISTORY_SNOWFLAKE_QUERY_TAG: "team-a" },
    );
    await ask(ASKED);
    expect(statements(received)[0]?.parameters).toMatchObject({
      QUERY_TAG: "team-a",
      STATEMENT_TIMEOUT_IN_SECONDS: 24,
      TIMEZONE: "UTC",
      TIMESTAMP_TZ_OUTPUT_FORMAT: expect.stringContaining("TZH:TZM"),
    });
    await server.close?.();
  });

  it("that hangs is cancelled there when the time is up", async () => {
    const { url, received } = await startServer(snowflake({ answer: () => hang }));
    const { call, server } = await historyServer({}, environmentFor(url, 3));
    const { structured } = await call(ASKED);
    expect(structured).toMatchObject({ reason: "timed_out", message: expect.stringContaining("Snowflake at") });
    await soon(() => received.some(({ url: asked }) => asked.pathname === "/queries/v1/abort-request"));
    const [asked, cancelled] = ["/queries/v1/query-request", "/queries/v1/abort-request"].map((path) =>
      received.find((one) => one.url.pathname === path),
    );
    expect(JSON.parse(cancelled?.body ?? "{}")).toEqual({ requestId: asked?.url.searchParams.get("requestId") });
    await server.close?.();
  });

  it("that the caller gives up is cancelled there", async () => {
    const { url, received } = await startServer(snowflake({ answer: () => hang }));
    const { call, server } = await historyServer({}, environmentFor(url, 20));
    const controller = new AbortController();
    const asked = call(ASKED, controller.signal);
    await soon(() => statements(received).length === 1);
    controller.abort();
    expect((await asked).structured).toMatchObject({ reason: "cancelled" });
    await soon(() => paths(received).includes("POST /queries/v1/abort-request"));
    expect(paths(received)).toContain("POST /queries/v1/abort-request");
    await server.close?.();
  });

  it("costs hardly any time when the last ones in a row got no answer, and says what those got", async () => {
    const { url, received } = await startServer(snowflake({ login: hang }));
    const { call, server } = await historyServer({}, environmentFor(url, 0.5));
    for (let count = 0; count < 3; count++) await call(ASKED);
    const requests = received.length;
    const { structured } = await call(ASKED);
    expect(received).toHaveLength(requests);
    expect(structured["message"]).toMatch(
      /is not asked for now, after failures in a row: .*did not answer within 0\.4 s/,
    );
    await server.close?.();
  });

  it("is asked again where the login failed once on the way", async () => {
    let count = 0;
    const { url } = await startServer((request, response) => {
      const isFirst = request.url.pathname === "/session/v1/login-request" && ++count === 1;
      if (isFirst) return response.writeHead(503).end("no");
      snowflake()(request, response);
    });
    const { ask, server } = await historyServer({}, environmentFor(url, 10));
    expect((await ask(ASKED)).matches).toEqual({ fingerprint: 1, alike: 0 });
    await server.close?.();
  });

  it("logs in again, once, where its session has ended", async () => {
    let count = 0;
    const ends = (): Answer =>
      ++count === 2 ? failing("390111", "Session no longer exists. New login required.") : ROWS;
    const { url, received } = await startServer(snowflake({ answer: ends }));
    const { ask, server } = await historyServer({}, environmentFor(url));
    await ask(ASKED);
    expect((await ask(ASKED)).matches.fingerprint).toBe(1);
    expect(paths(received).filter((path) => path.includes("login"))).toHaveLength(2);
    await server.close?.();
  });
});

describe.concurrent("a warehouse that has to start", () => {
  /** Answers the question only when its warehouse has been asked for so often, which says that it starts until then. */
  const starting = (looks: number) => {
    let looked = 0;
    const waiting: (() => void)[] = [];
    return snowflake({
      answer: ({ sqlText }) => {
        if (!sqlText.startsWith("SHOW WAREHOUSES LIKE 'ONCALL_WH'")) {
          return (request, response) => void waiting.push(() => snowflake()(request, response));
        }
        looked++;
        if (looked >= looks) setTimeout(() => waiting.forEach((go) => void go()), 50);
        return [{ name: "ONCALL_WH", state: looked >= looks ? "STARTED" : looked === 1 ? "SUSPENDED" : "RESUMING" }];
      },
    });
  };
  const askOf = async (url: string, seconds: number) => {
    const { server, tool } = await historyServer({}, environmentFor(url, seconds));
    const told: string[] = [];
    const options = {
      key: KEY,
      log: createLogger("test", "silent"),
      progress: (message: string) => void told.push(message),
    };
    const { structured } = await runCall(server, tool, ASKED, { ...options, deadlineMs: seconds * 1000 });
    await server.close?.();
    return { structured, told };
  };

  it("is told as progress, and its answer is an answer", async () => {
    const { url } = await startServer(starting(2));
    const { structured, told } = await askOf(url, 20);
    expect(structured).toMatchObject({ outcome: "found" });
    expect(told.slice(1)).toEqual(["warehouse ONCALL_WH is starting"]);
  });

  it("for longer than a question may take is said to be what was waited for, and does not count as down", async () => {
    const { url } = await startServer(starting(99));
    const { structured } = await askOf(url, 5);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    expect(structured["message"]).toMatch(/within 4 s: warehouse ONCALL_WH is starting; ask again in a minute/);
  });
});

describe.concurrent("the credential", () => {
  const loginOf = async (env: Record<string, string>) => {
    const { url, received } = await startServer(snowflake());
    const { ask, server } = await historyServer({}, { ...environmentFor(url), ...env });
    await ask(ASKED);
    await server.close?.();
    const login = received[0]?.body ?? "{}";
    return (JSON.parse(login) as { data: Record<string, unknown> }).data;
  };

  it("may be a key pair with a passphrase, of which only a token goes out", async () => {
    const login = await loginOf({
      ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: privateKeyPem("a passphrase"),
      ONCALL_HISTORY_SNOWFLAKE_PASSPHRASE: "a passphrase",
    });
    expect(login).toMatchObject({ AUTHENTICATOR: "SNOWFLAKE_JWT", LOGIN_NAME: "oncall" });
    const [, claims = ""] = String(login["TOKEN"]).split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ sub: "MYORG-MYACCOUNT.ONCALL" });
    expect(JSON.stringify(login)).not.toMatch(/PRIVATE KEY|a passphrase/);
  });

  it("may be an OAuth token in a file, which is read again at each connection", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "oncall-token-")), "token");
    await writeFile(file, "first\n");
    const env = { ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: "", ONCALL_HISTORY_SNOWFLAKE_TOKEN_FILE: file };
    let count = 0;
    const { url, received } = await startServer(
      snowflake({ answer: () => (++count === 2 ? failing("390111", "Session no longer exists.") : ROWS) }),
    );
    const { ask, server } = await historyServer({}, { ...environmentFor(url), ...env });
    await ask(ASKED);
    await writeFile(file, "second\n");
    await ask(ASKED);
    await server.close?.();
    const logins = received.filter((one) => one.url.pathname.includes("login"));
    const tokens = logins.map(({ body }) => (JSON.parse(body) as { data: Record<string, unknown> }).data["TOKEN"]);
    expect(tokens).toEqual(["first", "second"]);
  });

  it.each([
    [
      { ONCALL_HISTORY_SNOWFLAKE_PASSPHRASE: "wrong", ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: privateKeyPem("right") },
      /PASSPHRASE/,
    ],
    [{ ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: "no key" }, /no RSA key in PEM/],
    [
      { ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: "", ONCALL_HISTORY_SNOWFLAKE_TOKEN_FILE: "/no/such" },
      /TOKEN_FILE cannot be read \(ENOENT\)/,
    ],
  ])("that cannot be used is said, and nothing is asked: %#", async (env, says) => {
    const { url, received } = await startServer(snowflake());
    const { call, server } = await historyServer({}, { ...environmentFor(url), ...env });
    const { structured } = await call(ASKED);
    expect(structured).toMatchObject({ reason: "not_configured", message: expect.stringMatching(says) });
    expect(received).toEqual([]);
    await server.close?.();
  });
});
