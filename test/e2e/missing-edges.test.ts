import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshOut, readReport, triage } from "./oncall.ts";

const RECORDINGS = join(import.meta.dirname, "../recordings");

/** The recording's catalog without any reference to one entity, or with another word in its place. */
async function withoutEdgesTo(recording: string, name: string, instead?: string) {
  const dir = join(RECORDINGS, recording);
  const text = await readFile(join(dir, "catalog.yaml"), "utf8");
  const reference = new RegExp(`^(\\s*- \\w+:default/)${name}$\\n`, "gm");
  const catalog = join(await freshOut(), "catalog.yaml");
  await writeFile(catalog, text.replace(reference, instead === undefined ? "" : `$1${instead}\n`));
  const env = { ONCALL_CATALOG: catalog };
  const { out } = await triage(dir, { args: ["--engine", "rules", "--quiet"], env, byVariable: true });
  return readReport(out);
}

describe("a catalog that lacks the edge to the culprit", () => {
  it.each([
    ["bad-deployment-two-at-once", "pricing"],
    ["undersized-cpu-limit", "search"],
  ])("%s: logs lead there all the same, and the edge is proposed", async (recording, culprit) => {
    const report = await withoutEdgesTo(recording, culprit);
    expect(report.culprit?.name).toBe(culprit);
    expect(report.missing_edges).toContainEqual(expect.objectContaining({ to: culprit }));
    expect(report.gaps.some(({ what }) => what.endsWith(`to ${culprit}`))).toBe(true);
  });

  it("blames nobody else for sure when the reference leads nowhere", async () => {
    const report = await withoutEdgesTo("bad-deployment-slow-leak", "inventory", "inventroy");
    expect(report.gaps.map(({ why }) => why).join("\n")).toContain("inventroy leads nowhere");
    if (report.culprit?.name !== "inventory") expect(report.confidence.level).not.toBe("high");
    if (report.culprit?.name !== "inventory") expect(report.pull_request).toBeNull();
  });
});
