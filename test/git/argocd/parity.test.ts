import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { application, second } from "../../support/argocd/application.ts";
import { startArgoCd, TOKEN } from "../../support/argocd/server.ts";
import { closeServers } from "../../support/http/server.ts";
import { cleanup, git, serve, tempDir } from "../support.ts";

const RECORDINGS = join(import.meta.dirname, "..", "..", "recordings");
const copies: string[] = [];

afterEach(closeServers);
afterAll(() => {
  cleanup();
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

interface Line {
  readonly service: string;
  readonly revision: string;
  readonly at: string;
  readonly by: string;
}

/** The recording with deployments to the second, which is what Kubernetes keeps of an instant. */
function toTheSecond(name: string): { dir: string; lines: readonly Line[] } {
  const dir = join(mkdtempSync(join(tmpdir(), "oncall-parity-")), name);
  copies.push(join(dir, ".."));
  cpSync(join(RECORDINGS, name), dir, { recursive: true });
  const file = join(dir, "deployments.ndjson");
  const read = readFileSync(file, "utf8").trim().split("\n");
  const lines = read.map((text) => JSON.parse(text) as Line).map((line) => ({ ...line, at: second(line.at) }));
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  return { dir, lines };
}

/** What the recording's deployments are in Argo CD: one application a service, each with its history. */
function applicationsOf(lines: readonly Line[]) {
  const source = { repoURL: "git@github.com:northwind/shop.git", path: "deploy", targetRevision: "main" };
  const names = [...new Set(lines.map(({ service }) => service))];
  return names.map((name) => {
    const own = lines.filter(({ service }) => service === name);
    const history = own.map(({ revision, at, by }) => ({
      ...{ revision, at },
      ...(by === "argocd-application-controller" ? { automated: true } : { by }),
    }));
    return application({ name, source, history, revisionHistoryLimit: 100 });
  });
}

/** The repository of the bundle, as a local upstream. */
function upstreamOf(dir: string): string {
  const place = join(tempDir(), "upstream.git");
  git(dir, ["clone", "--quiet", "--bare", join(dir, "repo.bundle"), place]);
  return place;
}

const CALLS: readonly object[] = [
  { service: "storefront" },
  { service: "storefront", from: "-30d", limit: 40 },
  { service: "storefront", from: "-1h" },
  { service: "checkout", hops: 1, from: "-14d" },
  { service: "promotions", hops: 0, from: "-7d", limit: 20 },
  { service: "pricing", from: "-2m" },
];

describe.each(["bad-deployment-three-hops", "healthy-peak"])("the deployments of %s in Argo CD", (name) => {
  it("give the answers that the recording's file gives, receipts included", async () => {
    const { dir, lines } = toTheSecond(name);
    const argo = await startArgoCd({ applications: applicationsOf(lines) });
    const recorded = await serve({ ONCALL_RECORDING: dir });
    const live = await serve({
      ONCALL_GIT_ARGOCD_URL: argo.url,
      ONCALL_GIT_ARGOCD_TOKEN: TOKEN,
      ONCALL_GIT_UPSTREAM: upstreamOf(dir),
      ONCALL_CATALOG: join(dir, "catalog.yaml"),
      ONCALL_AS_OF: new Date(recorded.server.now()).toISOString(),
    });
    for (const args of CALLS) {
      const [told, asked] = [await recorded.call("read_changes", args), await live.call("read_changes", args)];
      const gaps = (asked.structured["gaps"] ?? []) as readonly string[];
      expect(gaps).toEqual([expect.stringContaining("tells how things stand now, and not as of then")]);
      expect({ ...asked.structured, gaps: [] }).toEqual({ ...told.structured, gaps: [] });
    }
    const file = { service: "promotions", path: "services/promotions/offers.js" };
    expect((await live.call("read_file", file)).structured).toEqual(
      (await recorded.call("read_file", file)).structured,
    );
    expect(argo.violations).toEqual([]);
    expect(argo.received.length).toBeGreaterThan(0);
  });
});
