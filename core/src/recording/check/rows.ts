import type { z } from "zod";
import { CouldNotLook } from "../../outcome.ts";
import { type NumberedLine, readLines } from "../read.ts";
import type { FileProblems } from "./problems.ts";

/** The rows of an NDJSON file that fit their schema; what does not fit goes to `problems`. */
export async function* goodRows<T extends z.ZodType>(
  path: string,
  schema: T,
  problems: FileProblems,
): AsyncGenerator<{ readonly row: z.output<T>; readonly line: number }> {
  for await (const { number, text } of readableLines(path, problems)) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      problems.error(
        `is not JSON (${(error as Error).message}); each line must be one JSON object`,
        number,
        "not JSON",
      );
      continue;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) yield { row: parsed.data, line: number };
    else problems.issues(parsed.error, value, number);
  }
}

/** Lines of a file, up to where it can be read. */
export async function* readableLines(path: string, problems: FileProblems): AsyncGenerator<NumberedLine> {
  try {
    yield* readLines(path);
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    problems.error(`${error.message}; pack it again with gzip`);
  }
}

/** Sees to it that rows come in order, and remembers the first instant. */
export class TimeOrder {
  #last = Number.NEGATIVE_INFINITY;
  #lastText = "";
  first: number | undefined;

  add(instant: string, line: number, field: string, problems: FileProblems): void {
    const at = Date.parse(instant);
    this.first ??= at;
    if (at < this.#last) {
      problems.error(
        `${field} ${instant} is earlier than ${this.#lastText} before it; sort the file by ${field}`,
        line,
        `not sorted by ${field}`,
      );
    } else {
      this.#last = at;
      this.#lastText = instant;
    }
  }
}
