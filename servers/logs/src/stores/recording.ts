import { CouldNotLook } from "@oncall-copilot/core";
import type { Recording } from "@oncall-copilot/core/recording";
import { EventJoiner, JOIN_MS } from "../events/join.ts";
import { TWO_WAYS } from "../levels.ts";
import type { LogQuery, LogReading, LogStore, ReadOptions } from "../store.ts";
import { Tally } from "../tally.ts";
import { CoverageMeter } from "./coverage.ts";
import { LineFinder } from "./lines.ts";
import { scanPieces } from "./scan.ts";

/** Answers from a recording's `logs.ndjson.gz` in one pass, in memory that does not grow with the log. */
export function recordingLogs(recording: Recording): LogStore {
  return {
    async read(query: LogQuery, { signal, progress }: ReadOptions): Promise<LogReading> {
      const path = recording.path("logs");
      if (path === undefined) {
        throw new CouldNotLook("not_recorded", "this recording has no logs (logs.ndjson.gz)", {
          tryNext: ["read_metrics, which may have been recorded", "a recording that has logs"],
        });
      }
      const whole = { from: query.before.from, to: query.window.to };
      const meter = new CoverageMeter(whole);
      const tally = new Tally(query, (number) => recording.url("logs", `L${number}`));
      const joiner = new EventJoiner((event) => tally.add(event));
      // A stack trace may begin just before a stretch or end just after it; never look past the recording's as-of.
      const stretch = { from: whole.from - JOIN_MS, to: Math.min(whole.to + JOIN_MS, recording.asOf) };
      const finder = new LineFinder(query.service, stretch, {
        time: (at) => {
          if (at < recording.asOf) meter.saw(at);
        },
        line: (line) => joiner.push(line),
      });
      progress(`reading ${query.service}'s log`);
      for await (const piece of scanPieces(path, signal)) finder.read(piece);
      joiner.end();
      const gaps = [
        counted(finder.malformed, "lines of the log are not JSON with a time and were passed over"),
        counted(finder.ambiguous, TWO_WAYS),
        counted(finder.levelless, "lines have no known level and count as info"),
        counted(tally.overflow, "lines are of more kinds than are held apart; they are counted as one pattern"),
      ].flat();
      const coverage = { window: meter.of(query.window), before: meter.of(query.before) };
      return { ...tally.result(), url: recording.url("logs"), coverage, gaps };
    },
  };
}

const counted = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : []);
