import { createHash } from "node:crypto";
import type { CatalogEntry } from "@oncall-copilot/core";

interface Fix {
  readonly incident: string;
  readonly revert?: string | undefined;
  readonly edits?:
    | readonly { readonly path: string; readonly old_text: string; readonly new_text: string }[]
    | undefined;
}

/**
 * `oncall/INCIDENT-HASH`: the same for the same incident and fix, whatever its title and reasons, and whatever the branch
 * has become meanwhile.
 */
export function branchName(service: CatalogEntry, { incident, revert, edits = [] }: Fix): string {
  const change =
    revert === undefined ? edits.map((edit) => [edit.path, edit.old_text, edit.new_text]) : revert.trim().toLowerCase();
  const hash = createHash("sha256")
    .update(JSON.stringify([incident, service.name, change]))
    .digest("hex")
    .slice(0, 12);
  const slug = incident
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-|-$/g, "");
  return `oncall/${slug || "incident"}-${hash}`;
}
