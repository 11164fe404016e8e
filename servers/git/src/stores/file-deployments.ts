import { type Catalog, CouldNotLook, codeRepository } from "@oncall-copilot/core";
import { readLines } from "@oncall-copilot/core/recording";
import { z } from "zod";
import type { Deployments, Rollout } from "../deployments.ts";

const Line = z.object({
  service: z.string().min(1),
  revision: z.string().min(1),
  at: z.iso.datetime({ offset: true }),
  by: z.string().default("unknown"),
  repository: z.string().optional(),
  images: z.array(z.string()).optional(),
});

/** Deployments that a file tells. It says nothing of how things stand now. */
export function fileDeployments(file: string, catalog: Catalog, now: () => number): Deployments {
  return {
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
  for await (const { number, text } of readLines(file, signal)) {
    const parsed = Line.safeParse(parseJson(text));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const what = issue ? `${issue.path.join(".")}: ${issue.message}` : "not valid";
      throw new CouldNotLook("bad_response", `deployments.ndjson, line ${number}: ${what}`);
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
