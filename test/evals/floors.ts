import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Expected, rightCommits } from "./expected.ts";
import { type Share, shareOf } from "./figures/share.ts";
import { alertAt } from "./moments.ts";

/** What costs no thought at all: a figure about commits means nothing without these beside it. */
export interface Floors {
  /** Says of every incident that no commit did it. */
  readonly none: Share;
  /** Blames whatever was deployed last before the page, wherever. */
  readonly latest: Share;
}

const Deployment = z.object({ revision: z.string(), at: z.string() });

export async function floorsOf(
  cases: readonly { readonly recording: string; readonly expected: Expected }[],
): Promise<Floors> {
  const right = await Promise.all(
    cases.map(async ({ recording, expected }) => {
      const guilty = rightCommits(expected);
      const latest = await latestDeployment(recording);
      return { none: guilty.length === 0, latest: latest === null ? guilty.length === 0 : guilty.includes(latest) };
    }),
  );
  return { none: shareOf(right.map(({ none }) => none)), latest: shareOf(right.map(({ latest }) => latest)) };
}

/** The revision that was rolled out last before the alert; null when none is recorded. */
async function latestDeployment(recording: string): Promise<string | null> {
  const before = await alertAt(recording);
  const text = await readFile(join(recording, "deployments.ndjson"), "utf8").catch(() => "");
  const all = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [Deployment.parse(JSON.parse(line))]));
  const past = all.filter(({ at }) => Date.parse(at) <= before).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return past.at(-1)?.revision ?? null;
}
