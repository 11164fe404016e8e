import { mask, WILDCARD } from "./mask.ts";
import type { Skeleton } from "./skeleton.ts";

/** `java.net.ConnectException`, `TypeError`, `pkg.TimeoutError`: what is thrown is named so in every language. */
const THROWN =
  /^[ \t]*(?:Caused by: |Suppressed: |\[cause\]: )?((?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception|Failure|Fault|Interrupt|Exit))\b/;
/** A frame: Java, Node.js and .NET; Python; Go; Ruby. */
const FRAME = /^[ \t]+(?:at |File "|from |[^ ]+\.go:\d)/;
/** Lines of a trace that are looked at, and exceptions that are told apart. */
const MAX_LINES = 200;
const MAX_THROWN = 4;

/**
 * What a message is grouped by: its first line masked and, of a stack trace, the exceptions thrown and the first frame
 * without its line number, so that two bugs under one headline stay two patterns and a trace's depth does not matter.
 */
export interface Shape {
  readonly text: string;
  /** Empty for a message of one line. */
  readonly trace: string;
  /** There when the shape stands for a whole cluster: its `<*>`s are known to be values. */
  readonly skeleton?: Skeleton;
}

export function shapeOf(message: string): Shape {
  const lineBreak = message.indexOf("\n");
  if (lineBreak < 0) return { text: mask(message), trace: "" };
  return { text: mask(message.slice(0, lineBreak)), trace: traceOf(message.slice(lineBreak + 1)) };
}

interface Mark {
  readonly text: string;
  /** Which of the lines below the first it stands in. */
  readonly line: number;
}

interface Trace {
  /** Exceptions by name, each once. */
  readonly thrown: readonly Mark[];
  /** The innermost frame, masked. */
  readonly frame: Mark | undefined;
}

function traceOf(rest: string): string {
  const { thrown, frame } = readTrace(rest);
  return [...thrown.map(({ text }) => text), frame?.text.replaceAll(WILDCARD, "") ?? ""]
    .filter((part) => part !== "")
    .join(" ");
}

/** What tells a message's stack trace from others: exceptions and the innermost frame, masked, in the order they stand in. */
export function traceMarks(message: string): string[] {
  const lineBreak = message.indexOf("\n");
  if (lineBreak < 0) return [];
  const { thrown, frame } = readTrace(message.slice(lineBreak + 1));
  return [...thrown, ...(frame ? [frame] : [])].sort((a, b) => a.line - b.line).map(({ text }) => text);
}

function readTrace(rest: string): Trace {
  const thrown: Mark[] = [];
  let frame: Mark | undefined;
  let python = false;
  for (const [index, line] of rest.split("\n", MAX_LINES).entries()) {
    if (FRAME.test(line)) {
      // Python prints the innermost frame last.
      if (line.trimStart().startsWith('File "')) python = true;
      if (frame === undefined || python) frame = { text: mask(line), line: index };
      continue;
    }
    const name = THROWN.exec(line)?.[1];
    if (name !== undefined && thrown.length < MAX_THROWN && !thrown.some(({ text }) => text === name)) {
      thrown.push({ text: name, line: index });
    }
  }
  return { thrown, frame };
}
