import { type Catalog, type Mark, namesIn, type Window } from "@oncall-copilot/core";
import type { LogReading } from "../store.ts";
import { type Labelled, labelOf } from "./labels.ts";

/** What a pattern is seen against. */
export interface Scene {
  readonly service: string;
  readonly window: Window;
  /** Parts of the window: a pattern without a line in the last of them has ended. */
  readonly buckets: number;
  readonly catalog: Catalog;
}

/** Most others that a line is said to name. */
const MAX_PEERS = 3;

/** Levels whose lines say that something fails. */
const isTrouble = (level: Labelled["level"]) => level === "error" || level === "warn";

/** What a pattern shows: trouble only when it is new or rising, since what a service always says explains no page. */
export function patternMark(pattern: Labelled, { service, window, buckets, catalog }: Scene): Mark {
  const { label, level, first, last } = pattern;
  const shows = isTrouble(level) ? "failing" : "unusual";
  const peers = namesIn(pattern.sample.text, catalog).filter((name) => name !== service);
  const part = (window.to - window.from) / buckets;
  const to = last < window.to - part ? last : undefined;
  switch (label) {
    case "new":
      return { shows, of: label, peers: peers.slice(0, MAX_PEERS), from: first, to };
    case "rising":
      // Its first line may be of long ago: when it rose is not known, but that it had by the window.
      return { shows, of: label, peers: peers.slice(0, MAX_PEERS), from: window.from, to };
    case "steady":
      return { shows: "usual", of: label };
    case "gone":
      return { shows: "absent", of: label, from: last };
    case "uncompared":
      return { shows: "state", of: label, from: first, to };
  }
}

/** What the counts by level show, for the two levels that tell of trouble; each is the whole item's. */
export function levelMarks({ counts, coverage }: LogReading): Mark[] {
  const exposure = { window: coverage.window.covered, before: coverage.before.covered };
  return (["error", "warn"] as const).flatMap((level): Mark[] => {
    const pattern = { count: counts.window[level], before: counts.before[level] };
    const lines = Object.values(counts.window).reduce((sum, count) => sum + count, 0);
    if (pattern.count === 0 && pattern.before === 0)
      return level === "error" ? [{ shows: "absent", of: level, over: lines }] : [];
    const label = labelOf(pattern, exposure);
    // When it rose within the window is not known: only its patterns' first lines tell.
    if (label === "new" || label === "rising") return [{ shows: level === "error" ? "failing" : "unusual", of: level }];
    if (label === "steady") return [{ shows: "usual", of: level }];
    return [{ shows: label === "gone" ? "absent" : "state", of: level }];
  });
}
