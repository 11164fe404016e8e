import type { Finding } from "./finding.ts";

const MARKS: Readonly<Record<Finding["status"], string>> = { ok: "ok", warning: "WARN", failure: "FAIL", unknown: "?" };

/** Findings for a terminal, a line each with its cure below it. Control characters become visible: backends may say anything. */
export function shownFindings(findings: readonly Finding[]): string {
  let backend = "";
  const lines: string[] = [];
  for (const finding of findings) {
    if (finding.backend !== backend) lines.push(oneLine(finding.backend));
    backend = finding.backend;
    lines.push(`  ${MARKS[finding.status].padEnd(4)} ${finding.check.padEnd(13)} ${oneLine(finding.message)}`);
    if (finding.cure) lines.push(`       ${"".padEnd(13)} cure: ${oneLine(finding.cure)}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

const oneLine = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
