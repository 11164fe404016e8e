/** Clocks this far apart hide the newest samples or make them seem late. */
const SKEW_MS = 30_000;

/** What there is to say when this machine's clock differs from a backend's by so many milliseconds. */
export function skewGaps(name: string, skewMs: number | undefined): string[] {
  if (skewMs === undefined || Math.abs(skewMs) < SKEW_MS) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const way = skewMs > 0 ? "ahead of" : "behind";
  return [`this machine's clock is ${seconds} s ${way} the one of ${name}: the newest samples may be missing`];
}
