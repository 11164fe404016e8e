import type { Claimed } from "../cases/case-store.ts";

/** One triage that has ended, as whoever ran it counts it. */
export interface TriageMeasure {
  readonly seconds: number;
  readonly engine: string;
  readonly outcome: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null when the model's price is not known. */
  readonly dollars: number | null;
}

/** What the headless host counts of itself. */
export interface HeadlessMetrics {
  delivered(door: string, outcome: "taken" | "ignored" | "refused" | "unauthorized" | "failed"): void;
  alert(door: string, outcome: Claimed["outcome"]): void;
  /** From the request's first byte to the answer, in seconds. */
  acknowledged(door: string, seconds: number): void;
  triaged(measure: TriageMeasure): void;
  decided(verb: string): void;
  /** In Prometheus' text format. */
  render(): Promise<{ type: string; text: string }>;
}
