/** A figure that the project promises, held against what was measured. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly most: number;
}

/** What one part of the benchmark found. */
export interface Section {
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly about: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly goals: readonly Goal[];
}

export interface BenchOptions {
  /** Measured runs of each case, interleaved with the others'. */
  readonly runs: number | undefined;
  /** Says on stderr what is being done. */
  progress(message: string): void;
}
