import { type CatalogEntry, formatDuration, instant } from "@oncall-copilot/core";
import type { Rollout } from "../../deployments.ts";
import type { FoundApplication } from "./find-applications.ts";
import { imagesOf } from "./images.ts";
import { describeSource, homeOf, isHome } from "./repository.ts";
import { type Application, type History, type Initiator, instantOf, type Source } from "./shapes.ts";

/** What Argo CD calls itself where it synchronizes by itself. */
const CONTROLLER = "argocd-application-controller";
/** https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml: `revisionHistoryLimit` */
const USUAL_LIMIT = 10;

export interface ReadRollouts {
  readonly rollouts: readonly Rollout[];
  readonly gaps: readonly string[];
}

export const nameOfInitiator = (initiator: Initiator | null | undefined): string =>
  initiator?.username || (initiator?.automated ? CONTROLLER : "unknown");

/** Where a person sees an application. */
export function linkOf(web: string, { metadata: { name, namespace } }: Application): string {
  const place = [...(namespace === "" ? [] : [namespace]), name].map(encodeURIComponent).join("/");
  return `${web}/applications/${place}`;
}

/** The roll-outs of one application up to now, oldest first, and whether older ones are forgotten. */
export function rolloutsOf(
  { entry, application }: FoundApplication,
  options: { web: string; branch: string; now: number; since: number },
): ReadRollouts {
  const { web, branch, now, since } = options;
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
  return { rollouts, gaps: forgotten(entry, application, rollouts, since) };
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
function forgotten(
  entry: CatalogEntry,
  { metadata, spec, status: { history } }: Application,
  rollouts: readonly Rollout[],
  since: number,
): string[] {
  const oldest = rollouts[0];
  if (oldest === undefined || oldest.at <= since || (history[0]?.id ?? 0) === 0) return [];
  const limit = spec.revisionHistoryLimit ?? USUAL_LIMIT;
  const which = metadata.name === entry.name ? entry.name : `${entry.name} (application ${metadata.name})`;
  const missing = formatDuration(oldest.at - since);
  return [
    `deployments of ${which} before ${instant(oldest.at)}: Argo CD keeps the last ${limit} (revisionHistoryLimit), so ${missing} of the window are not known`,
  ];
}
