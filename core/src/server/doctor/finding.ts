import { z } from "zod";

/**
 * What a check-up looks at, in this order: is the backend configured and does its configuration make sense; can it be reached;
 * does it accept the credential; is the right data there, and how old is it; and what could the credential do beyond reading.
 */
export const CHECKS = ["configured", "reachable", "authenticated", "data", "privilege"] as const;

/** Worst first. `unknown`: it could not be told, which is neither good nor bad. */
export const STATUSES = ["failure", "warning", "unknown", "ok"] as const;

/** One thing that a check-up found of one backend. Its words may quote what a backend said: untrusted. */
export const Finding = z.strictObject({
  backend: z.string().describe("who and where: OpenSearch at https://logs.example"),
  check: z.enum(CHECKS),
  status: z.enum(STATUSES),
  message: z.string().describe("what was found, in a sentence with the figures: ages, names, rights"),
  cure: z.string().optional().describe("what to do about it, with the exact role or variable"),
});
export type Finding = z.output<typeof Finding>;

/** How a server is asked for its own check-up. */
export interface ExamineOptions {
  /** Aborts at the deadline; hand it to the backend. */
  readonly signal: AbortSignal;
  /** Catalog name of a service that must have data; the first one of the catalog that has some when undefined. */
  readonly service: string | undefined;
  /** Whether what costs money to ask may be woken: a warehouse that sleeps. A start in the background must not. */
  readonly mayWake: boolean;
}

/** The worst status among findings; `ok` when there are none. */
export function worstOf(findings: readonly Finding[]): Finding["status"] {
  return STATUSES.find((status) => findings.some((finding) => finding.status === status)) ?? "ok";
}
