import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const RECORDING = join(ROOT, "test/recordings/bad-deployment-own-conflict");

describe("the image's steps, in a folder in place of an image", () => {
  let folder: string;
  let app: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "oncall-image-"));
    app = join(folder, "app");
    const source = join(folder, "src");
    await mkdir(source);
    await run("sh", ["-c", 'git -C "$0" archive HEAD | tar -x -C "$1"', ROOT, source]);
    await rm(join(source, "test"), { recursive: true });
    await run(join(source, "deploy/docker/steps.sh"), [source, app], { maxBuffer: 1 << 26 });
    await rm(source, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("make a host that triages with its servers as processes, with nothing beside them", async () => {
    const out = join(folder, "out");
    const args = ["agent-host/bin/oncall.cjs", "triage", join(RECORDING, "alert.json"), "--recording", RECORDING];
    await run(process.execPath, [...args, "--engine", "rules", "--out", out, "--quiet"], {
      cwd: app,
      env: { PATH: process.env["PATH"], HOME: folder, ONCALL_EVIDENCE_KEY: "0".repeat(64) },
    });
    const report = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as { gaps: { what: string }[] };
    expect(report.gaps.filter(({ what }) => what.startsWith("everything from"))).toEqual([]);
  });

  it("bring nothing that only development needs", async () => {
    const { stdout } = await run("ls", [join(app, "node_modules")]);
    expect(stdout.split("\n")).not.toContain("vitest");
    expect(stdout.split("\n")).not.toContain("typescript");
  });

  it("are what the Dockerfile runs, on an exact base, without root", async () => {
    const dockerfile = await readFile(join(ROOT, "Dockerfile"), "utf8");
    expect(dockerfile).toContain("RUN deploy/docker/steps.sh /src /app");
    expect(dockerfile).toMatch(/^ARG NODE=node:\d+\.\d+\.\d+-[\w-]+$/m);
    expect(dockerfile).toMatch(/^USER 65532:65532$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node"\]$/m);
  });
});
