import { BadRequest } from "@oncall-copilot/core";

/** Why open_pr refuses. The word stands in the message, so that a caller can tell refusals apart. */
export type RefusalReason =
  | "no_evidence"
  | "evidence_does_not_verify"
  | "claim_does_not_hold"
  | "no_fix"
  | "outside_service"
  | "runs_code_on_merge"
  | "not_a_service_file"
  | "not_a_plain_file"
  | "too_large"
  | "holds_secret"
  | "does_not_parse"
  | "could_write_upstream"
  | "unknown_commit"
  | "cannot_revert"
  | "conflict"
  | "already_reverted"
  | "text_not_found"
  | "changes_nothing";

/** A refusal is a bad request with a reason of its own. */
export function refusal(reason: RefusalReason, message: string, tryNext: readonly string[] = []): BadRequest {
  return new BadRequest(`open_pr refuses (${reason}): ${message}`, { tryNext });
}
