/**
 * Which line goes on with the event before it, by the shapes that runtimes print: Java and other JVMs, Node.js, Python,
 * Go, .NET, Ruby. One rule per shape over a small state, the way log shippers do it (fluent-plugin-detect-exceptions).
 */
export type TraceState = "plain" | "frames" | "python" | "go";

/** An indented line that nothing but a stack trace holds. */
const FRAME = /^[ \t]+(?:at [^ ]|File "|\.\.\. \d+ |from [^ ]+:\d|[^ ]+\.go:\d+|Suppressed: |Caused by: |\[cause\]: )/;
/** Unindented lines inside a trace. `Caused by` never starts an event of its own. */
const CAUSE = /^(?:Caused by: |Suppressed: |\.\.\. \d+ more)/;
const INSIDE =
  /^(?:[}\])]+[,;]?$|During handling of the above exception|The above exception was the direct cause|Traceback \(|goroutine \d+ \[|created by |\[signal |exit status \d|--- End of |\[cause\]: )/;
/** A trace of its own; it goes on with the line before it only when that one reports an error. */
const START = /^(?:Traceback \(most recent call last\):|panic: |fatal error: |goroutine \d+ \[|Exception in thread ")/;
/** What a JVM's logger puts under its own line: the exception by its full name. */
const JVM_EXCEPTION = /^(?:[a-z_][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,120}(?:: |$)/;
const PYTHON_ERROR = /^[A-Za-z_][\w.]{0,120}(?:: |$)/;
const GO_CALL = /^[\w./*()·-]{1,200}\(/;

/** Whether a line by itself can only be part of a stack trace that was logged line by line. */
export const isTraceLine = (text: string): boolean => !text.includes("\n") && (FRAME.test(text) || CAUSE.test(text));

/** Whether an unindented line inside of a trace says what was thrown. */
export const isErrorLine = (text: string): boolean => CAUSE.test(text) || PYTHON_ERROR.test(text);

const isSpace = (code: number) => code === 32 || code === 9;

/** The state in which an event's first line leaves the stream. */
export function stateAfter(text: string): TraceState {
  if (text.startsWith("panic: ") || text.startsWith("fatal error: ") || text.startsWith("goroutine ")) return "go";
  if (text.startsWith("Traceback (")) return "python";
  const lineBreak = text.indexOf("\n");
  if (lineBreak < 0) return "plain";
  if (text.includes("\nTraceback (")) return isSpace(text.charCodeAt(text.lastIndexOf("\n") + 1)) ? "python" : "frames";
  return FRAME.test(text.slice(text.lastIndexOf("\n") + 1)) ? "frames" : "plain";
}

/**
 * The state after a line that goes on with the event before it, or undefined when it starts an event of its own.
 * `failing` says whether the event before it reports an error.
 */
export function continuation(state: TraceState, text: string, failing: boolean): TraceState | undefined {
  if (text === "") return state === "plain" ? undefined : state;
  const first = text.charCodeAt(0);
  if (isSpace(first)) {
    if (state !== "plain") return state;
    return FRAME.test(text) ? "frames" : undefined;
  }
  // Letters that open one of the shapes below; anything else in a plain state is an event of its own.
  if (state === "plain" && failing && JVM_EXCEPTION.test(text)) return "frames";
  if (state === "plain" && !(first === 67 || first === 83 || first === 46 || (failing && START.test(text)))) {
    return undefined;
  }
  if (CAUSE.test(text)) return "frames";
  if (START.test(text) && failing) return text.startsWith("Traceback") ? "python" : stateAfter(text);
  if (state === "plain") return undefined;
  if (INSIDE.test(text)) return text.startsWith("Traceback") ? "python" : state;
  if (state === "python" && PYTHON_ERROR.test(text)) return "frames";
  if (state === "go" && GO_CALL.test(text)) return "go";
  return undefined;
}
