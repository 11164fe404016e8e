import { type CatalogEntry, CouldNotLook } from "@oncall-copilot/core";
import { mapLimited } from "../../map-limited.ts";
import type { ApplicationName, ArgoCd } from "./client.ts";
import type { Application } from "./shapes.ts";

/** The annotations that Backstage's Argo CD plugin reads too. */
const NAME = "argocd/app-name";
const SELECTOR = "argocd/app-selector";
const NAMESPACE = "argocd/app-namespace";
const PROJECT = "argocd/project-name";

/** More applications of one service than anybody reads about: the selector is wrong. */
const MAX_SELECTED = 10;

export interface FoundApplication {
  readonly entry: CatalogEntry;
  readonly application: Application;
}

export interface Applications {
  readonly found: readonly FoundApplication[];
  /** Names of services that could not be looked at, wholly or in part. */
  readonly unknown: ReadonlySet<string>;
  readonly gaps: readonly string[];
}

export const isAnnotated = ({ annotations }: CatalogEntry): boolean =>
  Boolean(annotations[NAME]?.trim() || annotations[SELECTOR]?.trim());

/** The applications of each service by its annotations, whole. Throws CouldNotLook when none of them could be looked at. */
export async function findApplications(
  argo: ArgoCd,
  entries: readonly CatalogEntry[],
  abort: AbortSignal,
): Promise<Applications> {
  const annotated = entries.filter(isAnnotated);
  // A resource without an application is not deployed by Argo CD; a service without one probably is.
  const bare = entries.filter((entry) => entry.kind === "service" && !isAnnotated(entry)).map(({ name }) => name);
  const failed: { name: string; failure: CouldNotLook }[] = [];
  const note = (name: string) => (error: unknown) => {
    abort.throwIfAborted();
    if (!(error instanceof CouldNotLook)) throw error;
    failed.push({ name, failure: error });
    return [];
  };
  const named = await mapLimited(annotated, (entry) =>
    namesOf(argo, entry, abort).then((names) => names.map((wanted) => ({ entry, wanted })), note(entry.name)),
  );
  const found = await mapLimited(named.flat(), ({ entry, wanted }) =>
    argo.application(wanted, abort).then((application) => [{ entry, application }], note(entry.name)),
  );
  const [first] = failed;
  if (found.flat().length === 0 && first) throw first.failure;
  const unknown = new Set([...bare, ...failed.map(({ name }) => name)]);
  const gaps = [...bareGaps(bare), ...failureGaps(failed)];
  return { found: found.flat(), unknown, gaps };
}

async function namesOf(argo: ArgoCd, entry: CatalogEntry, abort: AbortSignal): Promise<ApplicationName[]> {
  const [name, selector, namespace = "", project = ""] = [NAME, SELECTOR, NAMESPACE, PROJECT].map(
    (annotation) => entry.annotations[annotation]?.trim() ?? "",
  );
  if (name) return [{ name, namespace, project }];
  const selected = await argo.select(selector ?? "", { namespace, project }, abort);
  if (selected.length > MAX_SELECTED) {
    const cure = `narrow ${SELECTOR} of ${entry.name} in ONCALL_CATALOG`;
    throw new CouldNotLook("too_large", `${SELECTOR} selects ${selected.length} applications`, {
      cure,
    });
  }
  if (selected.length > 0) return selected;
  const cure = `check ${SELECTOR} of ${entry.name} in ONCALL_CATALOG, and give the token's role applications, get (the server's README)`;
  throw new CouldNotLook("forbidden", `${argo.name} shows this credential no application with those labels`, {
    cure,
  });
}

const MAX_NAMED = 6;
/** Gaps take room from the answer. */
const MAX_LINES = 2;
const listed = (names: readonly string[]) =>
  names.length > MAX_NAMED
    ? `${names.slice(0, MAX_NAMED).join(", ")} and ${names.length - MAX_NAMED} more`
    : names.join(", ");

const bareGaps = (names: readonly string[]) =>
  names.length === 0
    ? []
    : [`deployments of ${listed(names)}: the catalog names no Argo CD application; annotate with ${NAME}`];

function failureGaps(failed: readonly { name: string; failure: CouldNotLook }[]): string[] {
  const causes = new Map<string, string[]>();
  for (const { name, failure } of failed) {
    causes.set(failure.message, [...new Set([...(causes.get(failure.message) ?? []), name])]);
  }
  const lines = [...causes].map(([cause, names]) => `deployments of ${listed(names)}: ${cause}`);
  if (lines.length <= MAX_LINES) return lines;
  const rest = [...causes.values()].slice(MAX_LINES).flat();
  return [...lines.slice(0, MAX_LINES), `deployments of ${listed(rest)}: could not be looked at for like causes`];
}
