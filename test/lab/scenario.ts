import type { Intervention } from "./estate/interventions.ts";
import type { Traffic } from "./load/traffic.ts";
import type { Change } from "./monorepo/edit.ts";
import type { InnocentCommit } from "./monorepo/innocent-commits.ts";
import type { PastCommit } from "./monorepo/past-commits.ts";

export type Family =
  | "bad_deployment"
  | "config_drift"
  | "undersized_hpa"
  | "expired_secret"
  | "missing_iam_permission"
  | "other"
  | "no_fault";

/** Something that happens at a moment, in seconds from the start of the recording. */
export type Happening = Commit | Act;

export interface Commit {
  readonly at: number;
  readonly change: Change | InnocentCommit;
  /** This is what breaks the estate. */
  readonly culprit?: boolean;
}

/** What nobody committed. */
export interface Act {
  readonly at: number;
  readonly act: Intervention;
}

/** A past of the repository that only one scenario has. */
export interface ScenarioPast {
  readonly commits: readonly PastCommit[];
  /** The one that broke the estate, though it took until tonight to show. */
  readonly culprit?: string;
}

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
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
  /** Alerts that this traffic brings about by itself, however well it is served: no fix ends them, and none is to blame for them. */
  readonly alertsOfTraffic?: readonly string[];
  /** When it goes wrong, in seconds from the start of the recording: all before is baseline. */
  readonly faultAt: number;
  /** How the repository differs from the template when the recording begins. */
  readonly past?: (begins: Date) => ScenarioPast;
  /** Secrets that run out, at seconds from the start of the recording. */
  readonly expiries?: Readonly<Record<string, number>>;
  /** Alerting rules that only this estate has, as Prometheus takes them. */
  readonly rules?: readonly Rule[];
  /** Commits and what else happens, in the order of their time. */
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
  readonly fix: { readonly files: readonly string[]; readonly culprit_commit: string | null } | null;
  readonly source: string;
}
