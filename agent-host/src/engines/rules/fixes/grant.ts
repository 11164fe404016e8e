import type { ProposedFix } from "@oncall-copilot/core";
import { type Change, ChangesAnswer, type LogPattern } from "../../../tools/answers.ts";
import { findIn, listFiles, type SourceFile } from "../files.ts";
import type { Inquiry } from "../inquiry.ts";
import { occursOnce } from "./edit.ts";

/** How far back a policy may have lost a right that is missed only now: a job may run once a month. */
const POLICY_WINDOW = "-31d";
const MAX_POLICIES = 4;

type RefusedRight = NonNullable<LogPattern["right"]>;

/** What mends a refused right, and where that was seen. */
export interface Grant {
  readonly right: RefusedRight;
  readonly policy: SourceFile;
  /** What took the right away, when that is known. */
  readonly taken: Change | undefined;
  /** What gives exactly this right. */
  readonly edits: ProposedFix["edits"];
}

/** Finds the Terraform policy of the role that was refused, and what took the right away, else what would grant it. */
export async function findGrant(inquiry: Inquiry, service: string, pattern: LogPattern): Promise<Grant | undefined> {
  const { right } = pattern;
  if (!right) return undefined;
  const policies = (await listFiles(inquiry, service)).filter((path) => /\.tf$/.test(path)).slice(0, MAX_POLICIES);
  const policy = await findIn(inquiry, service, policies, (file) => (isPolicyOf(right.role, file) ? file : undefined));
  if (!policy) return undefined;
  const past = await inquiry.ask(ChangesAnswer, "read_changes", {
    ...{ service, hops: 0, path: policy.path, limit: 5, from: POLICY_WINDOW },
  });
  const taken = past?.changes.find(({ kind, evidence }) => {
    const removed = evidence.text
      .split("\n")
      .some((line) => line.startsWith("-") && line.includes(`"${right.action}"`));
    return (kind === "commit" || kind === "merge") && removed;
  });
  return { right, policy, taken, edits: taken ? [] : grantEdits(right, policy) };
}

const isPolicyOf = (role: string, { text }: SourceFile): boolean =>
  text.includes(`"${role}"`) && /\bstatement\s*\{/.test(text);

const STATEMENT = /^( *)statement \{\n(?:.*\n)*?\1\}/gm;

/** A statement of its own for the one action, on what lies beside the object that was asked for. */
function grantEdits({ action, resource }: RefusedRight, { path, text }: SourceFile): ProposedFix["edits"] {
  const last = [...text.matchAll(STATEMENT)].at(-1);
  const [block, indent = ""] = last ?? [];
  if (block === undefined || block.includes("[redacted:") || !occursOnce(text, block)) return [];
  const name = action.slice(action.indexOf(":") + 1);
  const folder = resource
    .slice(resource.indexOf(":::") + 3)
    .split("/")
    .slice(1, -1);
  const sid = [name, ...folder.map((part) => part.replace(/[^A-Za-z0-9]/g, ""))]
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
  const granted = [
    `${indent}statement {`,
    `${indent}  sid       = "${sid}"`,
    `${indent}  actions   = ["${action}"]`,
    `${indent}  resources = ["${resource.replace(/[^/]+$/, "*")}"]`,
    `${indent}}`,
  ].join("\n");
  return [{ path, old_text: block, new_text: `${block}\n\n${granted}` }];
}
