import { readFile, stat } from "node:fs/promises";
import { type EvidenceKey, findEvidenceKey } from "@oncall-copilot/core";
import { checkRecording } from "@oncall-copilot/core/recording";
import { checkChain } from "../audit/chain.ts";
import { printable } from "../deliver/style.ts";
import { publicKeys, rotateKey } from "../sign/local-signer.ts";
import { openSigner } from "../sign/open-signer.ts";
import { headFileOf, readSignedHead } from "../sign/signed-head.ts";
import { readPublicKeys } from "../sign/signer.ts";
import { signatureProblem } from "../sign/statement.ts";
import { type OpenedReport, openSealedReport } from "../verify/seal.ts";
import { misquotes, verifyReport } from "../verify/verify-report.ts";
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

async function readKeys(file: string): Promise<ReturnType<typeof readPublicKeys>> {
  try {
    return readPublicKeys(await readText(file));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--public-key ${file} ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * `oncall verify REPORT.json --public-key FILE`: what somebody outside can check, with nothing but the public key: that the report is as it was
 * signed, and that its quotes stand in the evidence that it holds.
 */
async function verifySigned(file: string, publicKey: string): Promise<ExitCode> {
  const keys = await readKeys(publicKey);
  const opened = opening(file, await readText(file), undefined);
  if (typeof opened === "string") return fail([opened]);
  const { report, signed, signedAsIs } = opened;
  if (!signed) return fail([`${file}: was not signed; its gaps say why`]);
  const why = signatureProblem(signed, keys) ?? (signedAsIs ? undefined : "the report is not the one that was signed");
  const missing = misquotes(report).map((problem) => `${file}: ${problem}`);
  if (why || missing.length > 0) return fail([...(why ? [`${file}: ${why}`] : []), ...missing]);
  process.stdout.write(
    `${file}: as it was signed at ${signed.statement.signed_at} with key ${signed.key_id}; every quote stands in its evidence\n`,
  );
  return EXIT.ok;
}

function opening(file: string, text: string, key: EvidenceKey | undefined): OpenedReport | string {
  try {
    return openSealedReport(text, key);
  } catch (error) {
    return `${file}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** `oncall verify REPORT.json`: every receipt, citation and figure again, and the seal over every byte. Offline; makes no key. */
export async function verifyCommand(file: string, publicKey?: string): Promise<ExitCode> {
  if (publicKey !== undefined) return verifySigned(file, publicKey);
  const text = await readText(file);
  const key = await findEvidenceKey();
  const opened = opening(file, text, key);
  if (typeof opened === "string") return fail([opened]);
  if (!key || !opened.ours) {
    return fail([
      `${file}: made with another installation's evidence key; check its signature: oncall verify ${file} --public-key FILE, with what oncall key prints there`,
    ]);
  }
  const problems = verifyReport(opened.report, key).map(({ where, why }) => `${file}: ${where}: ${why}`);
  if (!opened.intact) problems.push(`${file}: the seal does not hold: a byte was changed since the report was made`);
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

/**
 * `oncall audit verify AUDIT.jsonl`: the whole chain, and its signed head where there is one: a chain that no longer reaches it was cut.
 * With `--public-key` the head must be there and its signature must hold.
 */
export async function auditVerifyCommand(file: string, publicKey?: string): Promise<ExitCode> {
  const { entries, head, hashes, problem } = checkChain(await readText(file));
  if (problem) return fail([`${file} line ${problem.line}: ${problem.why}`]);
  if (entries === 0) return fail([`${file}: holds no entry`]);
  const signed = await readSignedHead(file);
  if (publicKey !== undefined) {
    if (!signed) return fail([`${headFileOf(file)} is not there: nothing says where the log ended`]);
    const why = signatureProblem(signed, await readKeys(publicKey));
    if (why) return fail([`${headFileOf(file)}: ${why}`]);
  }
  if (signed && !hashes.has(signed.statement.audit_head))
    return fail([`${file}: its end was cut off: the head signed at ${signed.statement.signed_at} is not in it`]);
  process.stdout.write(
    `${file}: holds; ${entries} entries, head ${head}${signed ? ", its signed head is in it" : ""}\n`,
  );
  return EXIT.ok;
}

/** `oncall key [rotate]`: the public key that reports and audit heads are checked with, and those of before. */
export async function keyCommand(words: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<ExitCode> {
  if (words.length > 1 || (words[0] !== undefined && words[0] !== "rotate"))
    throw new UsageError("usage: oncall key [rotate]");
  const kms = env["ONCALL_SIGNING_KMS_KEY"];
  if (words[0] === "rotate") {
    if (kms) throw new UsageError("the key is in AWS KMS: make a new one there and set ONCALL_SIGNING_KMS_KEY");
    await rotateKey(env);
  }
  const { keyId, publicKey } = await openSigner(env);
  process.stdout.write(kms ? publicKey : await publicKeys(env));
  process.stderr.write(`key ${keyId}\n`);
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
