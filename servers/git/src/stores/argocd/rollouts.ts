import { instant } from "@oncall-copilot/core";
import type { Rollout } from "../../deployments.ts";
import type { FoundApplication } from "./find-applications.ts";
import { imagesOf } from "./images.ts";
import { describeSource, homeOf, isHome } from "./repository.ts";
import { type Application, type History, type Initiator, instantOf, type Source } from "./shapes.ts";

/** What Argo CD calls itself where it synchronizes by itself. */
const CONTROLLER = "argocd-application-controller";

export interface ReadRollouts {
  readonly application: string;
  readonly rollouts: readonly Rollout[];
  /** What was rolled out before this moment is forgotten; undefined when nothing is. */
  readonly knownSince: number | undefined;
}

export const nameOfInitiator = (initiator: Initiator | null | undefined): string =>
  initiator?.username || (initiator?.automated ? CONTROLLER : "unknown");

/** Where a person sees an application. */
export function linkOf(web: string, { metadata: { name, namespace } }: Application): string {
  const place = [...(namespace === "" ? [] : [namespace]), name].map(encodeURIComponent).join("/");
  return `${web}/applications/${place}`;
}

/** The roll-outs of one application up to now, oldest first, and since when they are known. */
export function rolloutsOf(
  { entry, application }: FoundApplication,
  options: { web: string; branch: string; now: number },
): ReadRollouts {
  const { web, branch, now } = options;
  const { history } = application.status;
  const newest = history.at(-1);
  const home = homeOf(entry, branch);
  const rollouts = history.flatMap((one): Rollout[] => {
    const at = instantOf(one.deployStartedAt) ?? instantOf(one.deployedAt);
    if (at === undefined || at > now) return [];
    const images = imagesOf(application, one, one === newest);
    return [
      {
        ...{ service: entry.name, at, by: nameOfInitiator(one.initiatedBy), url: linkOf(web, application) },
        ...{ application: application.metadata.name, ...revisionsOf(one, home) },
        ...(images.length > 0 ? { images } : {}),
      },
    ];
  });
  return { application: application.metadata.name, rollouts, knownSince: knownSince(application, rollouts) };
}

/** Which of the revisions is the service's own; the others are told beside it. */
function revisionsOf(history: History, home: string | undefined): Pick<Rollout, "revision" | "origin" | "others"> {
  const several = history.sources.length > 0;
  const sources = several ? history.sources : history.source ? [history.source] : [];
  const revisions = several ? history.revisions : [history.revision];
  const pairs = revisions.map((revision, index) => ({ revision, source: sources[index] }));
  const own = pairs.find(({ source }) => source === undefined || isHome(source, home));
  const told = own ?? pairs[0];
  const others = pairs
    .filter((pair) => pair !== told && pair.revision !== "")
    .map(({ revision, source }) => revisionFrom(revision, source));
  return {
    revision: told?.revision || "unknown",
    ...(own === undefined && told?.source ? { origin: describeSource(told.source) } : {}),
    ...(others.length > 0 ? { others } : {}),
  };
}

const revisionFrom = (revision: string, source: Source | undefined) =>
  `revision ${revision}${source ? ` of ${describeSource(source)}` : ""}`;

/** Argo CD drops the oldest roll-outs. Their ids count from 0, so that it shows. */
function knownSince({ status: { history } }: Application, rollouts: readonly Rollout[]): number | undefined {
  return (history[0]?.id ?? 0) === 0 ? undefined : rollouts[0]?.at;
}

const MAX_NAMED = 4;

/** Whose roll-outs reach less far back than is asked, in one line: every application may be one. */
export function forgottenGaps(read: readonly ReadRollouts[], since: number): string[] {
  const short = read
    .flatMap(({ application, knownSince: at }) => (at !== undefined && at > since ? [{ application, at }] : []))
    .sort((a, b) => b.at - a.at);
  if (short.length === 0) return [];
  const told = short.slice(0, MAX_NAMED).map(({ application, at }) => `${application} before ${instant(at)}`);
  const rest = short.length > told.length ? [`${short.length - told.length} more applications`] : [];
  return [`deployments that Argo CD has forgotten (revisionHistoryLimit): ${[...told, ...rest].join(", ")}`];
}
