import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const Metric = z.object({ resource: z.object({ target: z.object({ averageUtilization: z.int() }) }) });

/** As much of a HorizontalPodAutoscaler as the autoscaler acts on. */
const HorizontalPodAutoscaler = z.object({
  spec: z.object({ minReplicas: z.int(), maxReplicas: z.int(), metrics: z.tuple([Metric]) }),
});

export interface Hpa {
  readonly min: number;
  readonly max: number;
  /** Use of the requested CPU that is aimed at, as a ratio. */
  readonly target: number;
}

/** A service's autoscaler, or undefined when it has none. */
export async function readHpa(tree: string, service: string): Promise<Hpa | undefined> {
  const file = path.join(tree, "deploy", "hpa", `${service}.yaml`);
  if (!existsSync(file)) return undefined;
  const { spec } = HorizontalPodAutoscaler.parse(parse(await readFile(file, "utf8")));
  const [metric] = spec.metrics;
  return {
    min: spec.minReplicas,
    max: spec.maxReplicas,
    target: metric.resource.target.averageUtilization / 100,
  };
}
