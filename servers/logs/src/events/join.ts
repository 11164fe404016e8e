import { type Level, severity } from "../levels.ts";
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
}

/** What happened once: a line, with the stack trace that followed it in lines of their own. */
export interface LogEvent {
  /** The first line's time. */
  readonly at: number;
  /** The worst of its lines'. */
  readonly level: Level;
  readonly text: string;
  readonly number: number;
}

/** Longest silence inside one stack trace, in milliseconds. */
export const JOIN_MS = 2_000;
/** Most characters of one event that are kept; what follows is dropped, and said in its text. */
export const MOST_EVENT_CHARS = 32_768;
/** Most streams with an event that may still grow; beyond that the oldest is taken as complete. */
const MOST_STREAMS = 4_096;

interface Pending {
  readonly at: number;
  readonly number: number;
  level: Level;
  text: string;
  state: TraceState;
  last: number;
  dropped: number;
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
    } else if (this.#pending.size >= MOST_STREAMS) {
      const [oldest] = this.#pending.entries();
      if (oldest) {
        this.#pending.delete(oldest[0]);
        this.#finish(oldest[1]);
      }
    }
    const { at, number, level, message } = line;
    const text = message.length > MOST_EVENT_CHARS ? message.slice(0, MOST_EVENT_CHARS) : message;
    const dropped = message.length - text.length;
    this.#pending.set(line.stream, { at, number, level, text, state: stateAfter(text), last: at, dropped });
  }

  /** Takes every event as complete. Call once, after the last line. */
  end(): void {
    for (const open of this.#pending.values()) this.#finish(open);
    this.#pending.clear();
  }

  #finish({ at, level, text, number, dropped }: Pending): void {
    const whole = dropped === 0 ? text : `${text}\n[${dropped} more characters not kept]`;
    this.#emit({ at, level, text: whole, number });
  }
}

function grow(open: Pending, line: LogLine, state: TraceState): void {
  open.state = state;
  open.last = line.at;
  if (severity(line.level) < severity(open.level)) open.level = line.level;
  const room = MOST_EVENT_CHARS - open.text.length - 1;
  if (room < line.message.length) open.dropped += line.message.length + 1;
  else open.text += `\n${line.message}`;
}
