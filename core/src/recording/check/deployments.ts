import { DeploymentRow } from "../lines.ts";
import { type CheckContext, UnknownNames } from "./context.ts";
import type { FileProblems } from "./problems.ts";
import type { Upstream } from "./repository.ts";
import { goodRows, TimeOrder } from "./rows.ts";

/** `deployments.ndjson` */
export async function checkDeployments(
  path: string,
  context: CheckContext,
  upstream: Upstream | undefined,
  problems: FileProblems,
): Promise<void> {
  const order = new TimeOrder();
  const names = new UnknownNames(context.catalog);
  for await (const { row, line } of goodRows(path, DeploymentRow, problems)) {
    order.add(row.at, line, "at", problems);
    names.add(row.service, line);
    if (upstream && !upstream.commits.has(row.revision)) {
      problems.warning(
        `revision ${row.revision} is not in ${upstream.name}; bundle the whole history, or nobody can see what was deployed`,
        line,
        `revision not in ${upstream.name}`,
      );
    }
  }
  names.tell(problems, "service");
}
