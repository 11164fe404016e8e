import { BadRequest, type Catalog, resolveWindow, type Window } from "@oncall-copilot/core";
import { type AnyTool, defineTool, type ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";
import { readCursor, timesOf, writeCursor } from "./answer/cursor.ts";
import { levelsItem } from "./answer/items.ts";
import { rank } from "./answer/labels.ts";
import { LogAnswer, renderLogAnswer, type ShownPattern } from "./answer/output.ts";
import { fillPage } from "./answer/page.ts";
import { betterStart } from "./answer/start.ts";
import { gapsOf, nothingFound, nothingRecorded, summary } from "./answer/summary.ts";
import { second } from "./answer/words.ts";
import { LEVELS, type Level, readLevel } from "./levels.ts";
import type { LogQuery, LogReading, LogStore } from "./store.ts";

const MINUTE = 60_000;
const LIMITS = { defaultMs: 15 * MINUTE, maxMs: 24 * 60 * MINUTE };
/** Into how many parts the window is counted. */
const BUCKETS = 10;

const input = z.strictObject({
  service: z.string().describe("catalog name"),
  from: z.string().optional().describe("RFC 3339 or relative, e.g. -30m"),
  to: z.string().optional().describe("default now"),
  level: z.string().max(20).optional().describe("error, warn, info or debug: this level and worse"),
  contains: z.string().min(1).max(200).optional().describe("case-insensitive substring"),
  cursor: z.string().optional().describe("`more` of the page before, with the same arguments"),
});
type Asked = Omit<z.output<typeof input>, "level"> & { readonly level: Level | undefined };

/** Senders spell levels in many ways, and so do those who ask. */
function levelOf(given: string | undefined): Level | undefined {
  const level = given === undefined ? undefined : readLevel(given);
  if (given !== undefined && level === undefined)
    throw new BadRequest(`level takes one of ${LEVELS.join(", ")}, not "${given}"`, { tryNext: [...LEVELS] });
  return level;
}

/** What the tool works on. */
export interface ReadLogsOptions {
  readonly catalog: Catalog;
  readonly store: LogStore;
}

/** `read_logs`: one service's log in a window, against the stretch of equal length right before it. */
export function readLogs({ catalog, store }: ReadLogsOptions): AnyTool {
  return defineTool({
    name: "read_logs",
    title: "Read logs",
    description:
      "A service's log, against the stretch before: counts by level over time, and message patterns that are new, " +
      "rising, steady or gone, each with one verbatim line. Default: last 15 min; at most 24 h.",
    scope: "logs:read",
    readOnly: true,
    deadlineMs: 30_000,
    input,
    output: LogAnswer,
    text: renderLogAnswer,
    async run(given, context) {
      const asked = { ...given, service: catalog.get(given.service).name, level: levelOf(given.level) };
      const { offset, times, ...place } = placeOf(asked, context.now);
      const { query, reading, notes } = await readComparable(store, asked, place, context);
      const { window } = query;
      if (reading.coverage.window.covered === 0) throw nothingRecorded(query);
      if (reading.patterns.length === 0) return nothingFound(query, reading, emptyAnswer(query, reading), notes);

      const exposure = { window: reading.coverage.window.covered, before: reading.coverage.before.covered };
      const ranked = rank(reading.patterns, exposure);
      if (offset >= ranked.length) throw new BadRequest("cursor points past the last pattern");
      const gaps = gapsOf(query, reading);
      const base = { ...emptyAnswer(query, reading), levels: await levelsOf(query, reading, context) };
      const say = (count: number) => summary(query, { ranked, offset, count }, notes);
      const frame = (patterns: readonly ShownPattern[]) => {
        const next = offset + patterns.length;
        const more = next < ranked.length ? writeCursor({ window, offset: next, times }, asked) : null;
        return {
          head: [say(patterns.length), ...gaps].join("\n"),
          data: { ...base, patterns: [...patterns], more },
        };
      };
      const data = await fillPage({ ...query, catalog }, ranked.slice(offset), frame, context);
      return { outcome: "found", summary: say(data.patterns.length), gaps, data };
    },
  });
}

interface Stretch {
  readonly window: Window;
  readonly notes: readonly string[];
}

/**
 * Reads the window. When the caller left its start open and the log begins too late for a time before, the start moves
 * up so far that there is one, and that is said.
 */
async function readComparable(store: LogStore, asked: Asked, { window, notes }: Stretch, context: ToolContext) {
  const read = async (part: Window, said: readonly string[]) => {
    const query = queryFor(asked, part);
    const reading = await store.read(query, { signal: context.signal, progress: context.progress });
    return { query, reading, notes: said };
  };
  const first = await read(window, notes);
  const open = asked.from === undefined && asked.cursor === undefined;
  const start = open ? betterStart(first.query, first.reading) : undefined;
  if (start === undefined || start >= window.to) return first;
  const why = "from was moved up: the log begins too late to compare more with a time before";
  return read({ from: start, to: window.to }, [...notes, why]);
}

function queryFor({ service, level, contains }: Asked, window: Window): LogQuery {
  const before = { from: 2 * window.from - window.to, to: window.from };
  return { service, window, before, level, contains, buckets: BUCKETS };
}

/** The window and the place in it: out of the cursor when there is one, else out of `from` and `to`. */
function placeOf(asked: Asked, now: number) {
  if (asked.cursor === undefined) {
    const { from, to, notes } = resolveWindow(asked, now, LIMITS);
    return { window: { from, to }, offset: 0, times: timesOf(asked), notes };
  }
  return { ...readCursor(asked.cursor, asked, { now, maxMs: LIMITS.maxMs }), notes: [] };
}

function emptyAnswer(query: LogQuery, { coverage }: LogReading): LogAnswer {
  const stretch = (part: "window" | "before") => ({
    from: second(query[part].from),
    to: second(query[part].to),
    recorded_seconds: Math.round(coverage[part].covered / 1000),
  });
  return {
    service: query.service,
    window: stretch("window"),
    before: stretch("before"),
    levels: null,
    patterns: [],
    more: null,
  };
}

async function levelsOf(query: LogQuery, reading: LogReading, context: ToolContext): Promise<LogAnswer["levels"]> {
  return {
    window: { ...reading.counts.window },
    before: { ...reading.counts.before },
    evidence: await context.evidence(levelsItem(query, reading)),
  };
}
