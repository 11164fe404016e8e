import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEPLOYMENT, environment, oncall, triage } from "./oncall.ts";

const HOSTILE = "\u001b[2J\u009b1m\u202e";
const controls = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u;

async function file(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "oncall-hostile-")), name);
  await writeFile(path, text);
  return path;
}

describe("a file that a stranger sent", () => {
  it.each([
    ["an alert that is not JSON", "alert.json", `${HOSTILE} not json`],
    ["an alert of a strange kind", "alert.json", JSON.stringify({ alerts: HOSTILE, groupKey: [HOSTILE] })],
  ])("cannot draw on the terminal: %s", async (_what, name, text) => {
    const ran = await oncall(
      ["triage", await file(name, text), "--recording", DEPLOYMENT, "--engine", "rules"],
      await environment(),
    );
    expect(ran.code).toBe(2);
    expect(ran.stderr).not.toMatch(controls);
  });

  it("cannot draw on the terminal: a report whose claims were changed", async () => {
    const { out, env } = await triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet"] });
    const report = JSON.parse(await readFile(join(out, "report.json"), "utf8"));
    report.diagnosis.text = `${HOSTILE} 77 % of it`;
    const ran = await oncall(["verify", await file("report.json", JSON.stringify(report))], env);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain("77 % of it");
    expect(ran.stderr).not.toMatch(controls);
  });

  it("cannot draw on the terminal: a recording with strange lines", async () => {
    const folder = await file("catalog.yaml", `kind: Component\nmetadata: {name: "a", title: ["${"\\e[2J"}"]}\n`);
    const ran = await oncall(["recording", "check", join(folder, "..")], await environment());
    expect(ran.code).toBe(3);
    expect(ran.stderr).not.toMatch(controls);
  });
});
