/**
 * Signals that tell the same thing of a service: the quantiles and the mean of one latency, one resource in two units. They
 * are no independent evidence, and one of them is enough to show.
 */
export function familyOf(signal: string): string {
  return signal
    .replace(/_?(?:p\d{2,4}|avg|mean|max)(?=_|$)/g, "")
    .replace(/_(?:cores|ratio|bytes|seconds|percent)$/, "");
}
