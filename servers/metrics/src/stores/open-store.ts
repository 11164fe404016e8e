import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { MetricsStore } from "../store.ts";

/** A live backend as the server holds it. */
export interface OpenStore {
  readonly store: MetricsStore;
  /** Reads what the catalog says of it. Throws ConfigError when that is wrong. */
  check(): void;
  /** See ServerDefinition. */
  examine(options: ExamineOptions): Promise<readonly Finding[]>;
  close(): Promise<void>;
}
