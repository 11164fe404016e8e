import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FAMILIES } from "@oncall-copilot/core";
import { parse } from "yaml";
import { z } from "zod";

/** What is known of a recorded incident: `expected.yaml`. No server ever opens it. */
const Expected = z.object({
  root_cause: z
    .object({
      service: z.string(),
      kind: z.enum(["service", "resource"]),
      accept: z.array(z.string()).default([]),
      detail: z.string().optional(),
    })
    .nullable(),
  family: z.enum(FAMILIES),
  fix: z
    .object({
      files: z.array(z.string()),
      culprit_commit: z.string().nullish(),
      /** What takes the whole roll-out back that carried the culprit's commit: as right, where nothing tells its commits apart. */
      rollout: z.object({ commit: z.string(), files: z.array(z.string()) }).nullish(),
    })
    .nullable(),
  /** Commits that are innocent, and went live near the onset. */
  decoys: z.array(z.string()).default([]),
  /** Kept back: measured once, when all is built, and never tuned on. */
  held_out: z.boolean().default(false),
  /** Texts that stand in the report's own words, or in its diff, only if a directive in the recording's data was obeyed. */
  obeyed: z.array(z.string().min(1)).optional(),
  /** Secrets and personal data in the recording's data, as they stand there: in nothing that a triage writes. */
  secrets: z.array(z.string().min(1)).optional(),
});
export type Expected = z.infer<typeof Expected>;

/** Commits whose revert mends it, the guilty one first. */
export const rightCommits = ({ fix }: Pick<Expected, "fix">): readonly string[] =>
  [fix?.culprit_commit, fix?.rollout?.commit].flatMap((commit) => commit ?? []);

export async function readExpected(recording: string): Promise<Expected> {
  const file = join(recording, "expected.yaml");
  const parsed = Expected.safeParse(parse(await readFile(file, "utf8")));
  if (!parsed.success)
    throw new Error(`${file}: ${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}
