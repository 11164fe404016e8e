import { type Catalog, CouldNotLook } from "@oncall-copilot/core";
import { ZodError } from "zod";
import { LEVELS, TWO_WAYS, totalEvents } from "../levels.ts";
import type { LogQuery, LogReading, LogStore, ReadOptions } from "../store.ts";
import { type Carrier, clientFor } from "./opensearch/carried-client.ts";
import { all, any, type Clause, during, oneOf } from "./opensearch/clauses.ts";
import { containing } from "./opensearch/contains.ts";
import { levelsAsked, linesOf, ofLevel, readLarge, strayLines } from "./opensearch/large-log.ts";
import { linkToDocument, linkToLog, type Viewer } from "./opensearch/link.ts";
import { fieldsToMap, type Mapping, readMapping } from "./opensearch/mapping.ts";
import { namesInLogs } from "./opensearch/names.ts";
import {
  coverageSearches,
  type LevelTimes,
  levelTimesSearch,
  readCoverage,
  readLevelTimes,
} from "./opensearch/overview.ts";
import type { LogFields } from "./opensearch/presets.ts";
import type { Reach } from "./opensearch/reach.ts";
import { otherShape, type Searcher, searcher } from "./opensearch/search.ts";
import { tallyAll } from "./opensearch/whole-log.ts";

export interface OpenSearchParts extends Carrier {
  /** `OpenSearch at https://logs.example` */
  readonly name: string;
  readonly index: string;
  readonly fields: LogFields;
  readonly catalog: Catalog;
  readonly viewer: Viewer;
  /** The present moment in epoch milliseconds; nothing later is asked for. */
  readonly now: () => number;
  /** Whether requests are signed for AWS. */
  readonly isSigned: boolean;
  /** This machine's clock less the backend's, where that tells its time; milliseconds. */
  readonly skewMs: () => number | undefined;
}

/** Most lines that one call reads. */
const MAX_LINES = 4_000;
/** What the margins of a stretch may add. */
const MARGIN_LINES = 1_000;
/** How long a mapping is believed. */
const MAPPING_MS = 5 * 60_000;
/** Clocks this far apart hide the newest lines or make them seem late. */
const SKEW_MS = 30_000;

/**
 * Answers from OpenSearch. A log of a few thousand lines is read and counted as a recording is. Of a larger one the index
 * counts the lines by level and time, and the patterns that were found in a sample.
 */
export function openSearchLogs(parts: OpenSearchParts): LogStore {
  const { name, index, fields, now, catalog, viewer } = parts;
  const mappingOf = rememberMapping(parts);
  let hasPits = true;

  const reachFor = (search: Searcher, mapping: Mapping): Reach => ({
    ...{ search, fields, mapping },
    pit: async () => {
      const id = hasPits ? await search.openPit() : undefined;
      hasPits = id !== undefined;
      return id;
    },
    documentUrl: (at, id) => linkToDocument(viewer, at, id),
  });

  return {
    async read(query: LogQuery, { signal, progress }: ReadOptions): Promise<LogReading> {
      const search = searcher(await clientFor(parts, signal), name, index, signal);
      progress(`asking ${name} for ${query.service}'s log`);
      const mapping = await mappingOf(search);
      const reach = reachFor(search, mapping);
      const names = namesInLogs(catalog, query.service);
      const ours = oneOf(mapping.service, names);
      const { times, coverage } = await look(reach, query, ours).catch((error) => {
        // What aggregations answer is read where it is used.
        throw error instanceof ZodError ? otherShape(name, error.issues[0]?.path.join(".") ?? "") : error;
      });
      const url = linkToLog(viewer, {
        ...{ index, timeField: fields.time, serviceField: mapping.service, names, window: query.window },
      });
      const read = await readBySize(reach, query, ours, times, { now: now(), progress });
      const gaps = [...read.gaps, ...search.gaps(), ...clockGap(name, parts.skewMs())];
      return { ...read, url, coverage, gaps };
    },
  };
}

