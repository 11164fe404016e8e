import { cp, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { DEPLOYMENT, freshOut, oncall, type Ran, readReport, triage } from "./oncall.ts";

let first: Ran & { readonly out: string; readonly env: NodeJS.ProcessEnv };
beforeAll(async () => {
  first = await triage(DEPLOYMENT, { args: ["--engine", "rules", "--quiet"] });
}, 120_000);

const live = (recording: string) =>
  oncall(["verify", "--live", join(first.out, "report.json"), "--recording", recording], first.env);

describe("oncall verify --live", () => {
  it("finds that sources which have not changed still say the same of every cited item", async () => {
    const { code, stdout, stderr } = await live(DEPLOYMENT);
    expect(code, `${stdout}${stderr}`).toBe(0);
    const cited = (await readReport(first.out)).evidence.filter(({ id }) => !id.startsWith("a")).length;
    expect(stdout).toContain(`of ${cited} cited items ${cited} still say the same, 0 differ, 0 have expired`);
  });

  it("tells what differs, what has expired, and what could not be asked for", async () => {
    const other = join(await freshOut(), basename(DEPLOYMENT));
    await cp(DEPLOYMENT, other, { recursive: true, filter: (source) => !source.includes("runbooks") });
    const file = join(other, "logs.ndjson.gz");
    const lines = gunzipSync(await readFile(file))
      .toString()
      .split("\n");
    await writeFile(file, gzipSync(lines.filter((line) => !line.includes('"error"')).join("\n")));
    const { code, stdout } = await live(other);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^l\S+ (?:expired|DIFFERS)/m);
    expect(stdout).toMatch(/^r\S+ not told/m);
    expect(stdout).toMatch(/^m\S+ still says the same/m);
  });

  it("needs the audit log beside the report, since that tells what was asked", async () => {
    const alone = join(await freshOut(), "report.json");
    await cp(join(first.out, "report.json"), alone);
    const { code, stderr } = await oncall(["verify", "--live", alone, "--recording", DEPLOYMENT], first.env);
    expect(code).toBe(2);
    expect(stderr).toContain("audit.jsonl");
  });
});
