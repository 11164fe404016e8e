import type { AlsoFound, Candidate, Catalog, Draft, Evidence, Failure, Incident } from "@oncall-copilot/core";
import type { Toolbox } from "../tools/toolbox.ts";
import type { Trial } from "../trial/trial.ts";

/** What an engine is given: an incident, the tools that only read, and nothing that writes. */
export interface Investigation {
  readonly incident: Incident;
  /** The alert as an evidence item, which can be cited like any other. */
  readonly alert: Evidence;
  /** The catalog name of the alert's service, or null when no name fits. */
  readonly service: string | null;
  /** Epoch milliseconds; no tool looks past it. */
  readonly asOf: number;
  /** The services there are, with the edges that logs read so far were seen to lack in the catalog. */
  readonly catalog: Catalog;
  readonly toolbox: Toolbox;
  readonly signal: AbortSignal;
  /** Which citations, claims and figures of a draft would be cut. Code checks again when the engine is done. */
  check(draft: Draft): readonly Failure[];
  /**
   * How the commits stand that could be why `culprit` fails, each cleared or kept; undefined when changes cannot be seen. The same is
   * asked when the engine is done, so a fix that it does not bear out is not proposed.
   */
  trial(culprit: string): Promise<Trial | undefined>;
  /** For the person who waits. */
  progress(message: string): void;
  /** For the audit log: each request to a model, when it has ended, however it ended. */
  requested?(request: ModelRequest): void;
  /** For the audit log: a tool that was asked for and may not be used. */
  refused?(tool: string): void;
}

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cached_input_tokens: number;
}

/** A request to a model, for the audit log: never a prompt or a secret. */
export type ModelRequest = Readonly<Record<string, string | number | boolean | null>>;

export interface EngineResult {
  /** Null when the engine could not even make a partial one. */
  readonly draft: Draft | null;
  /** The commits that were put on trial, where the engine did so. */
  readonly candidates?: readonly Candidate[];
  /** Second live faults that do not explain the page. */
  readonly alsoFound?: readonly AlsoFound[];
  readonly model: string | null;
  /** False when a budget ran out or the model failed before the engine was done. */
  readonly complete: boolean;
  /** What the reader of the report should know about how the engine fared. */
  readonly note: string | null;
  readonly usage: Usage;
  readonly requests: readonly ModelRequest[];
}

/** The model's service cannot be used at all, so that another engine should take over. The message says why. */
export class EngineUnavailable extends Error {
  override readonly name = "EngineUnavailable";
  /** Whether it may well be back in a while: overloaded, limited, unreachable; not a wrong key or a refusal. */
  readonly passing: boolean;
  /** How long it asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    { passing = false, retryAfterMs = null }: { passing?: boolean; retryAfterMs?: number | null } = {},
  ) {
    super(message);
    this.passing = passing;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Engine {
  readonly name: "claude" | "rules";
  /** @throws EngineUnavailable when another engine should take over. */
  investigate(investigation: Investigation): Promise<EngineResult>;
}

export const NO_USAGE: Usage = { input_tokens: 0, output_tokens: 0, cached_input_tokens: 0 };
