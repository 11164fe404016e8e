/** One row, as its backend keeps it. */
export interface ExampleRow {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Verbatim: a stranger may have written it. */
  readonly text: string;
  /** Where a person sees the same. */
  readonly url: string;
}

export interface ExampleReading {
  /** Newest first, at most as many as were asked for. */
  readonly rows: readonly ExampleRow[];
  /** How many there are in the window. */
  readonly total: number;
}

/** The port: what the tool needs from a backend, and no more. */
export interface ExampleStore {
  /** What it is, for a message. */
  readonly name: string;
  /**
   * The service's rows from `from` to `to`, in epoch milliseconds. Throws CouldNotLook when they cannot be read, and returns
   * nothing later than `to`.
   */
  read(service: string, from: number, to: number, limit: number, signal: AbortSignal): Promise<ExampleReading>;
}
