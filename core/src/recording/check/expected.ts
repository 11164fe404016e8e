import { readFile } from "node:fs/promises";
import { nearest } from "../../catalog/nearest.ts";
import { Expected } from "../lines.ts";
import type { CheckContext } from "./context.ts";
import type { FileProblems } from "./problems.ts";
import type { Upstream } from "./repository.ts";

/** `expected.yaml` */
export async function checkExpected(
  path: string,
  { catalog }: CheckContext,
  upstream: Upstream | undefined,
  problems: FileProblems,
): Promise<void> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(await readFile(path, "utf8"));
  const [error] = document.errors;
  if (error) {
    problems.error(`is not YAML (${error.message.split("\n")[0]})`, error.linePos?.[0].line);
    return;
  }
  const value: unknown = document.toJS();
  const parsed = Expected.safeParse(value);
  if (!parsed.success) {
    problems.issues(parsed.error, value);
    return;
  }
  const { root_cause: cause, fix } = parsed.data;
  if (cause && catalog) {
    const entry = catalog.find(cause.service);
    const [near] = nearest(cause.service, catalog.names, 1);
    if (!entry) {
      const hint = near ? `did you mean "${near}"?` : "add it, or name one that is";
      problems.error(`root_cause.service "${cause.service}" is not in catalog.yaml; ${hint}`);
    } else if (entry.kind !== cause.kind) {
      problems.error(`root_cause.kind is ${cause.kind}, but catalog.yaml has ${entry.name} as a ${entry.kind}`);
    }
  }
  const culprit = fix?.culprit_commit;
  if (culprit && upstream && ![...upstream.commits].some((id) => id.startsWith(culprit))) {
    problems.error(`fix.culprit_commit ${culprit} is not in ${upstream.name}; name a commit that main reaches`);
  }
}
