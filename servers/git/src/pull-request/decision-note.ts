import { createHash } from "node:crypto";
import { short } from "../git/object-id.ts";
import { inlineCode, plainLine, prose } from "./defuse.ts";

/** A decision as a person made it. All words in it are untrusted. */
export interface Decision {
  readonly action: "ready" | "edit" | "close";
  /** Who decided, as the messenger knows them. */
  readonly by: string;
  readonly why: string;
  readonly incident: string;
  /** The commit that they looked at. */
  readonly head: string;
}

const DID: Readonly<Record<Decision["action"], string>> = {
  ready: "Approved for review",
  edit: "Changed",
  close: "Rejected",
};

/** An HTML comment by which the same note is found again. It holds nothing that anybody wrote. */
export function markOf({ action, by, head, why }: Decision): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([action, by, head, why]))
    .digest("hex");
  return `<!-- oncall-copilot decision ${hash.slice(0, 24)} -->`;
}

/** The decision as a comment on the pull request. */
export function decisionNote(decision: Decision): string {
  const { action, by, why, incident, head } = decision;
  const said = why.trim() === "" ? "" : `\n\n> ${prose(why, 2_000)}`;
  const next =
    action === "ready"
      ? "\n\nApproved to be reviewed and not to be merged: the owners of the code decide on that."
      : "";
  return `**${DID[action]}** by ${prose(by, 200)}, at commit ${inlineCode(short(head))}, for incident ${inlineCode(incident)}.${said}${next}\n\n${markOf(decision)}\n`;
}

/** The message of the commit that carries a person's change. */
export function amendedMessage({ by, why, incident }: Decision): string {
  const reason = why.trim() === "" ? [] : [plainLine(why, 500), ""];
  return [
    `Change the draft as ${plainLine(by, 60)} edited it`,
    "",
    ...reason,
    `Edited by ${plainLine(by, 100)} for incident ${plainLine(incident, 100)}; a person must review it.`,
    "",
  ].join("\n");
}
