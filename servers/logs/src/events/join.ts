import { type Level, severity } from "../levels.ts";
import type { Fields } from "./fields.ts";
import { continuation, stateAfter, type TraceState } from "./trace.ts";

/** One line of a service's log. */
export interface LogLine {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly level: Level;
  readonly message: string;
  /** Where it stands in the log, from 1. */
  readonly number: number;
  /** What wrote it: lines of one stream are in order, and a stack trace never leaves its stream. */
  readonly stream: string;
  /** What a structured line says beside its message. */
  readonly fields?: Fields | undefined;
}

/** A shipper may keep what ends a line, `\n`, `\r` or both, as a part of it. It says nothing, and hides that a trace goes on. */
export const withoutLineEnd = (message: string): string => message.replace(/[\r\n]+$/, "").replaceAll("\r\n", "\n");

/** What happened once: a line, with the stack trace that followed it in lines of their own. */
export interface LogEvent {
  /** The first line's time. */
  readonly at: number;
  /** The worst of its lines'. */
  readonly level: Level;
  /** Its beginning, word for word. */
  readonly text: string;
  /** Characters of the whole event. */
  readonly length: number;
  readonly number: number;
  /** Of its first line. */
  readonly fields?: Fields | undefined;
}

/** Longest silence inside one stack trace, in milliseconds. */
export const JOIN_MS = 2_000;
/** Most characters of one event that are kept. */
export const MAX_EVENT_CHARS = 32_768;
/** Most streams with an event that may still grow; beyond that the oldest is taken as complete. */
const MAX_STREAMS = 4_096;

interface Pending {
  readonly at: number;
  readonly number: number;
  readonly fields: Fields | undefined;
  level: Level;
  text: string;
  state: TraceState;
  last: number;
  length: number;
}

/** Joins continuation lines to the event they belong to, stream by stream, in bounded memory. */
export class EventJoiner {
  readonly #emit: (event: LogEvent) => void;
  readonly #pending = new Map<string, Pending>();

  constructor(emit: (event: LogEvent) => void) {
    this.#emit = emit;
  }

  push(line: LogLine): void {
    const open = this.#pending.get(line.stream);
    if (open !== undefined) {
      const near = Math.abs(line.at - open.last) <= JOIN_MS;
      const state = near ? continuation(open.state, line.message, open.level === "error") : undefined;
      if (state !== undefined) {
        grow(open, line, state);
        return;
      }
      this.#finish(open);
    } else if (this.#pending.size >= MAX_STREAMS) {
      const [oldest] = this.#pending.entries();
      if (oldest) {
        this.#pending.delete(oldest[0]);
        this.#finish(oldest[1]);
      }
    }
    const { at, number, level, message, fields } = line;
    const text = message.length > MAX_EVENT_CHARS ? message.slice(0, MAX_EVENT_CHARS) : message;
    this.#pending.set(line.stream, {
      at,
      number,
      level,
      fields,
      text,
      state: stateAfter(text),
      last: at,
      length: message.length,
    });
  }

  /** Takes every event as complete. Call once, after the last line. */
  end(): void {
    for (const open of this.#pending.values()) this.#finish(open);
    this.#pending.clear();
  }

  #finish({ at, level, text, length, number, fields }: Pending): void {
    this.#emit({ at, level, text, length, number, fields });
  }
}

function grow(open: Pending, line: LogLine, state: TraceState): void {
  open.state = state;
  open.last = line.at;
  if (severity(line.level) < severity(open.level)) open.level = line.level;
  // Once something had to be left out, nothing after it is kept: what is kept is the beginning, without holes.
  const whole = open.length === open.text.length;
  open.length += 1 + line.message.length;
  if (whole && open.length <= MAX_EVENT_CHARS) open.text += `\n${line.message}`;
}
