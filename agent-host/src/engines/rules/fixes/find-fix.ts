import { headingOf, type ProposedFix } from "@oncall-copilot/core";
import type { LogPattern } from "../../../tools/answers.ts";
import { changeClaim, claim } from "../claims.ts";
import type { Inquiry } from "../inquiry.ts";
import { cite } from "../quote.ts";
import type { LikelyChange } from "../rank.ts";
import type { Seen } from "../seen.ts";
import type { CulpritReading } from "../settle.ts";
import { grows } from "../signals.ts";
import { findCapacity } from "./capacity.ts";
import { findGrant } from "./grant.ts";
import { noFixBecause, type Remedy, verifyBy } from "./remedy.ts";
import { revertFix } from "./revert.ts";

const none = (why: string): Remedy => ({ fix: noFixBecause(why), claims: [] });

/** The smallest change in git that mends it, for people to review; or none, and why none. */
export async function findFix(inquiry: Inquiry, reading: CulpritReading, seen: Seen): Promise<Remedy> {
  const { suspect, told } = reading;
  const { name } = suspect;
  switch (told.family) {
    case "expired_secret":
      return none(`the credential that ${name} uses has to be renewed where it is kept: no file in git holds it`);
    case "missing_iam_permission":
      return grantFix(inquiry, reading, told.pattern, seen);
    case "undersized_hpa":
      return told.change
        ? revertFix(inquiry, reading, seen)
        : capacityFix(inquiry, name, told.atMost !== undefined, seen);
    default:
      if ("scaled" in told) {
        return none(`no commit took pods of ${name} away: how many run has to be brought back to what git says`);
      }
      return "patience" in told
        ? none(`git holds what is right: what runs of ${name} has to be brought back to it`)
        : revertFix(inquiry, reading, seen);
  }
}

async function grantFix(inquiry: Inquiry, reading: CulpritReading, pattern: LogPattern, seen: Seen): Promise<Remedy> {
  const { name } = reading.suspect;
  const grant = await findGrant(inquiry, name, pattern);
  const guilty = reading.trial?.guilty;
  if (!grant && guilty?.by === "own_witness") {
    // What asks for more than is allowed has words of the refusal: taken back, it asks for what it may again.
    const change: LikelyChange = { change: guilty.change, at: guilty.at ?? 0, nearness: 1 };
    const { fix, claims } = await revertFix(inquiry, { ...reading, told: { family: "bad_deployment", change } }, seen);
    return { fix, claims: [changeClaim(guilty.change), ...claims] };
  }
  if (!grant) {
    return none(`the right that ${name} lacks has to be granted by whoever owns it; which policy that is was not seen`);
  }
  const { right, policy, taken, edits } = grant;
  const actions = policy.text.split("\n").find((line) => /^\s*actions\s*=/.test(line));
  const granted = claim(
    `What ${policy.path} grants ${right.role} now.`,
    ...(actions === undefined ? [] : [cite(policy.evidence, actions.trim())]),
  );
  const verify = verifyBy(name, seen);
  if (taken) {
    const fix: ProposedFix = {
      ...{ kind: "revert", service: name, commit: taken.sha, edits: [], verify },
      title: `Give ${name} back the right that ${taken.sha.slice(0, 10)} took away`,
      why: `This commit took ${right.action} out of ${policy.path}, and ${name} needs it.`,
    };
    const line = headingOf(taken.evidence);
    return {
      fix,
      claims: [claim(`What took ${right.action} away from ${name}: ${line}.`, cite(taken.evidence, line))],
    };
  }
  if (edits.length === 0) return none(`${policy.path} holds the policy; what to add to it is not plain`);
  const fix: ProposedFix = {
    ...{ kind: "edits", service: name, commit: null, edits: [...edits], verify },
    title: `Grant ${name} ${right.action}`,
    why: `${name} needs ${right.action}, which ${policy.path} does not grant. Only this action is added, for what lies beside the object that was refused.`,
  };
  return { fix, claims: [granted] };
}

async function capacityFix(inquiry: Inquiry, name: string, atMost: boolean, seen: Seen): Promise<Remedy> {
  const customers = seen.closer.get(seen.service);
  const load = customers?.signals.find(grows);
  const times = load?.times ?? 1;
  const capacity = await findCapacity(inquiry, name, { atMost, growth: times > 1 ? times : undefined });
  if (!capacity) return none(`${name} needs more capacity; where that is set was not seen`);
  const { what, file, edits } = capacity;
  const limit = what === "replicas" ? "most replicas" : "CPU limit";
  const fix: ProposedFix = {
    ...{ kind: "edits", service: name, commit: null, edits: [...edits], verify: verifyBy(name, seen) },
    title: what === "replicas" ? `Let ${name} scale further` : `Give ${name} more processor time`,
    why: `The ${limit} in ${file.path} grows as the load did${what === "cpu" ? ", with room for the autoscaler to see it" : ""}; how much is right is for its reviewers.`,
  };
  return {
    fix,
    claims: [claim(`The ${limit} that ${file.path} sets for ${name} now.`, cite(file.evidence, capacity.line))],
  };
}