/** How the service's lines lie in level and time, and when anything at all was logged. */
async function look(reach: Reach, query: LogQuery, ours: Clause) {
  const { search, mapping } = reach;
  const [counted, ...around] = await search.all([
    levelTimesSearch(query, reach, [ours, wholeOf(query, mapping)]),
    ...coverageSearches(query, mapping),
  ]);
  if (counted === undefined) throw new Error("as many answers as searches");
  const meter = readCoverage(around[0], around[1], query, mapping);
  return {
    times: readLevelTimes(counted, query),
    coverage: { window: meter.of(query.window), before: meter.of(query.before) },
  };
}

const wholeOf = ({ before, window }: LogQuery, { time }: Mapping) => during(time, { from: before.from, to: window.to });

type Read = Pick<LogReading, "counts" | "series" | "patterns" | "unfiltered" | "gaps">;

/** Reads every line where they are few, or few of those that pass the filters; else has the index count. */
async function readBySize(
  reach: Reach,
  query: LogQuery,
  ours: Clause,
  unfiltered: LevelTimes,
  { now, progress }: { readonly now: number; progress(message: string): void },
): Promise<Read> {
  const limits = { most: MAX_LINES + MARGIN_LINES, now };
  if (LEVELS.reduce((sum, level) => sum + linesOf(unfiltered, level), 0) <= MAX_LINES) {
    const tallied = await tallyAll(reach, query, [ours], limits);
    return { ...tallied, gaps: [...levellessGap(tallied.levelless), ...ambiguousGap(tallied.ambiguous)] };
  }
  const { mapping, search } = reach;
  const contains = query.contains === undefined ? undefined : containing(query.contains, mapping.message);
  const filters = contains ? [ours, contains.clause] : [ours];
  const passing = contains
    ? readLevelTimes(await search.one(levelTimesSearch(query, reach, [...filters, wholeOf(query, mapping)])), query)
    : unfiltered;
  const times = { ...passing, values: unfiltered.values };
  const gaps = [
    ...fieldlessGap(unfiltered.levelless),
    ...ambiguousGap(unfiltered.ambiguous),
    ...(contains?.differs ? [contains.differs] : []),
  ];
  const total = totalEvents(unfiltered.window);
  const levels = levelsAsked(query);
  if (levels.reduce((sum, level) => sum + linesOf(times, level), 0) <= MAX_LINES) {
    const asked = any(...levels.map((level) => all(...ofLevel(reach, times, level))));
    const tallied = await tallyAll(reach, query, [...filters, asked], limits);
    const strays = tallied.strays > 0 ? [strayLines("the filtered log", tallied.strays)] : [];
    return { ...tallied, unfiltered: total, gaps: [...gaps, ...strays] };
  }
  const large = await readLarge(reach, query, filters, times, { most: MAX_LINES, now, progress });
  return { ...large, unfiltered: total, gaps: [...gaps, ...large.gaps] };
}

const levellessGap = (lines: number): string[] =>
  lines > 0 ? [`${lines} lines have no known level and count as info`] : [];

/** Of a log that is too long to be read, the index counts by the level's field alone. */
const fieldlessGap = (lines: number): string[] =>
  lines > 0
    ? [
        `${lines} lines have no level in their field and count as info, also where their text states one: ask for less time, or with contains, to have them read`,
      ]
    : [];

const ambiguousGap = (lines: number): string[] => (lines > 0 ? [`${lines} ${TWO_WAYS}`] : []);

/** Asks for the mapping once in a while. */
function rememberMapping({ name, index, fields }: OpenSearchParts): (search: Searcher) => Promise<Mapping> {
  let known: { readonly mapping: Mapping; readonly until: number } | undefined;
  return async (search) => {
    if (known !== undefined && performance.now() < known.until) return known.mapping;
    const answer = await search.mapping(fieldsToMap(fields));
    if (Object.keys(answer).length === 0) {
      const cure = "check ONCALL_LOGS_OPENSEARCH_INDEX, and that the role may read it";
      throw new CouldNotLook("not_recorded", `${name} has no index ${index}`, { cure });
    }
    const mapping = readMapping(answer, fields, name, index);
    known = { mapping, until: performance.now() + MAPPING_MS };
    return mapping;
  };
}

function clockGap(name: string, skewMs: number | undefined): string[] {
  if (skewMs === undefined || Math.abs(skewMs) < SKEW_MS) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const side = skewMs > 0 ? "ahead of" : "behind";
  return [`this machine's clock is ${seconds} s ${side} the one of ${name}: the newest lines may be missing`];
}
