import type { z } from "zod";

/** Something wrong with a recording. An error makes a server answer wrongly or not at all; a warning may be meant. */
export interface RecordingProblem {
  readonly severity: "error" | "warning";
  /** Relative to the recording. */
  readonly file: string;
  /** From 1; absent when the whole file is meant. */
  readonly line?: number;
  /** The field, what is wrong, and what would be right. */
  readonly message: string;
}

/** A file that is wrong throughout says so this often; the rest is counted. */
const MAX_OF_A_KIND = 5;

/** Collects the problems of one file. Those of one kind (`topic`) are told a few times and then only counted. */
export class FileProblems {
  readonly #told: RecordingProblem[] = [];
  readonly #counts = new Map<string, { severity: RecordingProblem["severity"]; count: number }>();
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  error(message: string, line?: number, topic: string = message): void {
    this.#add("error", message, line, topic);
  }

  warning(message: string, line?: number, topic: string = message): void {
    this.#add("warning", message, line, topic);
  }

  /** One error for each issue that zod found with a value. */
  issues(error: z.ZodError, value: unknown, line?: number): void {
    for (const issue of error.issues) {
      const field = issue.path.map(String).join(".");
      const found = describe(issue.path.reduce<unknown>(memberOf, value));
      this.error(`${field === "" ? "" : `${field} `}${found}; it ${issue.message}`, line, `${field} ${issue.message}`);
    }
  }

  list(): RecordingProblem[] {
    const rest = [...this.#counts].flatMap(([topic, { severity, count }]) =>
      count > MAX_OF_A_KIND
        ? [{ severity, file: this.file, message: `${count - MAX_OF_A_KIND} more of this kind: ${topic}` }]
        : [],
    );
    return [...this.#told, ...rest];
  }

  #add(severity: RecordingProblem["severity"], message: string, line: number | undefined, topic: string): void {
    const count = (this.#counts.get(topic)?.count ?? 0) + 1;
    this.#counts.set(topic, { severity, count });
    if (count > MAX_OF_A_KIND) return;
    this.#told.push({ severity, file: this.file, ...(line === undefined ? {} : { line }), message });
  }
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return value === null || typeof value !== "object" ? undefined : (value as Record<PropertyKey, unknown>)[key];
}

function describe(value: unknown): string {
  if (value === undefined) return "is missing";
  const shown = JSON.stringify(value);
  return `is ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`;
}
