import { type Mark, type Report, readMarks } from "@oncall-copilot/core";

/**
 * When it was over, in epoch milliseconds, where it is: everything that the evidence shows wrong with the culprit and the alerting service has
 * an end. Null while something of it lasts, or where nothing was seen to be wrong.
 */
export function recoveredAt({ family, culprit, service, evidence, as_of: asOf }: Report): number | null {
  // A peak that is over was no fault, and has nothing to recover from.
  if (family === "no_fault") return null;
  const names = new Set([culprit?.name, service].filter((name) => name != null));
  const trouble = evidence.flatMap(({ about, shows }) =>
    readMarks(shows).filter(
      (mark) => isTrouble(mark) && [mark.whose ?? about[0]].some((name) => names.has(name ?? "")),
    ),
  );
  const ends = trouble.map(({ to }) => to);
  const last = Math.max(...ends.map((to) => to ?? Number.POSITIVE_INFINITY));
  return ends.length > 0 && last < Date.parse(asOf) ? last : null;
}

const isTrouble = ({ shows, better, load }: Mark): boolean =>
  (shows === "unusual" || shows === "failing") && !better && !load;

/** Whether "nothing is wrong" was said although metrics or logs as a whole could not be read. */
export const isHalfBlind = ({ gaps }: Report): boolean =>
  gaps.some(({ server, tool }) => tool === null && (server === "metrics" || server === "logs"));

/** When it will be looked at again, and what would decide it: nothing when this was the last look. */
export function furtherLook({ settled, known, incident, as_of: asOf }: Report): FurtherLook | null {
  if (settled.final) return null;
  const after = Math.round((Date.parse(asOf) - Date.parse(incident.started_at)) / 1000);
  return {
    when: settled.next_look_at
      ? `Looked at ${after} s after the alert; looks again at ${settled.next_look_at}.`
      : `Looked at ${after} s after the alert, and nobody looks again by itself: with --follow, or the same command a few minutes later.`,
    known: [
      ...known.turned.map(({ name, shows, of, at }) =>
        shows === "failing"
          ? `${name} logs failures that it did not log before, since ${at}`
          : `${name}${of ? ` ${of}` : ""} turned ${at}`,
      ),
      ...(known.turned.length === 0 ? ["nothing has turned yet"] : []),
      ...known.deployed.map(({ name, of, at }) => `${name} was changed${of ? ` (${of.slice(0, 12)})` : ""} ${at}`),
      ...(known.deployed.length === 0 ? ["no change of the last half hour is known"] : []),
      ...(known.owner ? [`owned by ${known.owner}`] : []),
    ],
    wouldDecide: settled.would_decide,
  };
}

export interface FurtherLook {
  readonly when: string;
  readonly known: readonly string[];
  readonly wouldDecide: readonly string[];
}
