import type { Claim, ProposedFix } from "@oncall-copilot/core";
import type { Seen } from "../seen.ts";

/** What is proposed, and the claims that only it rests on. */
export interface Remedy {
  readonly fix: ProposedFix;
  readonly claims: readonly Claim[];
}

export function noFixBecause(why: string): ProposedFix {
  return { kind: "none", service: null, commit: null, edits: [], title: "", why, verify: "" };
}

/** What to watch after the roll-out. */
export function verifyBy(name: string, { service }: Seen): string {
  const whom = name === service ? name : `${name} and ${service}`;
  return `Watch ${whom} after the roll-out: the signals should return to their usual range, and the alert should resolve.`;
}
