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
  const rollouts = history.flatMap((one, index): Rollout[] => {
    const at = instantOf(one.deployStartedAt) ?? instantOf(one.deployedAt);
    if (at === undefined || at > now) return [];
    const images = imagesOf(application, one, one === newest);
    return revisionsOf(one, home, history[index - 1]).map((revisions) => ({
      service: entry.name,
      at,
      by: nameOfInitiator(one.initiatedBy),
      url: linkOf(web, application),
      application: application.metadata.name,
      ...revisions,
      ...(images.length > 0 ? { images } : {}),
    }));
  });
  return { application: application.metadata.name, rollouts, knownSince: knownSince(application, rollouts) };
}

/**
 * Which of the revisions are the service's own: several, where its chart and its values are two sources of one repository, at two
 * revisions. Those that the roll-out before did not have went live by this one. The others are told beside it.
 */
function revisionsOf(
  history: History,
  home: string | undefined,
  before: History | undefined,
): Pick<Rollout, "revision" | "origin" | "others">[] {
  const several = history.sources.length > 0;
  const sources = several ? history.sources : history.source ? [history.source] : [];
  const revisions = several ? history.revisions : [history.revision];
  const pairs = revisions.map((revision, index) => ({ revision, source: sources[index] }));
  const own = pairs.filter(({ source }) => source === undefined || isHome(source, home));
  const distinct = own.filter(({ revision }, index) => own.findIndex((one) => one.revision === revision) === index);
  const known = new Set([...(before?.revisions ?? []), before?.revision]);
  const fresh = distinct.filter(({ revision }) => !known.has(revision));
  const live = fresh.length > 0 ? fresh : distinct.slice(0, 1);
  const told = live.length > 0 ? live : pairs.slice(0, 1);
  const others = pairs
    .filter(({ revision }) => revision !== "" && told.every((one) => one.revision !== revision))
    .map(({ revision, source }) => revisionFrom(revision, source));
  return (told.length > 0 ? told : [{ revision: "", source: undefined }]).map(({ revision, source }) => ({
    revision: revision || "unknown",
    ...(own.length === 0 && source ? { origin: describeSource(source) } : {}),
    ...(others.length > 0 ? { others } : {}),
  }));
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
