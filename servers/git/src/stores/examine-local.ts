import { BadRequest, type Catalog, CouldNotLook } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import { ageOf } from "./age.ts";
import { LivesElsewhere, type LocalStore } from "./local.ts";

/** The check-up of a repository and a fork on this machine. A fork that could reach the upstream is a failure. */
export async function examineLocal(
  store: LocalStore,
  catalog: Catalog,
  { service, signal }: ExamineOptions,
): Promise<readonly Finding[]> {
  const backend = "local repository (ONCALL_GIT_UPSTREAM)";
  const findings: Finding[] = [];
  const say = (finding: Omit<Finding, "backend">) => void findings.push({ backend, ...finding });
  const wanted = service === undefined ? undefined : catalog.get(service);
  const entry = wanted ?? (await livingHere(store, catalog));
  if (!entry) {
    say({ check: "configured", status: "failure", message: "no service of the catalog lives in it" });
    return findings;
  }
  try {
    const repository = await store.repository(entry);
    say({ check: "reachable", status: "ok", message: `${repository.name} can be read` });
    const head = await repository.head(store.now(), signal);
    const commit = await repository.commit(head, head, signal);
    const age = ageOf(commit?.committedAt ?? Number.NaN, store.now());
    say({ check: "data", status: "ok", message: `the newest commit of ${repository.branch} is ${age}` });
    await (await store.fork(entry)).check(signal);
    say({ check: "privilege", status: "ok", message: "the fork is apart from the upstream" });
  } catch (error) {
    if (!(error instanceof CouldNotLook || error instanceof BadRequest)) throw error;
    const check = error instanceof BadRequest ? "privilege" : findings.length === 0 ? "reachable" : "data";
    const [cure = "check ONCALL_GIT_UPSTREAM and ONCALL_GIT_BRANCH"] = error.tryNext;
    say({ check, status: "failure", message: error instanceof CouldNotLook ? error.problem : error.message, cure });
  }
  return findings;
}

/** The first service that the repository at hand may hold; one that the catalog places elsewhere is passed over. */
async function livingHere(store: LocalStore, catalog: Catalog) {
  for (const entry of catalog.entries().filter(({ kind }) => kind === "service")) {
    const elsewhere = await store.repository(entry).then(
      () => false,
      (error: unknown) => error instanceof LivesElsewhere,
    );
    if (!elsewhere) return entry;
  }
  return undefined;
}
