import { type CatalogEntry, CouldNotLook, formatDuration } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import { mapLimited } from "../../map-limited.ts";
import type { ArgoCdParts } from "../argocd.ts";
import type { ArgoCd } from "./client.ts";
import { type FoundApplication, findApplications, isAnnotated } from "./find-applications.ts";
import { rolloutsOf } from "./rollouts.ts";

/** Where no service is named, the first of so many that has an application is looked at. */
const MAX_TRIED = 5;
const SECTION = 'the role in the server\'s README, "Least privilege at Argo CD"';

/** Checks up on Argo CD: reachable, authenticated, a known service's newest roll-out, and what the token may do but read. */
export async function examineArgoCd(parts: ArgoCdParts, options: ExamineOptions): Promise<readonly Finding[]> {
  const { argo } = parts;
  const findings: Finding[] = [];
  const found = (check: Finding["check"], status: Finding["status"], message: string, cure?: string) => {
    findings.push({ backend: argo.name, check, status, message, ...(cure === undefined ? {} : { cure }) });
  };
  let check: Finding["check"] = "reachable";
  try {
    found(check, "ok", `answers as Argo CD ${await argo.version(options.signal)}`);
    check = "authenticated";
    const { loggedIn, username } = await argo.userInfo(options.signal);
    if (!loggedIn) {
      const cure = "set ONCALL_GIT_ARGOCD_TOKEN to a token that is valid";
      found(check, "failure", "does not accept the token: it is expired, revoked or of another Argo CD", cure);
      return findings;
    }
    found(check, "ok", `takes the token as ${username || "an account without a name"}`);
    check = "data";
    const known = await knownApplication(parts, options);
    if (!known) {
      const cure = "annotate services with argocd/app-name or argocd/app-selector in ONCALL_CATALOG";
      const whose = options.service ?? "any service";
      found(check, "failure", `the catalog names no application of ${whose}`, cure);
      return findings;
    }
    found(check, ...newestRollout(parts, known));
    check = "privilege";
    found(check, ...(await privilege(argo, known, options.signal)));
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    const cure = error.tryNext[0];
    found(check, check === "privilege" ? "unknown" : "failure", error.problem, cure);
  }
  return findings;
}

async function knownApplication(
  { argo, catalog }: ArgoCdParts,
  { service, signal }: ExamineOptions,
): Promise<FoundApplication | undefined> {
  const wanted = service === undefined ? catalog.entries() : [catalog.get(service)];
  let failure: CouldNotLook | undefined;
  for (const entry of wanted.filter(isAnnotated).slice(0, MAX_TRIED)) {
    const found = await firstOf(argo, entry, signal);
    if (!(found instanceof CouldNotLook)) return found;
    // Down for one is down for all; one that may not be seen says nothing of the others.
    if (found.reason !== "forbidden") throw found;
    failure ??= found;
  }
  if (failure) throw failure;
  return undefined;
}

async function firstOf(argo: ArgoCd, entry: CatalogEntry, signal: AbortSignal) {
  try {
    return (await findApplications(argo, [entry], signal)).found[0];
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CouldNotLook) return error;
    throw error;
  }
}

function newestRollout(
  { web, branch, now }: ArgoCdParts,
  known: FoundApplication,
): [status: Finding["status"], message: string, cure?: string] {
  const { entry, application } = known;
  const { sync, health } = application.status;
  const stands = `${sync?.status || "sync unknown"}, ${health?.status || "health unknown"}`;
  const newest = rolloutsOf(known, { web, branch, now: now() }).rollouts.at(-1);
  const which = `${entry.name}'s application ${application.metadata.name} (${stands})`;
  if (newest) return ["ok", `${which}: its newest roll-out is ${formatDuration(now() - newest.at)} old`];
  return ["warning", `${which} has no roll-out on record`, "check that argocd/app-name names the one that is deployed"];
}

interface Right {
  readonly resource: string;
  readonly action: string;
  readonly object: string;
}

/** All that changes something, or runs something; on the application at hand, and on what belongs to no project. */
function rightsBeyondReading(project: string, object: string): readonly Right[] {
  const on = (resource: string, target: string, actions: readonly string[]) =>
    actions.map((action) => ({ resource, action, object: target }));
  return [
    ...on("applications", object, ["create", "update", "delete", "sync", "rollback", "override", "action"]),
    ...on("exec", object, ["create"]),
    ...on("applicationsets", object, ["create", "update", "delete"]),
    ...on("projects", project, ["create", "update", "delete"]),
    ...on("repositories", "any", ["create", "update", "delete"]),
    ...on("clusters", "any", ["create", "update", "delete"]),
    ...on("accounts", "any", ["update"]),
  ];
}

async function privilege(
  argo: ArgoCd,
  { entry, application }: FoundApplication,
  signal: AbortSignal,
): Promise<[status: Finding["status"], message: string, cure?: string]> {
  const { metadata, spec, status } = application;
  const project = spec.project || "default";
  // Policies name the namespace only where it is not Argo CD's own.
  const own = status.controllerNamespace || (entry.annotations["argocd/app-namespace"] ? "" : metadata.namespace);
  const object = [project, ...(metadata.namespace === own ? [] : [metadata.namespace]), metadata.name].join("/");
  const asked = await mapLimited(rightsBeyondReading(project, object), async (right) => {
    return { right, may: await argo.canI(right.resource, right.action, right.object, signal) };
  });
  const excess = asked.filter(({ may }) => may === true).map(({ right }) => right);
  if (excess.length === 0) {
    const actions = [...new Set(asked.filter(({ may }) => may === false).map(({ right }) => right.action))].join(", ");
    return ["ok", `the token may change nothing that Argo CD can be asked about (${actions})`];
  }
  const byResource = new Map<string, string[]>();
  for (const { resource, action } of excess) byResource.set(resource, [...(byResource.get(resource) ?? []), action]);
  const rights = [...byResource].map(([resource, actions]) => `${resource}: ${actions.join(", ")}`).join("; ");
  const role = `p, proj:${project}:oncall-reader, applications, get, ${project}/*, allow`;
  return [
    "failure",
    `the token may do more than read ${metadata.name}: ${rights}`,
    `use a token of a role that has this policy alone: ${role}; and see policy.default in argocd-rbac-cm, which every token has (${SECTION})`,
  ];
}
