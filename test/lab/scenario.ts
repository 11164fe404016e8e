import type { Traffic } from "./load/traffic.ts";
import type { Change } from "./monorepo/edit.ts";
import type { InnocentCommit } from "./monorepo/innocent-commits.ts";

export type Family =
  | "bad_deployment"
  | "config_drift"
  | "undersized_hpa"
  | "expired_secret"
  | "missing_iam_permission"
  | "other"
  | "no_fault";

/** Something that happens at a moment, in seconds from the start of the recording. */
export interface Happening {
  readonly at: number;
  readonly change: Change | InnocentCommit;
  /** This is what breaks the estate. */
  readonly culprit?: boolean;
}

export interface RootCause {
  readonly service: string;
  readonly kind: "service" | "resource";
  readonly accept: readonly string[];
  readonly detail: string;
}

/** One incident to be recorded. A new one is a file like those in scenarios/ and a line in the index there. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  readonly family: Family;
  /** The alert whose delivery ends the waiting. */
  readonly alert: string;
  /** Requests a second at the storefront on an ordinary day. */
  readonly rate: number;
  readonly traffic: Traffic;
  /** When it goes wrong, in seconds from the start of the recording: all before is baseline. */
  readonly faultAt: number;
  /** Commits, in the order of their time. */
  readonly happenings: readonly Happening[];
  readonly rootCause: RootCause | null;
  /** Which files a fix changes, when there is one. */
  readonly fixFiles: readonly string[] | null;
}

/** expected.yaml: what evals compare an answer with. */
export interface Expected {
  readonly root_cause: RootCause | null;
  readonly family: Family;
  readonly injected_at: string | null;
  readonly fix: { readonly files: readonly string[]; readonly culprit_commit: string } | null;
  readonly source: string;
}
