import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { basename } from "node:path";
import { type Catalog, CouldNotLook, codeRepository } from "@oncall-copilot/core";
import { readLines } from "@oncall-copilot/core/recording";
import type { Finding } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { OpenDeployments, Rollout } from "../deployments.ts";
import { ageOf } from "./age.ts";

const Line = z.object({
  service: z.string().min(1),
  revision: z.string().min(1),
  at: z.iso.datetime({ offset: true }),
  by: z.string().default("unknown"),
  repository: z.string().optional(),
  images: z.array(z.string()).optional(),
});

const COLUMNS =
  "each line of it is a JSON object with service (a catalog name), revision (a commit id), at (RFC 3339 with a zone) and, if known, by";

/** Whether the file is there, what it holds, and whose. */
async function examineFile(file: string, catalog: Catalog, now: number, signal: AbortSignal): Promise<Finding[]> {
  const backend = `deployments in ${file}`;
  try {
    const rollouts = await readRollouts(file, catalog, now, signal);
    const last = rollouts.at(-1);
    if (!last) return [{ backend, check: "data", status: "warning", message: "it tells no deployment", cure: COLUMNS }];
    const strangers = [...new Set(rollouts.flatMap(({ service }) => (catalog.find(service) ? [] : [service])))];
    const data: Finding = {
      ...{ backend, check: "data", status: "ok" },
      message: `${rollouts.length} deployments, the newest ${ageOf(last.at, now)}`,
    };
    if (strangers.length === 0) return [data];
    const few = strangers.slice(0, 3).join(", ");
    const message = `${strangers.length} of its services are not in the catalog: ${few}`;
    const cure = "write services there as the catalog does, or give them oncall/service-name";
    return [data, { backend, check: "data", status: "warning", message, cure }];
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    const [cure = COLUMNS] = error.tryNext;
    const check = error.reason === "not_configured" ? "reachable" : "data";
    return [{ backend, check, status: "failure", message: error.problem, cure }];
  }
}

/** Deployments that a file tells. It says nothing of how things stand now. */
export function fileDeployments(file: string, catalog: Catalog, now: () => number): OpenDeployments {
  return {
    examine: ({ signal }) => examineFile(file, catalog, now(), signal),
    deployed: async ({ services }, signal) => {
      const names = new Set(services.map(({ name }) => name));
      const all = await readRollouts(file, catalog, now(), signal);
      return { rollouts: all.filter(({ service }) => names.has(service)), unknown: new Set(), gaps: [] };
    },
  };
}

/** Reads `deployments.ndjson`, oldest first; nothing later than `asOf` (epoch milliseconds). */
async function readRollouts(file: string, catalog: Catalog, asOf: number, signal: AbortSignal): Promise<Rollout[]> {
  const rollouts: Rollout[] = [];
  await access(file, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    const cure = "set ONCALL_GIT_DEPLOYMENTS to a file of deployments, one JSON object a line";
    throw new CouldNotLook("not_configured", `cannot read ${file} (${error.code})`, { cure });
  });
  for await (const { number, text } of readLines(file, signal)) {
    const parsed = Line.safeParse(parseJson(text));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const what = issue ? `${issue.path.join(".")}: ${issue.message}` : "not valid";
      throw new CouldNotLook("bad_response", `${basename(file)}, line ${number}: ${what}`, { tryNext: [COLUMNS] });
    }
    const { service, revision, at, by, repository, images } = parsed.data;
    const time = Date.parse(at);
    if (time > asOf) continue;
    const entry = catalog.find(service);
    rollouts.push({
      service: entry?.name ?? service,
      ...{ revision, at: time, by },
      ...(images === undefined ? {} : { images }),
      ...(repository === undefined ? {} : { repository }),
      ...(repository === undefined || (entry && repository === codeRepository(entry)) ? {} : { origin: repository }),
    });
  }
  return rollouts.sort((a, b) => a.at - b.at);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
