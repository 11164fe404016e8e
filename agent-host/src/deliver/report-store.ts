import type { Report } from "@oncall-copilot/core";

/** A finished report and its bytes: what is kept and what is sent are the same. */
export interface MadeReport {
  readonly report: Report;
  /** `report.json`, sealed. */
  readonly json: string;
}

/** Where a kept report can be read: paths or addresses. */
export interface ReportPlaces {
  readonly report: string;
  readonly markdown: string;
  /** The pull request's whole diff; null where none was opened. */
  readonly diff: string | null;
}

export interface KeptReport {
  /** SHA-256 of `report.json`, hexadecimal: what a decision is bound to. */
  readonly sha256: string;
  readonly places: ReportPlaces;
}

/** The port for finished reports. A later report of the same incident replaces the earlier one whole. */
export interface ReportStore {
  keep(made: MadeReport): Promise<KeptReport>;
}
