import { LOG_LEVELS, LogLine } from "../lines.ts";
import { type CheckContext, UnknownNames } from "./context.ts";
import type { FileProblems } from "./problems.ts";
import { goodRows, TimeOrder } from "./rows.ts";
import { visibleBy } from "./visible.ts";

const KNOWN_LEVELS: ReadonlySet<string> = new Set([...LOG_LEVELS, "warning"]);

/** `logs.ndjson.gz` */
export async function checkLogs(path: string, context: CheckContext, problems: FileProblems): Promise<void> {
  const order = new TimeOrder();
  const names = new UnknownNames(context.catalog);
  for await (const { row, line } of goodRows(path, LogLine, problems)) {
    order.add(row["@timestamp"], line, "@timestamp", problems);
    names.add(row["service.name"], line);
    const level = row["log.level"];
    if (level !== undefined && !KNOWN_LEVELS.has(level.toLowerCase())) {
      problems.warning(
        `log.level is "${level}" and counts as info; known are ${LOG_LEVELS.join(", ")}`,
        line,
        "unknown log.level",
      );
    }
  }
  names.tell(problems, "service.name");
  visibleBy(context.asOf, order.first, "line", problems);
}
