import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What each role may do, as `terraform apply` would leave it: as much of HCL as infra/iam/ is written in. */
export function readPolicies(tree: string): Record<string, Statement[]> {
  const directory = path.join(tree, "infra", "iam");
  const policies: Record<string, Statement[]> = {};
  for (const file of filesIn(directory)) {
    const text = readFileSync(path.join(directory, file), "utf8");
    const role = /role\s*=\s*"([^"]+)"/.exec(text)?.[1];
    if (role === undefined) throw new Error(`infra/iam/${file} names no role`);
    policies[role] = [...text.matchAll(/statement \{([^}]*)\}/g)].map(([, body = ""]) => ({
      actions: listOf(body, "actions"),
      resources: listOf(body, "resources"),
    }));
  }
  return policies;
}

/** Brings what the object store enforces to what a tree says. */
export function applyPolicies(tree: string, file: string): void {
  writeFileSync(`${file}.new`, JSON.stringify(readPolicies(tree)));
  renameSync(`${file}.new`, file);
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith(".tf"));
  } catch {
    // An older estate, whose policies nobody wrote down.
    return [];
  }
}

function listOf(body: string, name: string): string[] {
  const list = new RegExp(`${name}\\s*=\\s*\\[([^\\]]*)\\]`).exec(body)?.[1] ?? "";
  return [...list.matchAll(/"([^"]+)"/g)].map(([, item = ""]) => item);
}
