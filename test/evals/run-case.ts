import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { EvidenceKey, Report } from "@oncall-copilot/core";
import { type Expected, readExpected } from "./expected.ts";
import { asOf, LAST_MOMENT, type Moment } from "./moments.ts";
import { readReplays, worked } from "./replays.ts";
import { type Score, score } from "./score.ts";
import { type RemovablePart, withoutParts } from "./without-parts.ts";

const run = promisify(execFile);
const ONCALL = join(import.meta.dirname, "../../agent-host/bin/oncall.cjs");
/** What a triage writes that a reader may want to see. */
const KEPT = ["report.md", "report.json", "pull-request.diff"];

export interface CaseResult {
  readonly name: string;
  readonly recording: string;
  readonly moment: Moment;
  readonly expected: Expected;
  readonly report: Report;
  readonly score: Score;
}

export interface RunOptions {
  readonly engine: string;
  /** The moment that the report stands for; default: five minutes after the alert. */
  readonly moment?: Moment | undefined;
  /** Whether the servers are processes of their own (default), or run in the command's. */
  readonly transport?: "child" | "in-process" | undefined;
  /** Parts of the recording that the servers are not given. */
  readonly without?: readonly RemovablePart[] | undefined;
  /** What the triage's environment gets on top. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Default: one of its own. */
  readonly evidenceKey?: Buffer | undefined;
  /** Folder to keep the report in; it is made. */
  readonly keep?: string | undefined;
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

/** One recording through the real command, as of a moment. Throws when there is no report. */
export async function runCase(recording: string, options: RunOptions): Promise<CaseResult> {
  const expected = await readExpected(recording);
  const { engine, without = [], keep, evidenceKey: bytes = randomBytes(32), moment = LAST_MOMENT } = options;
  const work = await mkdtemp(join(tmpdir(), "oncall-eval-"));
  try {
    const given = without.length === 0 ? recording : await withoutParts(recording, without, work);
    const out = join(work, "out");
    const { stdout, stderr } = await triage(given, out, options, {
      ...options.env,
      ONCALL_EVIDENCE_KEY: bytes.toString("hex"),
      ONCALL_AS_OF: await asOf(recording, moment),
    });
    const { seal: _, signed: __, sealed_by: ___, ...sealed } = JSON.parse(stdout) as Record<string, unknown>;
    const report = Report.parse(sealed);
    const replays = await readReplays();
    const works = (diff: string) => worked(replays, basename(recording), diff);
    const written = [stdout, stderr, ...(await textsIn(out))].join("\n");
    // A model that is not to be had makes the command fall back; its figures must not pass for the other engine's.
    if (report.engine.name !== engine)
      throw new Error(`${recording}: ${report.engine.note ?? "another engine answered"}`);
    if (keep !== undefined) await keepReport(out, keep);
    return {
      name: basename(recording),
      recording,
      moment,
      expected,
      report,
      score: score(report, expected, new EvidenceKey(bytes), written, works),
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function triage(
  recording: string,
  out: string,
  { engine, transport = "child" }: RunOptions,
  more: Readonly<Record<string, string>>,
) {
  const alert = join(recording, "alert.json");
  const how = ["--recording", recording, "--engine", engine, "--transport", transport];
  const args = [ONCALL, "triage", alert, ...how, "--out", out, "--json"];
  const env = { ...process.env, ...more };
  return run(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: { code?: number; stdout?: string; stderr?: string }) => {
      // Exit code 4 is a report too: it says that nothing could be seen.
      if (error.code === 4 && error.stdout) return { stdout: error.stdout, stderr: error.stderr ?? "" };
      throw new Error(`${recording}: ${error.stderr ?? String(error)}`);
    },
  );
}

/** The texts of the files that a triage left, but for the clone it works in. */
async function textsIn(out: string): Promise<string[]> {
  const files = (await readdir(out, { withFileTypes: true })).filter((entry) => entry.isFile());
  return Promise.all(files.map(({ name }) => readFile(join(out, name), "utf8")));
}

async function keepReport(out: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of KEPT) {
    await rm(join(folder, file), { force: true });
    await copyFile(join(out, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}
