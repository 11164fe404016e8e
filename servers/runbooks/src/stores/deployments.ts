import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { CouldNotLook } from "@oncall-copilot/core";
import { readLines } from "@oncall-copilot/core/recording";
import type { Deployment } from "../store.ts";

/** Deployments in a file of one JSON object a line, read again when it has changed. Undefined without a file. */
export function deploymentsIn(file: string | undefined): () => Promise<readonly Deployment[] | undefined> {
  let known: { readonly state: string; readonly deployments: readonly Deployment[] } | undefined;
  return async () => {
    if (file === undefined) return undefined;
    const { size, mtimeMs } = await stat(file).catch((error: NodeJS.ErrnoException) => {
      throw new CouldNotLook(
        "not_configured",
        `cannot read ${file} (${error.code}); check ONCALL_RUNBOOKS_DEPLOYMENTS`,
      );
    });
    const state = `${size} ${mtimeMs}`;
    if (known?.state !== state) known = { state, deployments: await readDeployments(file) };
    return known.deployments;
  };
}

/** Reads deployments, one JSON object a line. Throws CouldNotLook where a line is none. */
export async function readDeployments(file: string): Promise<Deployment[]> {
  const deployments: Deployment[] = [];
  for await (const { number, text } of readLines(file)) {
    const found = deploymentOf(text);
    if (!found) {
      const cure = "each line of ONCALL_RUNBOOKS_DEPLOYMENTS is a JSON object with service and at (RFC 3339)";
      throw new CouldNotLook("bad_response", `${basename(file)}, line ${number}: no deployment`, {
        cure,
      });
    }
    deployments.push(found);
  }
  return deployments;
}

function deploymentOf(line: string): Deployment | undefined {
  try {
    const { service, at } = JSON.parse(line) as { service?: unknown; at?: unknown };
    const instant = typeof at === "string" ? Date.parse(at) : Number.NaN;
    return typeof service === "string" && !Number.isNaN(instant) ? { service, at: instant } : undefined;
  } catch {
    return undefined;
  }
}
