import { type LogLine, withoutLineEnd } from "../../events/join.ts";
import { levelInText, readLevel, readsTwoWays } from "../../levels.ts";
import type { LogFields } from "./presets.ts";
import type { Hit, SearchBody } from "./search.ts";

/** A line as it was found, with where a person sees it. */
export interface FoundLine extends LogLine {
  readonly id: string;
  readonly index: string;
  /** Whether the line itself tells its level. */
  readonly levelled: boolean;
  /** Whether its level is a number that two loggers mean differently. */
  readonly ambiguous: boolean;
}

/** What to ask of each document, and no more. */
export function documentParts({ time, level, message, sequence, stream }: LogFields): SearchBody {
  return {
    _source: [level, message, sequence, ...stream.flat()],
    docvalue_fields: [{ field: time, format: "epoch_millis" }],
  };
}

/** By time, then as they were written. */
export function inOrder(
  { time, sequence }: LogFields,
  nanos: boolean,
  order: "asc" | "desc" = "asc",
): readonly object[] {
  return [
    // Nanoseconds do not fit the numbers that pages are asked by.
    { [time]: { order, ...(nanos ? { numeric_type: "date" } : {}) } },
    { [sequence]: { order, unmapped_type: "long", missing: 0 } },
    { _doc: { order } },
  ];
}

/** A hit as a line; `number` is its place among all that were read, where it has no sequence of its own. */
export function lineOf({ _id, _index, _source = {}, fields }: Hit, names: LogFields, number: number): FoundLine {
  const message = withoutLineEnd(asText(valueAt(_source, names.message)));
  const written = valueAt(_source, names.level);
  const level = written === undefined ? levelInText(message) : readLevel(written);
  return {
    at: Math.floor(Number(fields?.[names.time]?.[0])),
    level: level ?? "info",
    levelled: level !== undefined,
    ambiguous: readsTwoWays(written),
    message,
    number,
    stream: names.stream
      .map((group) => asText(group.map((name) => valueAt(_source, name)).find((value) => value !== undefined)))
      .join("/"),
    id: _id,
    index: _index,
  };
}

/** A dotted path in a document that may write any part of it as one dotted name. */
export function valueAt(source: unknown, path: string): unknown {
  if (source === null || typeof source !== "object" || Array.isArray(source)) return undefined;
  const fields = source as Record<string, unknown>;
  if (Object.hasOwn(fields, path)) return fields[path] ?? undefined;
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(fields, head)) continue;
    const value = valueAt(fields[head], path.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}

const asText = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
