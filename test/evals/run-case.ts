import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EvidenceKey, Report } from "@oncall-copilot/core";
import { type Expected, readExpected } from "./expected.ts";
import { type Score, score } from "./score.ts";

const run = promisify(execFile);
const ONCALL = join(import.meta.dirname, "../../agent-host/bin/oncall.cjs");

export interface CaseResult {
  readonly name: string;
  readonly expected: Expected;
  readonly report: Report;
  readonly score: Score;
}

/** The recordings in a folder: its subfolders that hold an alert and what to expect of it. */
export async function casesIn(set: string): Promise<string[]> {
  const folders = (await readdir(set, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(set, name));
  const complete = await Promise.all(
    folders.map((folder) =>
      Promise.all([access(join(folder, "alert.json")), access(join(folder, "expected.yaml"))]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return folders.filter((_, index) => complete[index]).sort();
}

/** One recording through the real command, with its servers as child processes. */
export async function runCase(recording: string, engine: string): Promise<CaseResult> {
  const expected = await readExpected(recording);
  const bytes = randomBytes(32);
  const out = await mkdtemp(join(tmpdir(), "oncall-eval-"));
  try {
    const args = [
      ONCALL,
      "triage",
      join(recording, "alert.json"),
      "--recording",
      recording,
      "--engine",
      engine,
      "--out",
      out,
      "--json",
      "--quiet",
    ];
    const env = { ...process.env, ONCALL_EVIDENCE_KEY: bytes.toString("hex") };
    // Exit code 4 is a report too: it says that nothing could be seen.
    const { stdout } = await run(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 }).catch(
      (error: { code?: number; stdout?: string; stderr?: string }) => {
        if (error.code === 4 && error.stdout) return { stdout: error.stdout };
        throw new Error(`${recording}: ${error.stderr ?? String(error)}`);
      },
    );
    const { seal: _, ...sealed } = JSON.parse(stdout) as Record<string, unknown>;
    const report = Report.parse(sealed);
    return {
      name: recording.split("/").pop() ?? recording,
      expected,
      report,
      score: score(report, expected, new EvidenceKey(bytes)),
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
