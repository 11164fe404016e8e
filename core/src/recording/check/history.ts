import { HistoryRow } from "../lines.ts";
import { type CheckContext, UnknownNames } from "./context.ts";
import type { FileProblems } from "./problems.ts";
import { goodRows } from "./rows.ts";

/** `history.ndjson.gz` */
export async function checkHistory(path: string, context: CheckContext, problems: FileProblems): Promise<void> {
  const names = new UnknownNames(context.catalog);
  const lineOf = new Map<string, number>();
  for await (const { row, line } of goodRows(path, HistoryRow, problems)) {
    names.add(row.service, line);
    const first = lineOf.get(row.id);
    if (first === undefined) lineOf.set(row.id, line);
    else problems.error(`id "${row.id}" is taken by line ${first}; ids must be unique`, line, "duplicate id");
    if (row.resolved_at !== null && Date.parse(row.resolved_at) < Date.parse(row.started_at)) {
      problems.error(
        `resolved_at ${row.resolved_at} is before started_at ${row.started_at}; an incident ends after it begins`,
        line,
        "resolved before it started",
      );
    }
  }
  names.tell(problems, "service");
}
