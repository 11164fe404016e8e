import { codeOfError } from "./audit-problem.ts";
import type { AuditTrail, AuditType } from "./audit-trail.ts";

/** Nothing is written to anybody's systems that is not on the trail first. */
export class AuditUnwritable extends Error {
  override readonly name = "AuditUnwritable";
}

/** A trail that outlives its disk, and what it lost. */
export interface LastingTrail extends AuditTrail {
  /** Why the first entry that was lost could not be written; null while every entry is there. */
  readonly problem: string | null;
}

/**
 * Keeps a triage going when its trail cannot be written: a full disk must not keep the message from the engineer. What is lost is told in
 * the report, and from then on nothing that writes may begin.
 */
export function lastingTrail(trail: AuditTrail): LastingTrail {
  let problem: string | null = null;
  return {
    get problem() {
      return problem;
    },
    append: async (type: AuditType, data) => {
      if (problem === null) {
        try {
          await trail.append(type, data);
          return;
        } catch (error) {
          problem = codeOfError(error);
        }
      }
      if (type === "write_begun") throw new AuditUnwritable(`the audit log cannot be written (${problem})`);
    },
    head: () => trail.head(),
  };
}

/** Where no trail could even be opened. */
export function lostTrail(why: string): AuditTrail {
  return {
    append: () => Promise.reject(new Error(why)),
    head: () => "",
  };
}
