import type { Catalog, Incident } from "@oncall-copilot/core";
import type { Case } from "./case.ts";
import type { CaseTable } from "./case-table.ts";

/** What a claim needs besides the incident. */
export interface ClaimParts {
  readonly table: CaseTable;
  readonly catalog: Catalog;
  readonly now: () => number;
  readonly mode: Case["mode"];
  readonly live: readonly string[];
  /** How long everything about a case is kept, in milliseconds. */
  readonly keepMs: number;
  /** One at a time in this process: what the storm's item decides. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** An alert at the moment it is claimed. */
export interface Arrived {
  readonly incident: Incident;
  readonly service: string | null;
  readonly start: number;
  readonly receivedAt: number;
}

/** Which case an alert goes to, and how it got there. */
export interface Destination {
  readonly id: string;
  readonly outcome: "new" | "folded" | "back";
  readonly backOf: string | null;
  readonly widespread: boolean;
}
