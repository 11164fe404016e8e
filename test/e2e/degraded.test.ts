import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEPLOYMENT, readReport, triage } from "./oncall.ts";

const RULES = ["--engine", "rules", "--quiet"];

/** A copy of the recording without some of its parts. */
async function without(...parts: string[]): Promise<string> {
  const copy = join(await mkdtemp(join(tmpdir(), "oncall-rec-")), "bad-deployment-three-hops");
  await cp(DEPLOYMENT, copy, { recursive: true });
  for (const part of parts) await rm(join(copy, part), { recursive: true });
  return copy;
}

describe("a server that is not there", () => {
  it("is a gap in the report, and the triage goes on", async () => {
    const { code, out } = await triage(DEPLOYMENT, {
      args: RULES,
      env: { ONCALL_SERVER_LOGS_URL: "http://127.0.0.1:9/mcp" },
    });
    expect(code).toBe(0);
    const report = await readReport(out);
    expect(report.gaps).toContainEqual(
      expect.objectContaining({ server: "logs", why: expect.stringContaining("did not start") }),
    );
    expect(report.outcome).not.toBe("blocked");
  });

  it("is not said to have no runbook that fits", async () => {
    const { stdout } = await triage(DEPLOYMENT, {
      args: RULES,
      env: { ONCALL_SERVER_RUNBOOKS_URL: "http://127.0.0.1:9/mcp" },
    });
    expect(stdout).toContain("none could be shown: see what was not seen");
    expect(stdout).not.toContain("none fits");
  });

  it("or hangs, is a gap as well", async () => {
    const hanging = createServer(() => {});
    await new Promise<void>((resolve) => hanging.listen(0, "127.0.0.1", resolve));
    const { port } = hanging.address() as AddressInfo;
    try {
      const { out } = await triage(DEPLOYMENT, {
        args: RULES,
        env: { ONCALL_SERVER_HISTORY_URL: `http://127.0.0.1:${port}/mcp` },
      });
      const report = await readReport(out);
      expect(report.gaps).toContainEqual(expect.objectContaining({ server: "history" }));
      expect(report.culprit?.name).toBe("promotions");
    } finally {
      hanging.closeAllConnections();
      hanging.close();
    }
  }, 60_000);
});

describe("a recording without", () => {
  it("logs still names the culprit, with lower confidence and a gap", async () => {
    const { out } = await triage(await without("logs.ndjson.gz"), { args: RULES });
    const report = await readReport(out);
    expect(report.gaps).toContainEqual(
      expect.objectContaining({ server: "logs", why: expect.stringContaining("no logs") }),
    );
    expect(report.culprit?.name).toBe("promotions");
    expect(report.confidence.level).not.toBe("high");
  });

  it("a repository proposes nothing", async () => {
    const { out } = await triage(await without("repo.bundle", "deployments.ndjson"), { args: RULES });
    const report = await readReport(out);
    expect(report.fix.kind).toBe("none");
    expect(report.family).not.toBe("bad_deployment");
  });

  it("metrics, logs and changes is blocked, with exit code 4", async () => {
    const { out, code } = await triage(
      await without("logs.ndjson.gz", "metrics.csv.gz", "repo.bundle", "deployments.ndjson"),
      { args: RULES },
    );
    expect(code).toBe(4);
    const report = await readReport(out);
    expect(report).toMatchObject({
      outcome: "blocked",
      culprit: null,
      fix: { kind: "none", why: "neither metrics, logs nor changes could be seen" },
    });
  });
});
