/** An answer that is none: the caller's own error, or what the callee said. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly status: number;
  /** How the caller's log names it: `Read timed out`, `connect: connection refused`. */
  readonly reason: string;
  readonly callee: string | undefined;

  constructor(status: number, reason: string, callee?: string) {
    super(reason);
    this.status = status;
    this.reason = reason;
    this.callee = callee;
  }
}

export const failureOf = (error: unknown): Failure =>
  error instanceof Failure ? error : new Failure(500, error instanceof Error ? error.message : String(error));
