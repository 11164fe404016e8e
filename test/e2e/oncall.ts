import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Report } from "@oncall-copilot/core";
import { z } from "zod";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const BIN = join(ROOT, "agent-host/bin/oncall.cjs");

export const DEPLOYMENT = join(ROOT, "test/recordings/bad-deployment-three-hops");
export const PEAK = join(ROOT, "test/recordings/healthy-peak");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One key for a test file: what one command minted, another verifies. */
export const EVIDENCE_KEY = randomBytes(32).toString("hex");

/** A home of its own, no key of the machine's, and nothing else inherited but the path. */
export async function environment(more: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const home = await mkdtemp(join(tmpdir(), "oncall-home-"));
  return { PATH: process.env["PATH"], HOME: home, ONCALL_EVIDENCE_KEY: EVIDENCE_KEY, ...more };
}

/** The `oncall` command as a user runs it. */
export async function oncall(args: readonly string[], env: NodeJS.ProcessEnv, cwd = ROOT): Promise<Ran> {
  try {
    const { stdout, stderr } = await run(process.execPath, [BIN, ...args], {
      env,
      cwd,
      maxBuffer: 64 * 1024 * 1024,
      timeout: 90_000,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: number | string; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { code, stdout, stderr };
  }
}

export const freshOut = () => mkdtemp(join(tmpdir(), "oncall-out-"));

export async function readReport(out: string): Promise<Report> {
  // Without what it is signed and sealed by.
  return z.object(Report.shape).parse(JSON.parse(await readFile(join(out, "report.json"), "utf8")));
}

/** A triage of a recording into a fresh folder; `byVariable` leaves it to the environment, where other backends count too. */
export async function triage(
  recording: string,
  options: { env?: NodeJS.ProcessEnv; args?: readonly string[]; out?: string; byVariable?: boolean } = {},
) {
  const out = options.out ?? (await freshOut());
  const env = await environment({ ...options.env, ...(options.byVariable ? { ONCALL_RECORDING: recording } : {}) });
  const args = [
    "triage",
    join(recording, "alert.json"),
    ...(options.byVariable ? [] : ["--recording", recording]),
    "--out",
    out,
    ...(options.args ?? []),
  ];
  const ran = await oncall(args, env);
  return { ...ran, out, env };
}
