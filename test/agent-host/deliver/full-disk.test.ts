import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { AuditUnwritable, lastingTrail } from "../../../agent-host/src/audit/lasting-trail.ts";
import { writeWhole } from "../../../agent-host/src/deliver/write-whole.ts";
import { environment, PEAK } from "../../e2e/oncall.ts";

const run = promisify(execFile);
const BIN = join(import.meta.dirname, "../../../agent-host/bin/oncall.cjs");
const folder = () => mkdtemp(join(tmpdir(), "oncall-full-"));

/** The command under the system's own bound on the size of any file it writes, in KiB: a disk that takes no more. */
async function triageWithin(kib: number, recording: string, out: string) {
  const script = `ulimit -f ${kib}; exec "$@"`;
  const args = ["triage", join(recording, "alert.json"), "--recording", recording, "--engine", "rules", "--out", out];
  const command = [process.execPath, BIN, ...args, "--quiet", "--transport", "in-process"];
  const options = { env: await environment(), maxBuffer: 16 * 1024 * 1024 };
  return run("bash", ["-c", script, "bash", ...command], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe("on a full disk", () => {
  it("the message goes out, the report of before stays whole, and what was lost is said", async () => {
    const out = await folder();
    await writeFile(join(out, "report.json"), "{}\n");
    const { code, stdout, stderr } = await triageWithin(4, PEAK, out);
    expect(stdout).toContain("NO FAULT FOUND");
    expect(stdout).toContain("host: the audit log from some step on: it cannot be written (EFBIG)");
    expect(stderr).toContain("EFBIG");
    expect(code).toBe(1);
    expect(await readFile(join(out, "report.json"), "utf8")).toBe("{}\n");
    expect((await readdir(out)).filter((name) => name.startsWith("."))).toEqual([]);
  }, 200_000);
});

describe("a trail whose disk is full", () => {
  it("lets everything go on but a write", async () => {
    const tried: string[] = [];
    const trail = lastingTrail({
      append: async (type) => {
        tried.push(type);
        if (type === "tool_called") throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      },
      head: () => "",
    });
    await trail.append("alert_received", {});
    expect(trail.problem).toBeNull();
    await trail.append("tool_called", {});
    await trail.append("model_used", {});
    expect(trail.problem).toBe("ENOSPC");
    await expect(trail.append("write_begun", {})).rejects.toThrow(AuditUnwritable);
    expect(tried).toEqual(["alert_received", "tool_called"]);
  });
});

describe("a file that is replaced", () => {
  it("is whole before and after, and leaves nothing beside it", async () => {
    const place = await folder();
    const file = join(place, "report.json");
    await writeWhole(file, "one");
    await writeWhole(file, "two");
    expect(await readFile(file, "utf8")).toBe("two");
    await expect(writeWhole(join(place, "nowhere", "x"), "three")).rejects.toThrow("ENOENT");
    expect(await readdir(place)).toEqual(["report.json"]);
  });
});
