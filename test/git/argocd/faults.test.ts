import { afterAll, afterEach, describe, expect, it } from "vitest";
import { application } from "../../support/argocd/application.ts";
import { argoCdHandler, READER, startArgoCd, TOKEN } from "../../support/argocd/server.ts";
import { selfSigned } from "../../support/http/certificate.ts";
import { answer, type Fault, httpFaults, refusal } from "../../support/http/faults.ts";
import { closeServers, refusedAddress, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { at, cleanup, itemsOf, serve, shopComponent, shopRepo } from "../support.ts";
import { APP_CATALOG, serveArgoCd, serveDouble, THEN } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const DEADLINE_MS = 4_000;
const PATIENCE = { ONCALL_GIT_ARGOCD_TIMEOUT_SECONDS: "0.4" };
/** Nothing but Argo CD, so that its failure is the answer's. */
const ONLY = { catalog: [shopComponent("pricing", [], { "argocd/app-name": "pricing" })] };
const ASKED = { service: "pricing" };

/** How Argo CD says that something failed. */
const argoError = (status: number, code: number, message: string) =>
  refusal(status, {}, { error: message, code, message });
const pricing = () => application({ name: "pricing", history: [{ revision: "a".repeat(40), at: at(-30) }] });
const good = argoCdHandler({ applications: [pricing()] });

const FAULTS: readonly Fault[] = [
  ...httpFaults({
    url: "ONCALL_GIT_ARGOCD_URL",
    credentials: "ONCALL_GIT_ARGOCD_TOKEN",
    ca: "ONCALL_GIT_ARGOCD_CA_FILE",
    seconds: "0.4",
  }),
  {
    when: "has no such path (404)",
    handler: (_, response) => response.writeHead(404).end("404 page not found"),
    reason: "bad_response",
    says: /path prefix in ONCALL_GIT_ARGOCD_URL/,
  },
  {
    when: "does not accept the token, in its own words",
    handler: argoError(401, 16, "invalid session: token has invalid claims: token is expired"),
    reason: "forbidden",
    says: /\(401\); set ONCALL_GIT_ARGOCD_TOKEN .*token is expired/,
  },
  {
    when: "denies permission, as it does for what is not there",
    handler: argoError(403, 7, "permission denied"),
    reason: "forbidden",
    says: /has no application pricing, or does not let this credential see it \(403\); check argocd\/app-name/,
  },
  {
    when: "fails in its own words",
    handler: argoError(500, 2, "error getting cached app state: cache: key is missing"),
    reason: "bad_response",
    says: /failed \(500, error getting cached app state: cache: key is missing\)/,
  },
  {
    when: "sends an application of another shape",
    handler: answer('{"metadata":{"name":"pricing"},"spec":{},"status":{"history":"none"}}'),
    reason: "bad_response",
    says: /another shape than Argo CD: status\.history.*Argo CD's API server/,
  },
];

describe("read_changes of an Argo CD that", () => {
  it.each(FAULTS)("$when could not look, and names backend, cause and cure in time", async (fault) => {
    const { url } = await startServer(fault.handler, fault.tls);
    const env = fault.isLong ? { ONCALL_GIT_ARGOCD_TIMEOUT_SECONDS: "3" } : PATIENCE;
    const { call, server } = await serveArgoCd(url, { ...ONLY, env });
    const { isError, structured } = await call("read_changes", ASKED, { deadlineMs: DEADLINE_MS });
    expect(isError).toBe(true);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: fault.reason });
    expect(structured["message"]).toContain(`Argo CD at ${url}`);
    expect(structured["message"]).toMatch(fault.says);
    expect(JSON.stringify(structured)).not.toContain(TOKEN);
    await server.close?.();
  });

  it("refuses the connection could not look", async () => {
    const { call } = await serveArgoCd(await refusedAddress(), ONLY);
    const { structured } = await call("read_changes", ASKED, { deadlineMs: DEADLINE_MS });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(/refused the connection; see whether it is up, and check ONCALL_GIT_ARGOCD_/);
  });

  it("is down still leaves the commits, with the deployments as a gap", async () => {
    const repo = shopRepo();
    const commit = repo.edit("services/pricing/main.js", "1 = 1", "1 = 2").commit({ minutes: -30 });
    const { call } = await serveArgoCd(await refusedAddress(), { repo, env: THEN });
    const result = await call("read_changes", ASKED);
    expect(result.structured).toMatchObject({ outcome: "found" });
    expect(result.structured["gaps"]).toEqual([expect.stringMatching(/^deployments: Argo CD at .* refused the conn/)]);
    expect(itemsOf(result)[0]).toMatchObject({ sha: commit, live: false });
    expect(itemsOf(result)[0]?.evidence.text).toContain("deployment not known");
  });

  it("is down still leaves a file as the branch has it, and says what it is not", async () => {
    const { call } = await serveArgoCd(await refusedAddress(), { repo: shopRepo(), env: THEN });
    const { structured } = await call("read_file", { service: "pricing", path: "services/pricing/main.js" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(structured["summary"]).toContain("main, no deployment known");
    expect(structured["gaps"]).toEqual([expect.stringMatching(/^what is deployed: Argo CD at .* refused/)]);
  });

  it("forbids one project still tells of the others, and names the gap", async () => {
    const repo = shopRepo();
    const history = [{ revision: repo.head(), at: at(-30) }];
    const applications = [
      application({ name: "checkout", history }),
      application({ name: "pricing", history, project: "payments" }),
    ];
    const { call, argo } = await serveDouble({ applications, policy: READER }, { repo, env: THEN });
    const result = await call("read_changes", { service: "checkout" });
    expect(itemsOf(result)[0]).toMatchObject({ kind: "rollout", services: ["checkout"] });
    const gaps = result.structured["gaps"] as readonly string[];
    expect(gaps[0]).toMatch(/^deployments of pricing: Argo CD at .* has no application pricing, or does not let/);
    expect(argo.violations).toEqual([]);
  });

  it("is asked for a project that the application is not in says so (404)", async () => {
    const catalog = [shopComponent("pricing", [], { "argocd/app-name": "pricing", "argocd/project-name": "payments" })];
    const policy = ["p, role:oncall-reader, applications, get, */*, allow"];
    const { call } = await serveDouble({ applications: [pricing()], policy }, { catalog });
    const { structured } = await call("read_changes", ASKED);
    expect(structured["message"]).toMatch(
      /no application pricing of the project payments.*\(404\); check .*project-name/,
    );
  });

  it("has a selector that selects nearly everything is not asked for each", async () => {
    const labels = { team: "shop" };
    const applications = Array.from({ length: 5_000 }, (_, n) => application({ name: `app-${n}`, labels }));
    const catalog = [shopComponent("pricing", [], { "argocd/app-selector": "team=shop" })];
    const { call, argo } = await serveDouble({ applications }, { catalog });
    const { structured } = await call("read_changes", ASKED);
    expect(structured["message"]).toMatch(
      /argocd\/app-selector selects 5000 applications; narrow argocd\/app-selector/,
    );
    expect(argo.received).toHaveLength(1);
    expect(argo.received[0]?.url.searchParams.get("fields")).toContain("items.metadata.name");
  });

  it("has a selector that selects nothing says what may be wrong", async () => {
    const catalog = [shopComponent("pricing", [], { "argocd/app-selector": "team=nobody" })];
    const { call } = await serveDouble({ applications: [pricing()] }, { catalog });
    const { structured } = await call("read_changes", ASKED);
    expect(structured["message"]).toMatch(/shows this credential no application with those labels/);
  });

  it("stands under a path prefix is found there", async () => {
    const repo = shopRepo();
    const applications = [application({ name: "pricing", history: [{ revision: repo.head(), at: at(-30) }] })];
    const { call, argo } = await serveDouble({ applications, rootPath: "/argo" }, { ...ONLY, repo, env: THEN });
    expect((await call("read_changes", ASKED)).structured).toMatchObject({ outcome: "found" });
    expect(argo.received[0]?.url.pathname).toBe("/argo/api/v1/applications/pricing");
  });

  it("shows a certificate of the authority that is configured is believed", async () => {
    const tls = selfSigned();
    const { url } = await startServer(good, tls);
    const { call, server } = await serveArgoCd(url, { ...ONLY, env: { ...THEN, ONCALL_GIT_ARGOCD_CA: tls.cert } });
    expect((await call("read_changes", ASKED)).structured).toMatchObject({ outcome: "found" });
    await server.close?.();
  });

  it("recovers within a moment is asked again, and answers", async () => {
    let count = 0;
    const { url, received } = await startServer((request, response) => {
      count++;
      if (count === 1) return response.destroy();
      if (count === 2) return sendJson(response, 503, {});
      return good(request, response);
    });
    const { call } = await serveArgoCd(url, { ...ONLY, env: THEN });
    expect((await call("read_changes", ASKED)).structured).toMatchObject({ outcome: "found" });
    expect(received).toHaveLength(3);
  });

  it("hangs costs one wait and not one for each application, and the next call hardly any", async () => {
    const { url, received } = await startServer(() => {});
    const { call } = await serveArgoCd(url, { catalog: APP_CATALOG, env: PATIENCE });
    await call("read_changes", { service: "storefront" });
    const first = received.length;
    const second = await call("read_changes", { service: "storefront" });
    expect(first).toBeLessThan(10);
    expect(received).toHaveLength(first);
    expect(second.structured["message"]).toMatch(/is not asked for now, after failures in a row: .*did not answer/);
  });

  it("hangs is let go of when the call is cancelled", async () => {
    let closed = 0;
    const { url } = await startServer((_, response) => response.once("close", () => closed++));
    const { call } = await serveArgoCd(url, ONLY);
    const { structured } = await call("read_changes", ASKED, { deadlineMs: 300 });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    await expect.poll(() => closed).toBe(1);
  });

  it("has a clock that differs from ours says so as a gap", async () => {
    const { url } = await startServer((request, response) => {
      response.setHeader("date", new Date(Date.now() - 300_000).toUTCString());
      good(request, response);
    });
    const { call } = await serveArgoCd(url, { ...ONLY, env: THEN });
    const { structured } = await call("read_changes", ASKED);
    expect(structured["gaps"]).toContainEqual(expect.stringMatching(/this machine's clock is 5 min ahead of the one/));
  });
});

describe("a configuration of Argo CD", () => {
  it.each([
    [{ ONCALL_GIT_ARGOCD_URL: "https://argocd.example" }, /ONCALL_GIT_ARGOCD_URL needs ONCALL_GIT_ARGOCD_TOKEN/],
    [{ ONCALL_GIT_ARGOCD_URL: "https://me:secret@argocd.example", ONCALL_GIT_ARGOCD_TOKEN: "t" }, /must not hold cred/],
    [{ ONCALL_GIT_ARGOCD_URL: "argocd.example", ONCALL_GIT_ARGOCD_TOKEN: "t" }, /takes an http or https address/],
    [
      { ONCALL_GIT_ARGOCD_URL: "https://a.example", ONCALL_GIT_ARGOCD_TOKEN: "t", ONCALL_GIT_DEPLOYMENTS: "d.ndjson" },
      /ONCALL_GIT_ARGOCD_URL or ONCALL_GIT_DEPLOYMENTS, not both/,
    ],
  ])("that is wrong is refused at the start: %o", async (env, says) => {
    await expect(serve({ ONCALL_CATALOG: "/dev/null", ...env })).rejects.toThrow(says);
  });

  it("yields to a recording, so that a replay never mixes with what is live", async () => {
    const argo = await startArgoCd({ applications: [pricing()] });
    const { call } = await serve({
      ONCALL_RECORDING: `${import.meta.dirname}/../../recordings/bad-deployment-three-hops`,
      ONCALL_GIT_ARGOCD_URL: argo.url,
      ONCALL_GIT_ARGOCD_TOKEN: TOKEN,
    });
    expect((await call("read_changes", { service: "storefront" })).structured).toMatchObject({ outcome: "found" });
    expect(argo.received).toEqual([]);
  });
});
