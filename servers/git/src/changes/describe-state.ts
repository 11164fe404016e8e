import type { DifferingField, Drifted, LiveState } from "../deployments.ts";
import { short } from "../git/object-id.ts";
import { oneLine, plural, when } from "./describe.ts";
import { stateWords } from "./state.ts";
import { shortenProse } from "./unified-diff.ts";

/** How an application stands, as text to quote from: a line of facts, then a line for each thing that differs. */
export function describeState(state: LiveState, names: string, most: { lines: number; lineLength: number }): string {
  const { application, service, failedSync, unhealthy, drifted } = state;
  const which = application === service ? names : `${names}, application ${oneLine(application)}`;
  const seen = state.comparedAt === undefined ? "" : `, compared ${when(state.comparedAt)}`;
  const lines = [`${which}: ${stateWords(state)}${seen}${comparedWith(state)}`];
  if (state.health !== "Healthy") {
    const since = state.healthSince === undefined ? "" : ` since ${when(state.healthSince)}`;
    const why = state.healthMessage === undefined ? "" : `: ${quoted(state.healthMessage, most.lineLength)}`;
    lines.push(`health ${oneLine(state.health)}${since}${why}`);
    lines.push(...unhealthy.map((text) => quoted(text, most.lineLength)));
  }
  if (failedSync) {
    const of = failedSync.revision === "" ? "" : ` of revision ${oneLine(failedSync.revision)}`;
    const why = failedSync.message === "" ? "" : `: ${quoted(failedSync.message, most.lineLength)}`;
    lines.push(`last sync${of} ${oneLine(failedSync.phase)} ${when(failedSync.at)} by ${oneLine(failedSync.by)}${why}`);
  }
  const differing = drifted.flatMap((resource) => resourceLines(resource, most.lineLength));
  lines.push(...differing.slice(0, most.lines));
  if (differing.length > most.lines) lines.push(`[${plural(differing.length - most.lines, "more difference")}]`);
  return lines.join("\n");
}

/** Told of what is out of sync: whether somebody changed what runs, or what should run waits to be rolled out. */
function comparedWith({ sync, revision, rolledOutAt, selfHeals, drifted }: LiveState): string {
  if (sync !== "OutOfSync") return "";
  const heals = selfHeals ? "; self-heal is on" : "";
  const which = `revision ${oneLine(revision.split(", ").map(short).join(", "))}`;
  const count = `${plural(drifted.length, "resource")} ${drifted.length === 1 ? "differs" : "differ"}`;
  if (rolledOutAt === undefined) return `: ${count} from ${which}, which is not rolled out yet${heals}`;
  return `: ${count} from ${which}, which was rolled out ${when(rolledOutAt)}: changed outside of it since${heals}`;
}

const HOW: Readonly<Record<Exclude<Drifted["how"], "differs">, string>> = {
  missing: "is missing",
  extra: "is there, and should not be",
  hidden: "differs; what it holds is not shown",
  unread: "differs",
};

function resourceLines({ resource, how, fields }: Drifted, lineLength: number): string[] {
  if (how !== "differs") return [`${oneLine(resource)} ${HOW[how]}`];
  return fields.map((field) => fieldLine(resource, field, lineLength));
}

function fieldLine(resource: string, field: DifferingField, lineLength: number): string {
  const { path, hidden, desired, live, by, at } = field;
  const [was, is] = [desired, live].map((value) => (value === undefined ? "not set" : quoted(value, lineLength)));
  const setter = by === undefined || at === undefined ? "" : ` (set by ${oneLine(by)} ${when(at)})`;
  const place = `${oneLine(resource)} ${quoted(path, lineLength)}`;
  if (hidden) return `${place} differs; what differs is not shown${setter}`;
  return `${place}: desired ${was}, live ${is}${setter}`;
}

/** Words of strangers, on one line. */
const quoted = (text: string, most: number) => shortenProse(text.replace(/\s+/g, " ").trim(), most);
