/** A stretch of time in epoch milliseconds, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const isWithin = (at: number, spans: readonly Span[]): boolean =>
  spans.some(({ from, to }) => at >= from && at <= to);
