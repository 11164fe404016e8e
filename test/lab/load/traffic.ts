/** How much comes in at a moment, as a multiple of the usual. */
export type Traffic = (secondsSinceStart: number) => number;

/** The day's slow swing, squeezed so that it shows within one recording. */
export const ORDINARY: Traffic = (seconds) => 1 + 0.08 * Math.sin((2 * Math.PI * seconds) / 1020);

/** Grows to `factor` times the usual within `rampSeconds`, and stays. */
export function peak(from: number, rampSeconds: number, factor: number): Traffic {
  return (seconds) => {
    const risen = Math.min(1, Math.max(0, (seconds - from) / rampSeconds));
    const smooth = risen * risen * (3 - 2 * risen);
    return ORDINARY(seconds) * (1 + (factor - 1) * smooth);
  };
}
