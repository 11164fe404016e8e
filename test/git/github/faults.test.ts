import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { selfSigned } from "../../support/http/certificate.ts";
import { type Fault, httpFaults, refusal } from "../../support/http/faults.ts";
import { closeServers, type Handler, refusedAddress, sendJson, startServer } from "../../support/http/server.ts";
import { at, cleanupRecordings, writeRecording } from "../../support/recording.ts";
import { messageOf, proposal } from "../proposal.ts";
import { cleanup, type Served, SHOP_CATALOG, serve } from "../support.ts";
import { shopAtGitHub, UPSTREAM } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const DEADLINE_MS = 4_000;

async function serverFor(url: string, env: Record<string, string> = {}): Promise<Served> {
  const folder = await writeRecording({ catalog: SHOP_CATALOG });
  return serve({
    ...{ ONCALL_GIT_GITHUB_URL: url, ONCALL_GIT_GITHUB_UPSTREAM_TOKEN: "github_pat_X", ONCALL_AS_OF: at(5) },
    ...{ ONCALL_CATALOG: join(folder, "catalog.yaml"), ONCALL_GIT_GITHUB_TIMEOUT_SECONDS: "0.4", ...env },
  });
}

const says = (status: number, message: string, headers: Record<string, string> = {}): Handler =>
  refusal(status, headers, { message, documentation_url: "https://docs.github.com/rest", status: String(status) });

const inAnHour = String(Math.floor(Date.now() / 1000) + 3_600);

const FAULTS: readonly Fault[] = [
  ...httpFaults({
    url: "ONCALL_GIT_GITHUB_URL",
    credentials: "ONCALL_GIT_GITHUB_UPSTREAM_TOKEN",
    ca: "ONCALL_GIT_GITHUB_CA_FILE",
    seconds: "0.4",
  }),
  {
    when: "has an expired token (401)",
    handler: says(401, "Bad credentials"),
    reason: "forbidden",
    says: /\(401\); set ONCALL_GIT_GITHUB_UPSTREAM_TOKEN to one that is valid/,
  },
  {
    when: "has answered all requests of the hour (403)",
    handler: says(403, "API rate limit exceeded for user ID 1.", {
      ...{ "x-ratelimit-remaining": "0", "x-ratelimit-limit": "5000", "x-ratelimit-reset": inAnHour },
    }),
    reason: "rate_limited",
    says: new RegExp(
      `all 5000 requests of the hour \\(403, rate limit\\); there are more at ${new Date(Number(inAnHour) * 1000).toISOString()}`,
    ),
  },
  {
    when: "has a secondary rate limit (403) and says how long to wait",
    handler: says(403, "You have exceeded a secondary rate limit. Please wait a few minutes.", { "retry-after": "90" }),
    reason: "rate_limited",
    says: /secondary rate limit\); wait 90 s/,
  },
  {
    when: "has a secondary rate limit (429) and does not say how long to wait",
    handler: says(429, "You have exceeded a secondary rate limit."),
    reason: "rate_limited",
    says: /secondary rate limit\); wait 60 s/,
  },
  {
    when: "wants single sign-on (403)",
    handler: says(403, "Resource protected by organization SAML enforcement.", {
      "x-github-sso": "required; url=https://x.test",
    }),
    reason: "forbidden",
    says: /wants single sign-on for example\/shop \(403\); authorize the token of ONCALL_GIT_GITHUB_UPSTREAM_TOKEN/,
  },
  {
    when: "finds this machine's clock wrong (401)",
    handler: says(401, "'Expiration time' claim ('exp') is too far in the future"),
    reason: "forbidden",
    says: /takes this machine's clock for wrong \(401: .*\); set the clock/,
  },
  {
    when: "does not show the repository (404)",
    handler: says(404, "Not Found"),
    reason: "forbidden",
    says: /no such thing in example\/shop to this credential \(404\); check the name, and that ONCALL_GIT_GITHUB_UPSTREAM_TOKEN may read it/,
  },
  {
    when: "has no such branch (404)",
    handler: says(404, "Branch not found"),
    reason: "not_configured",
    says: /example\/shop has no branch main; set ONCALL_GIT_BRANCH/,
  },
  {
    when: "has the repository under another name (301)",
    handler: says(301, "Moved Permanently", { location: "/repositories/1/branches/main" }),
    reason: "bad_response",
    says: /example\/shop under another name \(301\); give it by its new name/,
  },
  {
    when: "lacks a permission (403)",
    handler: says(403, "Resource not accessible by personal access token", {
      "x-accepted-github-permissions": "contents=read",
    }),
    reason: "forbidden",
    says: /\(403\): Resource not accessible by personal access token, which needs contents=read; .*role in the server's README/,
  },
];

