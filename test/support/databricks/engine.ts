/** A statement as the front took it off the wire. */
export interface Statement {
  readonly sql: string;
  /** By name; null for a parameter that came without a value. */
  readonly args: Readonly<Record<string, string | number | boolean | null>>;
  /** The session's configuration. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface Problem {
  readonly message: string;
  readonly sqlState?: string | null;
  readonly cancelled?: boolean;
}

export type Outcome = Table | { readonly error: Problem };

/** What runs the statements behind the front: real Spark, or answers that a test made up. */
export interface Engine {
  /** The signal aborts when the statement is cancelled; then it still has to come to an end. */
  execute(statement: Statement, abort: AbortSignal): Promise<Outcome>;
}
