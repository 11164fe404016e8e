import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const Container = z.object({ command: z.array(z.string()) });

const CronJob = z.object({
  spec: z.object({
    schedule: z.string(),
    jobTemplate: z.object({
      spec: z.object({
        backoffLimit: z.int(),
        template: z.object({ spec: z.object({ containers: z.tuple([Container]) }) }),
      }),
    }),
  }),
});

export interface Job {
  readonly command: readonly string[];
  readonly backoffLimit: number;
}

/** A job of deploy/jobs/. */
export async function readCronJob(tree: string, name: string): Promise<Job> {
  const { spec } = CronJob.parse(parse(await readFile(path.join(tree, "deploy", "jobs", `${name}.yaml`), "utf8")));
  const { backoffLimit, template } = spec.jobTemplate.spec;
  return { command: template.spec.containers[0].command, backoffLimit };
}
