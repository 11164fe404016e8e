import type { Window } from "@oncall-copilot/core";
import { fieldsOf } from "../events/fields.ts";
import { type LogLine, withoutLineEnd } from "../events/join.ts";
import { levelInText, readLevel, readsTwoWays } from "../levels.ts";
import type { Piece } from "./scan.ts";

/** How a recording's lines begin: the format puts the time first, and lines that do not are parsed to find it. */
const TIME_FIRST = '{"@timestamp":"';
const QUOTE = '"';

/** Names that JSON has only one spelling of, save for \u escapes. */
const PLAIN_NAME = /^[\w. -]+$/;

export interface LineSink {
  /** Every line's time, whichever service wrote it. Epoch milliseconds. */
  time(at: number): void;
  /** A line of the service, inside the stretch. */
  line(line: LogLine): void;
}

/**
 * Finds the lines of one service in one stretch. Only lines that can be among them are parsed: a line is passed over by
 * its raw text when it can hold no string equal to the service's name (neither the quoted name nor an escape that could
 * spell it), or when its time, standing first, lies outside. Both are exact for lines that name each field once.
 */
export class LineFinder {
  /** Lines that are not JSON objects with a time, as far as they were looked at. */
  malformed = 0;
  /** Lines of the service in the stretch without a level that is known; they count as info. */
  levelless = 0;
  /** Lines whose numeric level means another one to some senders. */
  ambiguous = 0;
  #number = 0;
  #lastTime = "";
  #lastAt = 0;
  readonly #service: string;
  readonly #stretch: Window;
  readonly #sink: LineSink;
  readonly #needle: string | undefined;

  constructor(service: string, stretch: Window, sink: LineSink) {
    this.#service = service;
    this.#stretch = stretch;
    this.#sink = sink;
    this.#needle = PLAIN_NAME.test(service) ? JSON.stringify(service) : undefined;
  }

  read({ bytes, latin1 }: Piece): void {
    const needle = this.#needle;
    let named = needle === undefined ? 0 : indexOrEnd(latin1, needle, 0);
    let escaped = indexOrEnd(latin1, "\\u", 0);
    let start = 0;
    while (start < latin1.length) {
      const newline = latin1.indexOf("\n", start);
      const end = newline < 0 ? latin1.length : newline;
      this.#number++;
      const at = this.#timeOf(latin1, start, end);
      if (needle !== undefined && named < start) named = indexOrEnd(latin1, needle, start);
      if (escaped < start) escaped = indexOrEnd(latin1, "\\u", start);
      const canBeOurs = needle === undefined || named < end || escaped < end;
      if (at === undefined) {
        if (end > start) this.#parse(bytes.subarray(start, end), true);
      } else {
        this.#sink.time(at);
        if (canBeOurs && at >= this.#stretch.from && at < this.#stretch.to) {
          this.#parse(bytes.subarray(start, end), false);
        }
      }
      start = end + 1;
    }
  }

  /** The time that stands first in the line, in epoch milliseconds; undefined when something else does. */
  #timeOf(latin1: string, start: number, end: number): number | undefined {
    if (!latin1.startsWith(TIME_FIRST, start)) return undefined;
    const from = start + TIME_FIRST.length;
    const to = latin1.indexOf(QUOTE, from);
    if (to < 0 || to >= end || to - from > 40) return undefined;
    const text = latin1.slice(from, to);
    if (text !== this.#lastTime) {
      this.#lastAt = Date.parse(text);
      this.#lastTime = text;
    }
    return Number.isNaN(this.#lastAt) ? undefined : this.#lastAt;
  }

  #parse(bytes: Buffer, tellTime: boolean): void {
    const fields = parseObject(bytes.toString("utf8"));
    const at = typeof fields?.["@timestamp"] === "string" ? Date.parse(fields["@timestamp"]) : Number.NaN;
    if (fields === undefined || Number.isNaN(at)) {
      this.malformed++;
      return;
    }
    if (tellTime) this.#sink.time(at);
    if (fields["service.name"] !== this.#service || at < this.#stretch.from || at >= this.#stretch.to) return;
    const message = withoutLineEnd(asText(fields["message"]));
    const level =
      readLevel(fields["log.level"]) ?? (fields["log.level"] === undefined ? levelInText(message) : undefined);
    if (level === undefined) this.levelless++;
    if (readsTwoWays(fields["log.level"])) this.ambiguous++;
    this.#sink.line({
      at,
      level: level ?? "info",
      message,
      number: this.#number,
      fields: fieldsOf(fields),
      stream: `${asText(fields["k8s.pod.name"] ?? fields["host.name"])}/${asText(fields["k8s.container.name"])}`,
    });
  }
}

const indexOrEnd = (text: string, needle: string, from: number): number => {
  const index = text.indexOf(needle, from);
  return index < 0 ? Number.POSITIVE_INFINITY : index;
};

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const asText = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
