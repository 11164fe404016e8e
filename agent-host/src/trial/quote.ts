import { type Citation, type Evidence, headingOf } from "@oncall-copilot/core";
import type { Change } from "../tools/answers.ts";
import { tellingShare } from "./witness.ts";

export const cite = (evidence: Evidence, quote: string): Citation => ({ id: evidence.id, quote });

/** The line of a commit's diff that the trouble has words of, where it is shown; else the line that says what it is. */
export function citable(change: Change): string {
  const { text } = change.evidence;
  const line = tellingShare(change)?.line;
  return line !== undefined && line !== "" && text.includes(line) ? line : headingOf(change.evidence);
}
