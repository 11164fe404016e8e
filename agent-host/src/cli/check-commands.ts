import { readFile, stat } from "node:fs/promises";
import { loadEvidenceKey } from "@oncall-copilot/core";
import { checkRecording } from "@oncall-copilot/core/recording";
import { checkChain } from "../audit/chain.ts";
import { printable } from "../deliver/style.ts";
import { openSealedReport } from "../verify/seal.ts";
import { verifyReport } from "../verify/verify-report.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`);
  }
}

function fail(lines: readonly string[]): ExitCode {
  for (const line of lines) process.stderr.write(`${printable(line)}\n`);
  return EXIT.problems;
}

/** `oncall verify REPORT.json`: every receipt, citation and figure again, and the seal over every byte. Offline. */
export async function verifyCommand(file: string): Promise<ExitCode> {
  const text = await readText(file);
  const key = await loadEvidenceKey();
  let opened: ReturnType<typeof openSealedReport>;
  try {
    opened = openSealedReport(text, key);
  } catch (error) {
    return fail([`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const problems = verifyReport(opened.report, key).map(({ where, why }) => `${file}: ${where}: ${why}`);
  if (!opened.intact)
    problems.push(
      `${file}: the seal does not hold: a byte was changed since the report was made, or another installation made it`,
    );
  if (problems.length > 0) return fail(problems);
  const { report } = opened;
  const claims = [
    ...(report.diagnosis ? [report.diagnosis] : []),
    ...report.claims,
    ...report.ruled_out.map(({ because }) => because),
  ];
  const citations = claims.reduce((sum, claim) => sum + claim.supports.length + claim.contradicts.length, 0);
  process.stdout.write(
    `${file}: holds; ${report.evidence.length} evidence items, ${claims.length} claims, ${citations} citations checked\n`,
  );
  return EXIT.ok;
}

/** `oncall audit verify AUDIT.jsonl`: the whole chain. Prints its head, which shows whether the end was cut off. */
export async function auditVerifyCommand(file: string): Promise<ExitCode> {
  const { entries, head, problem } = checkChain(await readText(file));
  if (problem) return fail([`${file} line ${problem.line}: ${problem.why}`]);
  if (entries === 0) return fail([`${file}: holds no entry`]);
  process.stdout.write(`${file}: holds; ${entries} entries, head ${head}\n`);
  return EXIT.ok;
}

/** `oncall recording check DIR`: every file of a recording against the format. */
export async function recordingCheckCommand(dir: string): Promise<ExitCode> {
  const isFolder = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UsageError(`${dir} is not a folder`);
  const problems = await checkRecording(dir);
  for (const { file, line, message, severity } of problems) {
    process.stderr.write(`${severity}: ${file}${line === undefined ? "" : ` line ${line}`}: ${printable(message)}\n`);
  }
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (errors > 0) return EXIT.problems;
  process.stdout.write(
    `${dir}: a recording that every server can answer from${problems.length > 0 ? ` (${problems.length} warnings)` : ""}\n`,
  );
  return EXIT.ok;
}
