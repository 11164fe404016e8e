import type { Window } from "@oncall-copilot/core";
import type { LogQuery, LogReading } from "../store.ts";

/** A time before that holds less than this share of what the window holds is no baseline. */
const MIN_SHARE = 0.25;

/** The share of what there is that becomes the time before: the earliest part, since an incident is near the end. */
const BASELINE_SHARE = 1 / 3;

/**
 * Where a window that nobody asked for in particular had better begin, in epoch milliseconds: after the first third of
 * the time that there is a log for, when the log begins so late that the window would have nothing to be compared with.
 * Undefined when the window is fine as it is.
 */
export function betterStart(query: LogQuery, { coverage }: Pick<LogReading, "coverage">): number | undefined {
  const { window, before } = coverage;
  if (window.covered === 0 || before.covered >= MIN_SHARE * window.covered) return undefined;
  const recorded = apartFrom({ from: query.before.from, to: query.window.to }, [...before.holes, ...window.holes]);
  let left = (window.covered + before.covered) * BASELINE_SHARE;
  for (const { from, to } of recorded) {
    if (to - from >= left) return Math.ceil((from + left) / 1000) * 1000;
    left -= to - from;
  }
  return undefined;
}

/** What is left of a stretch without its holes, which are in order. */
function apartFrom(stretch: Window, holes: readonly Window[]): Window[] {
  const parts: Window[] = [];
  let from = stretch.from;
  for (const hole of holes) {
    if (hole.from > from) parts.push({ from, to: hole.from });
    from = Math.max(from, hole.to);
  }
  if (from < stretch.to) parts.push({ from, to: stretch.to });
  return parts;
}
