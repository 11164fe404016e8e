import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { refusedAddress } from "../support/http/server.ts";
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
  it("is a gap in the report that says why, and the triage goes on", async () => {
    const url = `${await refusedAddress()}/mcp`;
    const { code, out } = await triage(DEPLOYMENT, {
      args: RULES,
      byVariable: true,
      env: { ONCALL_SERVER_LOGS_URL: url },
    });
    expect(code).toBe(0);
    const report = await readReport(out);
    expect(report.gaps.filter(({ server }) => server === "logs")).toEqual([
      expect.objectContaining({
        what: "everything from logs",
        why: `the server did not start: oncall-logs at ${url} refused the connection; see whether it is up, and check ONCALL_SERVER_LOGS_URL`,
      }),
    ]);
    expect(report.outcome).not.toBe("blocked");
  });

  it("is named in the progress, and not taken for a tool that nobody knows", async () => {
    const env = { ONCALL_SERVER_LOGS_URL: "http://127.0.0.1:9/mcp" };
    const { stderr } = await triage(DEPLOYMENT, { args: ["--engine", "rules"], byVariable: true, env });
    expect(stderr).toMatch(/^! logs read_logs storefront: could not look/m);
    expect(stderr).not.toMatch(/none read_logs|bad request/);
  });

  it("is not said to have no runbook that fits", async () => {
    const { stdout } = await triage(DEPLOYMENT, {
      args: RULES,
      byVariable: true,
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
        byVariable: true,
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
  it("logs still names the culprit, by what is left, with a gap", async () => {
    const { out } = await triage(await without("logs.ndjson.gz"), { args: RULES });
    const report = await readReport(out);
    expect(report.gaps).toContainEqual(
      expect.objectContaining({ server: "logs", why: expect.stringContaining("no logs") }),
    );
    expect(report.culprit?.name).toBe("promotions");
    expect(report.confidence.agreeing).not.toContain("logs");
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
