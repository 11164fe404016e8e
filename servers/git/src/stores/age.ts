import { formatDuration } from "@oncall-copilot/core";

/** How old something is that happened `at`, in words; both epoch milliseconds. NaN is of an unknown age. */
export function ageOf(at: number, now: number): string {
  return Number.isNaN(at) ? "of an unknown age" : `${formatDuration(Math.max(0, now - at))} old`;
}