describe("read_file of a GitHub that", () => {
  it.each(FAULTS)("$when could not look, and names backend, cause and cure in time", async (fault) => {
    const { url } = await startServer(fault.handler, fault.tls);
    const { call, server } = await serverFor(url, fault.isLong ? { ONCALL_GIT_GITHUB_TIMEOUT_SECONDS: "3" } : {});
    const args = { service: "promotions", path: "services/promotions/main.js" };
    const { isError, structured } = await call("read_file", args, { deadlineMs: DEADLINE_MS });
    expect(isError).toBe(true);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: fault.reason });
    if (fault.reason !== "not_configured") expect(structured["message"]).toContain(`GitHub at ${url}`);
    expect(structured["message"]).toMatch(fault.says);
    await server.close?.();
  });

  it("refuses the connection could not look, and read_changes says so too", async () => {
    const { call } = await serverFor(await refusedAddress());
    const file = await call("read_file", { service: "promotions", path: "services/promotions/main.js" });
    const changes = await call("read_changes", { service: "promotions" });
    for (const { structured } of [file, changes]) {
      expect(structured["outcome"]).toBe("could_not_look");
      expect(structured["message"]).toMatch(
        /refused the connection; see whether it is up, and check ONCALL_GIT_GITHUB_URL/,
      );
    }
  });

  it("shows a certificate of the authority that is configured is believed", async () => {
    const tls = selfSigned();
    const { url } = await startServer(says(404, "Branch not found"), tls);
    const { call } = await serverFor(url, { ONCALL_GIT_GITHUB_CA: tls.cert });
    const { structured } = await call("read_file", { service: "promotions", path: "lib/pool.js" });
    expect(structured["message"]).toContain("has no branch main");
  });
});

describe("a GitHub that", () => {
  it("recovers within a moment is asked again, and answers", async () => {
    const { call, github } = await shopAtGitHub();
    let count = 0;
    github.intercept = (_, response) => {
      count++;
      if (count === 1) response.destroy();
      else if (count === 2) sendJson(response, 503, {});
      return count <= 2;
    };
    const { structured } = await call("read_changes", { service: "promotions" });
    expect(structured["outcome"]).toBe("found");
    expect(count).toBeGreaterThan(3);
  });

  it("asks for a pause of a second gets it; one that asks for longer is told about, not slept", async () => {
    const { call, github } = await shopAtGitHub();
    let pause = "1";
    const times: number[] = [];
    github.intercept = (_, response) => {
      times.push(performance.now());
      if (times.length > 1) return false;
      sendJson(response, 403, { message: "You have exceeded a secondary rate limit" }, { "retry-after": pause });
      return true;
    };
    const args = { service: "promotions", path: "lib/pool.js" };
    expect((await call("read_file", args)).structured["outcome"]).toBe("found");
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
    times.length = 0;
    pause = "40";
    const { structured } = await call("read_file", args);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "rate_limited" });
    expect(times).toHaveLength(1);
  });

  it("meets a write with a passing failure is asked once more, and not for long", async () => {
    const { call, github, bad } = await shopAtGitHub();
    let failed = 0;
    github.intercept = ({ method, url }, response) => {
      if (method !== "POST" || !url.pathname.endsWith("/git/refs") || failed > 0) return false;
      failed++;
      sendJson(response, 502, { message: "Server Error" });
      return true;
    };
    expect((await call("open_pr", proposal({ revert: bad }))).structured).toMatchObject({ state: "opened" });
    expect(failed).toBe(1);
  });

  it("fails on every write is given up on within seconds", async () => {
    const { call, github, bad } = await shopAtGitHub();
    let asked = 0;
    github.intercept = ({ method, url }, response) => {
      if (method !== "POST" || !url.pathname.endsWith("/pulls")) return false;
      asked++;
      sendJson(response, 500, { message: "Server Error" });
      return true;
    };
    const result = await call("open_pr", proposal({ revert: bad }));
    expect(messageOf(result)).toContain("failed (500)");
    expect(asked).toBe(1);
  });

  it("hangs costs one wait, and the next calls hardly any", async () => {
    const { url, received } = await startServer(() => {});
    const { call } = await serverFor(url, { ONCALL_GIT_GITHUB_TIMEOUT_SECONDS: "0.3" });
    const ask = () => call("read_file", { service: "promotions", path: "lib/pool.js" });
    for (let time = 0; time < 3; time++) await ask();
    const { structured } = await ask();
    expect(received).toHaveLength(3);
    expect(structured["message"]).toMatch(/is not asked for now, after failures in a row: .*did not answer/);
  });

  it("hangs is let go of when the call is cancelled", async () => {
    let closed = 0;
    const { url } = await startServer((_, response) => response.once("close", () => closed++));
    const { call } = await serverFor(url, { ONCALL_GIT_GITHUB_TIMEOUT_SECONDS: "8" });
    const { structured } = await call("read_changes", { service: "promotions" }, { deadlineMs: 300 });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    await expect.poll(() => closed).toBe(1);
  });

  it("has a clock that differs from ours says so as a gap", async () => {
    const { call, github } = await shopAtGitHub();
    github.intercept = (_, response) => {
      response.setHeader("date", new Date(Date.now() + 300_000).toUTCString());
      return false;
    };
    const { structured } = await call("read_changes", { service: "promotions" });
    expect(structured["gaps"]).toContainEqual(
      expect.stringMatching(/clock is (?:299|300|301) s behind the one of GitHub/),
    );
  });

  it("wants single sign-on is a gap for the services that live there, where deployments are known", async () => {
    const { call } = await shopAtGitHub({ upstream: { ...UPSTREAM, sso: true } });
    const { structured } = await call("read_changes", { service: "storefront" });
    expect(structured["gaps"]).toContainEqual(
      expect.stringMatching(/^commits of storefront, checkout, pricing, promotions: .*wants single sign-on/),
    );
  });
});
