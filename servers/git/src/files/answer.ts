import { Evidence, fence } from "@oncall-copilot/core";
import { z } from "zod";
import { shownPath } from "../paths/shown-path.ts";

/** One file of a folder. */
export const ListedFile = z.object({ path: z.string(), own: z.boolean(), bytes: z.number() });
export type ListedFile = z.infer<typeof ListedFile>;

export const FileOutput = z.object({
  path: z.string(),
  revision: z.string(),
  first_line: z.number().describe("of a folder's list too: a file is a line"),
  last_line: z.number(),
  total_lines: z.number(),
  next_start_line: z.number().nullable(),
  files: z.array(ListedFile).describe("of a folder"),
  evidence: Evidence,
});
export type FileOutput = z.infer<typeof FileOutput>;

/** The answer as text: what a folder holds stands in the evidence, a line a file. */
export function fileText({ evidence, files: _, ...place }: FileOutput): string {
  const facts = Object.entries(place).map(
    ([name, value]) => `${name}: ${typeof value === "string" ? shownPath(value) : value}`,
  );
  return `${facts.join(", ")}\n${fence(evidence)}`;
}
