import type { Finding } from "@oncall-copilot/core/server";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { application } from "../../support/argocd/application.ts";
import { type ArgoCdOptions, READER } from "../../support/argocd/server.ts";
import { closeServers, refusedAddress } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { cleanup } from "../support.ts";
import { ago, type ServeOptions, serveArgoCd, serveDouble } from "./shop.ts";

afterEach(closeServers);
afterAll(async () => {
  cleanup();
  await cleanupRecordings();
});

const storefront = () => application({ name: "storefront", history: [{ revision: "a".repeat(40), at: ago(180) }] });

async function examine(
  options: ArgoCdOptions,
  more: ServeOptions & { service?: string } = {},
): Promise<readonly Finding[]> {
  const { server, argo } = await serveDouble(options, more);
  const signal = AbortSignal.timeout(10_000);
  const findings = await server.examine?.({ signal, service: more.service, mayWake: false });
  expect(argo.violations).toEqual([]);
  expect(argo.received.every(({ method }) => method === "GET")).toBe(true);
  return findings ?? [];
}

const brief = (findings: readonly Finding[]) => findings.map(({ check, status }) => `${check} ${status}`);

describe("a check-up of Argo CD", () => {
  it("finds a token that may only get applications right, and says how old the newest roll-out is", async () => {
    const findings = await examine({ applications: [storefront()] });
    expect(findings.map(({ status, check, message }) => `${check} ${status}: ${message}`)).toEqual([
      "reachable ok: answers as Argo CD v3.5.1",
      "authenticated ok: takes the token as proj:shop:oncall-reader",
      "data ok: storefront's application storefront (Synced, Healthy): its newest roll-out is 3 h old",
      "privilege ok: the token may change nothing that Argo CD can be asked about (create, update, delete, sync, rollback, override, action)",
    ]);
  });

  it.each([
    ["p, role:x, applications, sync, shop/*, allow", "applications: sync, rollback"],
    [
      "p, role:x, applications, *, */*, allow",
      "applications: create, update, delete, sync, rollback, override, action",
    ],
    ["p, role:x, exec, create, shop/storefront, allow", "exec: create"],
    ["p, role:x, projects, update, *, allow", "projects: update"],
    ["p, role:x, repositories, *, *, allow", "repositories: create, update, delete"],
  ])("fails a token that has %s, with the policy to use instead", async (line, rights) => {
    const finding = (await examine({ applications: [storefront()], policy: [...READER, line] })).at(-1);
    expect(finding).toMatchObject({
      check: "privilege",
      status: "failure",
      message: `the token may do more than read storefront: ${rights}`,
      cure: expect.stringContaining("p, proj:shop:oncall-reader, applications, get, shop/*, allow"),
    });
  });

  it("passes over actions that an older Argo CD does not know", async () => {
    const actions = ["get", "create", "update", "delete", "sync", "override", "action"];
    const findings = await examine({ applications: [storefront()], actions });
    expect(findings.at(-1)).toMatchObject({ status: "ok", message: expect.not.stringContaining("rollback") });
  });

  it("fails at a token that is not accepted, and looks no further", async () => {
    const findings = await examine({ applications: [storefront()] }, { env: { ONCALL_GIT_ARGOCD_TOKEN: "expired" } });
    expect(brief(findings)).toEqual(["reachable ok", "authenticated failure"]);
    expect(findings[1]?.cure).toContain("ONCALL_GIT_ARGOCD_TOKEN");
  });

  it("fails when the application may not be seen or is not there, which Argo CD does not tell apart", async () => {
    const findings = await examine({ applications: [] }, { service: "pricing" });
    expect(brief(findings)).toEqual(["reachable ok", "authenticated ok", "data failure"]);
    expect(findings[2]?.message).toContain("has no application pricing, or does not let this credential see it (403)");
  });

  it("takes the first service whose application it may see when none is named", async () => {
    const pricing = application({ name: "pricing", history: [{ revision: "b".repeat(40), at: ago(2) }] });
    const findings = await examine({ applications: [pricing] });
    expect(findings[2]).toMatchObject({ status: "ok", message: expect.stringContaining("pricing's application") });
  });

  it("warns of an application that was never rolled out", async () => {
    const findings = await examine({ applications: [application({ name: "storefront" })] });
    expect(findings[2]).toMatchObject({ check: "data", status: "warning" });
  });

  it("fails when it cannot be reached, with backend, cause and cure", async () => {
    const { server } = await serveArgoCd(await refusedAddress());
    const signal = AbortSignal.timeout(10_000);
    const findings = (await server.examine?.({ signal, service: undefined, mayWake: false })) ?? [];
    expect(brief(findings)).toEqual(["reachable failure"]);
    expect(findings[0]?.message).toMatch(/Argo CD at .* refused the connection$/);
    expect(findings[0]?.cure).toContain("ONCALL_GIT_ARGOCD_URL");
  });
});
