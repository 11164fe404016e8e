import { bodyOf, type Evidence } from "@oncall-copilot/core";
import { FileAnswer } from "../../tools/answers.ts";
import type { Inquiry } from "./inquiry.ts";

/** One file of a service, as it is deployed. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly evidence: Evidence;
}

/** So many lines are read of a file; what is longer is no manifest or policy. */
const MAX_LINES = 400;

/** The files that a service may read: its own first, then shared ones. */
export async function listFiles(inquiry: Inquiry, service: string): Promise<readonly string[]> {
  const answer = await inquiry.ask(FileAnswer, "read_file", { service, path: "/" });
  return answer?.files.map(({ path }) => path) ?? [];
}

/** A whole file, or undefined when it is longer than can be read at once or could not be read. */
export async function readWhole(inquiry: Inquiry, service: string, path: string): Promise<SourceFile | undefined> {
  const answer = await inquiry.ask(FileAnswer, "read_file", { service, path, lines: MAX_LINES });
  if (!answer || answer.next_start_line !== null) return undefined;
  const { evidence } = answer;
  return { path, text: bodyOf(evidence), evidence };
}

/** The first of the paths whose file holds what is looked for. */
export async function findIn<T>(
  inquiry: Inquiry,
  service: string,
  paths: readonly string[],
  read: (file: SourceFile) => T | undefined,
): Promise<T | undefined> {
  for (const path of paths) {
    const file = await readWhole(inquiry, service, path);
    const found = file && read(file);
    if (found !== undefined) return found;
  }
  return undefined;
}
