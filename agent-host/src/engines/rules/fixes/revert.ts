import { mentions, type ProposedFix } from "@oncall-copilot/core";
import type { Change } from "../../../tools/answers.ts";
import type { Accused } from "../../../trial/clear.ts";
import { whyNoRevert } from "../../../trial/gate.ts";
import { mergeChanges } from "../changes-of.ts";
import { changeClaim } from "../claims.ts";
import type { Inquiry } from "../inquiry.ts";
import { liveAt } from "../rank.ts";
import type { Seen } from "../seen.ts";
import type { CulpritReading } from "../settle.ts";
import { noFixBecause, type Remedy, verifyBy } from "./remedy.ts";
import { builtUpon, takeBack } from "./take-back.ts";

/**
 * A revert of the one commit that something of its own speaks against. Where later commits were built upon it, edits take them back
 * with it.
 */
export async function revertFix(inquiry: Inquiry, reading: CulpritReading, seen: Seen): Promise<Remedy> {
  const { suspect, told, trial } = reading;
  const { name } = suspect;
  if (trial?.rollout && "left" in told) return wholeRollOut(trial.rollout, name, seen);
  const why = whyNone(reading, seen);
  if (why !== undefined || !("change" in told) || told.change === undefined) {
    return { fix: noFixBecause(why ?? `no deployment of ${name} is known shortly before it turned`), claims: [] };
  }
  const culprit = told.change.change;
  const { sha } = culprit;
  const warning = failedBefore(name, seen);
  const revert: ProposedFix = {
    ...{ kind: "revert", service: name, commit: sha, edits: [], verify: verifyBy(name, seen) },
    title: `Revert ${sha.slice(0, 10)} in ${name}`,
    why: `${name} turned after this commit went live, and taking it out is the smallest change that undoes it.${warning}`,
  };
  const upon = builtUpon(
    culprit,
    laterThan(culprit, name, [...(trial?.tried.map(({ change }) => change) ?? []), ...(seen.changes ?? [])]),
  );
  if (upon.length === 0) return { fix: revert, claims: [] };
  const edits = await takeBack(inquiry, name, [...upon, culprit]);
  if (!edits) return { fix: revert, claims: [] };
  const ids = upon.map((one) => one.sha.slice(0, 10)).join(" and ");
  return {
    fix: {
      ...revert,
      ...{ kind: "edits", commit: null, edits },
      title: `Take back ${sha.slice(0, 10)} in ${name}, and ${ids} with it`,
      why: `${name} turned after ${sha.slice(0, 10)} went live. ${ids} changed the same lines since, so that they go together.${warning}`,
    },
    claims: upon.map(changeClaim),
  };
}

/** Takes back what brought several commits that nothing tells apart: by the one commit that names their build. */
function wholeRollOut({ change }: Accused, name: string, seen: Seen): Remedy {
  const fix: ProposedFix = {
    ...{ kind: "revert", service: name, commit: change.sha, edits: [], verify: verifyBy(name, seen) },
    title: `Take back the roll-out of ${name} as a whole`,
    why: `${name} turned at once after ${change.sha.slice(0, 10)} brought this build. Nothing tells the commits in it apart, so it goes as a whole.${failedBefore(name, seen)}`,
  };
  return { fix, claims: [changeClaim(change)] };
}

function whyNone({ suspect, told, trial }: CulpritReading, seen: Seen): string | undefined {
  const { name } = suspect;
  if (!seen.changes) return "changes could not be seen, so no deployment can be blamed or cleared";
  if ("change" in told && told.change) {
    return told.change.change.kind === "drift"
      ? `no commit brought it: what runs of ${name} differs from git, and people know which is right`
      : undefined;
  }
  return trial ? whyNoRevert(trial) : `no deployment of ${name} is known shortly before it turned`;
}

/** What of the same service went live after a change, the latest first. */
function laterThan(culprit: Change, name: string, changes: readonly Change[]): Change[] {
  const since = liveAt(culprit) ?? Number.POSITIVE_INFINITY;
  const isCommit = ({ kind }: Change) => kind === "commit" || kind === "merge";
  return mergeChanges(changes)
    .filter((change) => isCommit(change) && change.services.includes(name) && change.sha !== culprit.sha)
    .filter((change) => (liveAt(change) ?? Number.NEGATIVE_INFINITY) >= since)
    .sort((a, b) => (liveAt(b) ?? 0) - (liveAt(a) ?? 0));
}

/** A fix that did not always work is not proposed again without saying so. */
function failedBefore(name: string, { history }: Seen): string {
  const reverts = (history?.fixes ?? []).filter((fix) => fix.reverts);
  const own = reverts.filter(({ fix }) => mentions(fix, name));
  const failed = (own.length > 0 ? own : reverts).some((fix) => fix.failed > 0);
  if (!failed) return "";
  return own.length > 0
    ? ` A revert in ${name} did not always close this in the past; see the history.`
    : " Reverts did not always close this in the past; see the history.";
}
