import type { ProposedFix } from "@oncall-copilot/core";
import type { Seen } from "./look.ts";
import type { Reading } from "./settle.ts";

/** A deployment at least this near before the turn needs no third witness. */
const CLOSE = 0.7;

export function noFixBecause(why: string): ProposedFix {
  return { kind: "none", service: null, commit: null, edits: [], title: "", why, verify: "" };
}

/**
 * A revert of the deployed commit, and only when independent evidence agrees: the metrics show that the service turned
 * right after the deployment, and the log or the past says so too, or the deployment lay close before.
 */
export function fixFor({ suspect, told }: Extract<Reading, { kind: "culprit" }>, seen: Seen): ProposedFix {
  const { name, metrics, log, change, history } = suspect;
  if (told.family === "expired_secret") {
    return noFixBecause(`the credential that ${name} uses has to be renewed where it is kept: no file in git holds it`);
  }
  if (told.family === "missing_iam_permission") {
    return noFixBecause(
      `the right that ${name} lacks has to be granted by whoever owns it; which policy that is was not seen`,
    );
  }
  if (told.family === "undersized_hpa") {
    return noFixBecause(`${name} needs more capacity; how much is for people to decide`);
  }
  if (!seen.changes) return noFixBecause("changes could not be seen, so no deployment can be blamed or cleared");
  if (!change) return noFixBecause(`no deployment of ${name} is known shortly before it turned`);
  if (told.family === "other") {
    return noFixBecause(`${name} was deployed shortly before it turned, but which commit went live could not be seen`);
  }
  if (told.family === "config_drift" && change.change.kind === "drift") {
    return noFixBecause(`no commit brought it: what runs of ${name} differs from git, and people know which is right`);
  }
  const dated = metrics ? metrics.score > 0 && metrics.onset !== null : log !== undefined;
  if (!dated) {
    return noFixBecause(`neither metrics nor log show when ${name} turned, so its deployment may be innocent`);
  }
  if (!log && history === 0 && change.nearness < CLOSE) {
    return noFixBecause(
      `only the metrics speak against the deployment of ${name}; neither its log nor the past agrees`,
    );
  }
  const { sha } = change.change;
  const failed = failedBefore(seen);
  const warning = failed ? " Reverts did not always close this in the past; see the history." : "";
  return {
    kind: "revert",
    service: name,
    commit: sha,
    edits: [],
    title: `Revert ${sha.slice(0, 10)} in ${name}`,
    why: `${name} turned right after this commit went live, and taking it out is the smallest change that undoes it.${warning}`,
    verify: `Watch ${name} and ${seen.service} after the roll-out: their signals should return to their usual range, and the alert should resolve.`,
  };
}

const failedBefore = ({ history }: Seen): boolean =>
  history?.fixes.some(({ fix, failed }) => failed > 0 && /\b(?:revert|roll(?:ed)?[ -]?back)/i.test(fix)) ?? false;
