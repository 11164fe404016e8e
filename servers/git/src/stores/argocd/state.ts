import { CouldNotLook } from "@oncall-copilot/core";
import type { FailedSync, LiveState, StateFound } from "../../deployments.ts";
import { mapLimited } from "../../map-limited.ts";
import type { ArgoCd } from "./client.ts";
import { driftedOf, isSecret, nameOfResource } from "./drifted.ts";
import type { FoundApplication } from "./find-applications.ts";
import { linkOf, nameOfInitiator } from "./rollouts.ts";
import { type Application, instantOf, type Resource, type ResourceDiff } from "./shapes.ts";

/** Most resources whose fields are compared; the rest are named. */
const MAX_COMPARED = 8;
const MAX_UNHEALTHY = 3;

interface Parts {
  readonly argo: ArgoCd;
  readonly web: string;
  readonly now: () => number;
}

/** How each application stands. Only those that are out of sync cost another question. */
export async function stateOf(
  parts: Parts,
  applications: readonly FoundApplication[],
  abort: AbortSignal,
): Promise<StateFound> {
  const gaps: string[] = [];
  const states = await mapLimited(applications, async ({ entry, application }) => {
    const drifted = application.status.resources.filter(({ status, hook }) => status === "OutOfSync" && !hook);
    const diffs = await diffsOf(parts.argo, application, drifted, abort).catch((error: unknown) => {
      abort.throwIfAborted();
      if (!(error instanceof CouldNotLook)) throw error;
      gaps.push(`in which fields ${entry.name} is out of sync: ${error.message}`);
      return [];
    });
    const told = await Promise.all(drifted.map((resource) => driftedOf(resource, diffFor(resource, diffs))));
    const resources = await withHealth(parts.argo, application, abort).catch((error: unknown) => {
      abort.throwIfAborted();
      if (!(error instanceof CouldNotLook)) throw error;
      gaps.push(`which resources of ${entry.name} are not healthy: ${error.message}`);
      return application.status.resources;
    });
    return stateFrom(parts, entry.name, { ...application, status: { ...application.status, resources } }, told);
  });
  return { states, gaps: [...new Set(gaps)] };
}

/**
 * An application's resources with their health. Since Argo CD 3.0 the application itself does not hold it unless it is told to
 * (`controller.resource.health.persist`): it is asked for where the application as a whole is not healthy.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/upgrading/2.14-3.0/
 */
async function withHealth(
  argo: ArgoCd,
  { metadata, spec, status }: Application,
  abort: AbortSignal,
): Promise<Resource[]> {
  const { resources, health, resourceHealthSource } = status;
  const isTold = resources.some((resource) => resource.health) && resourceHealthSource !== "appTree";
  if (isTold || resources.length === 0 || WELL.has(health?.status ?? "")) return resources;
  const nodes = await argo.resourceTree({ ...metadata, project: spec.project }, abort);
  const own = resources.map((resource) => ({
    ...resource,
    health: nodes.find((node) => isSame(resource, node))?.health ?? resource.health,
  }));
  // What a resource brought forth, such as its pods, says more than the resource alone.
  const below = nodes.filter((node) => node.health && !resources.some((resource) => isSame(resource, node)));
  return [...own, ...below.map((node) => ({ ...node, status: "", hook: false, requiresPruning: false }))];
}

const WELL: ReadonlySet<string> = new Set(["", "Healthy"]);

/** One question for all resources of an application, or for the one that is asked about. */
async function diffsOf(
  argo: ArgoCd,
  { metadata, spec }: Application,
  drifted: readonly Resource[],
  abort: AbortSignal,
): Promise<readonly ResourceDiff[]> {
  const open = drifted.filter((resource) => !isSecret(resource) && !resource.requiresPruning).slice(0, MAX_COMPARED);
  const [first] = open;
  if (!first) return [];
  const wanted = { ...metadata, project: spec.project };
  const { group, kind, namespace, name } = first;
  const all = await argo.managedResources(
    wanted,
    open.length === 1 ? { group, kind, namespace, name } : undefined,
    abort,
  );
  return all.filter((diff) => open.some((resource) => isSame(resource, diff)));
}

type Named = Pick<Resource, "group" | "kind" | "namespace" | "name">;
const isSame = (a: Named, b: Named) =>
  a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
const diffFor = (resource: Resource, diffs: readonly ResourceDiff[]) => diffs.find((diff) => isSame(resource, diff));

function stateFrom(
  { web, now }: Parts,
  service: string,
  application: Application,
  drifted: LiveState["drifted"],
): LiveState {
  const { sync, health, reconciledAt, history, resources } = application.status;
  const revisions = sync?.revisions.length ? sync.revisions : [sync?.revision ?? ""];
  const last = history.at(-1);
  const rolledOut = last?.revisions.length ? last.revisions : [last?.revision ?? ""];
  const isRolledOut = last !== undefined && revisions.join() === rolledOut.join();
  const past = (at: string | null | undefined) => {
    const time = instantOf(at);
    return time === undefined ? undefined : Math.min(time, now());
  };
  return {
    ...{
      service,
      application: application.metadata.name,
      url: linkOf(web, application),
      drifted: fieldsFirst(drifted),
    },
    ...{ sync: sync?.status || "Unknown", health: health?.status || "Unknown", revision: revisions.join(", ") },
    healthMessage: health?.message || undefined,
    healthSince: past(health?.lastTransitionTime),
    rolledOutAt: isRolledOut ? past(last.deployedAt ?? last.deployStartedAt) : undefined,
    comparedAt: past(reconciledAt),
    failedSync: failedSyncOf(application, now()),
    selfHeals: application.spec.syncPolicy?.automated?.selfHeal ?? false,
    unhealthy: unhealthyOf(resources),
  };
}

const fieldsFirst = (drifted: LiveState["drifted"]) =>
  [...drifted].sort((a, b) => Number(b.fields.length > 0) - Number(a.fields.length > 0));

function failedSyncOf({ status }: Application, now: number): FailedSync | undefined {
  const last = status.operationState;
  const at = instantOf(last?.finishedAt) ?? instantOf(last?.startedAt);
  if (!last || at === undefined || last.phase === "Succeeded" || last.phase === "" || at > now) return undefined;
  const revisions = last.syncResult?.revisions.length ? last.syncResult.revisions : [last.syncResult?.revision ?? ""];
  return {
    ...{ phase: last.phase, at, by: nameOfInitiator(last.operation?.initiatedBy), message: last.message },
    revision: revisions.join(", "),
  };
}

function unhealthyOf(resources: readonly Resource[]): string[] {
  const bad = resources.filter(({ health, hook }) => health && !hook && !["", "Healthy"].includes(health.status));
  const told = bad
    .slice(0, MAX_UNHEALTHY)
    .map(
      (one) => `${nameOfResource(one)} ${one.health?.status}${one.health?.message ? `: ${one.health.message}` : ""}`,
    );
  return bad.length > told.length ? [...told, `${bad.length - told.length} more resources`] : told;
}
