import { type Finding, worstOf } from "@oncall-copilot/core/server";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type Pretend, startConfluence } from "../../support/confluence/server.ts";
import { closeServers, refusedAddress, sendJson } from "../../support/http/server.ts";
import { cleanupRecordings } from "../../support/recording.ts";
import { CLOUD, CLOUD_LOGIN, confluenceServer, LATENCY, PRICING } from "./ask.ts";

afterEach(closeServers);
afterAll(cleanupRecordings);

async function examined(pretend: Partial<Pretend>, env: Record<string, string> = CLOUD, service?: string) {
  const { url, received } = await startConfluence({
    kind: "cloud",
    pages: [LATENCY, PRICING],
    authorization: CLOUD_LOGIN,
    ...pretend,
  });
  const server = await confluenceServer(`${url}/wiki`, env);
  const findings = await server.examine?.({ signal: AbortSignal.timeout(10_000), service, mayWake: false });
  for (const { method } of received) expect(method).toBe("GET");
  return findings ?? [];
}
const inShort = (findings: readonly Finding[]) => findings.map(({ check, status }) => `${check} ${status}`);

describe("the check-up of Confluence", () => {
  it("finds nothing wrong with an account that can only view", async () => {
    const findings = await examined({});
    expect(inShort(findings)).toEqual(["reachable ok", "authenticated ok", "data ok", "privilege ok"]);
    expect(findings[1]?.message).toBe("accepts the credential, as On-call copilot");
    expect(findings[2]?.message).toBe(
      'storefront\'s newest page "Storefront latency" was updated 28 days ago, of 2 pages',
    );
    expect(findings[0]?.backend).toMatch(/^Confluence at http:.*\/wiki$/);
  });

  it("warns of an account that may do more than read, with what and with the cure", async () => {
    const pages = [LATENCY, { ...PRICING, operations: ["read", "update", "delete"] }];
    const findings = await examined({ pages });
    expect(inShort(findings).at(-1)).toBe("privilege warning");
    expect(findings.at(-1)).toMatchObject({
      message: expect.stringContaining("more than read (delete page, update page)"),
      cure: expect.stringContaining('only permission in these spaces is "View"'),
    });
  });

  it("says unknown where Confluence does not tell what the account may do", async () => {
    const pages = [{ ...LATENCY, operations: [] }];
    expect(inShort(await examined({ pages })).at(-1)).toBe("privilege unknown");
  });

  it.each([
    ["a wrong credential", { authorization: "Basic x" }, CLOUD, ["reachable ok", "authenticated failure"], /\(401\)/],
    [
      "a space that is not there",
      {},
      { ...CLOUD, ONCALL_RUNBOOKS_CONFLUENCE_SPACES: "OPS,NOPE" },
      ["reachable ok", "data failure"],
      /'NOPE' does not exist/,
    ],
    [
      "spaces without a page",
      { pages: [], spaces: ["OPS"] },
      CLOUD,
      ["reachable ok", "authenticated ok", "data failure"],
      /no page/,
    ],
  ] as const)("fails for %s, and stops there", async (_, pretend, env, expected, says) => {
    const findings = await examined(pretend as Partial<Pretend>, env);
    expect(inShort(findings)).toEqual(expected);
    expect(findings.at(-1)?.message).toMatch(says);
    expect(findings.at(-1)?.cure).toBeDefined();
  });

  it("fails where the credential is taken no notice of, and warns where there is none", async () => {
    const { url } = await startConfluence({ kind: "cloud", pages: [LATENCY] });
    const check = async (env: Record<string, string>) =>
      (await (
        await confluenceServer(`${url}/wiki`, env)
      ).examine?.({ signal: AbortSignal.timeout(5_000), service: undefined, mayWake: false })) ?? [];
    expect(inShort(await check(CLOUD))).toEqual(["reachable ok", "authenticated failure"]);
    expect(inShort(await check({}))).toEqual(["reachable ok", "authenticated warning", "data ok", "privilege ok"]);
  });

  it("holds no missing scope against a credential that is not told whose it is", async () => {
    const findings = await examined({
      instead: ({ url }, response) => {
        if (!url.pathname.endsWith("/user/current")) return false;
        sendJson(response, 403, { message: "scope" });
        return true;
      },
    });
    expect(worstOf(findings)).toBe("ok");
  });

  it("looks for the service that is asked about", async () => {
    expect((await examined({}, CLOUD, "pricing"))[2]?.message).toContain('pricing\'s newest page "Pricing runbook"');
    const none = (await examined({}, CLOUD, "checkout"))[2];
    expect(none).toMatchObject({ status: "warning", message: expect.stringContaining("the name of checkout") });
    expect(none?.cure).toContain("label each page");
  });

  it("ends at the first check when it cannot be reached", async () => {
    const server = await confluenceServer(await refusedAddress());
    const findings = await server.examine?.({ signal: AbortSignal.timeout(5_000), service: undefined, mayWake: false });
    expect(inShort(findings ?? [])).toEqual(["reachable failure"]);
  });
});
