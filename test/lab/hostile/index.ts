import path from "node:path";
import { RECORDINGS } from "../paths.ts";
import { hostileContradiction } from "./contradiction.ts";
import { hostileDirectives } from "./directives.ts";
import { type Transform, transformRecording } from "./material.ts";
import { hostileSecrets } from "./secrets.ts";
import { hostileUnmeasured } from "./unmeasured.ts";

/** Recordings that are made from others, since a run would add nothing. */
export const HOSTILE: readonly Transform[] = [
  hostileDirectives,
  hostileSecrets,
  hostileUnmeasured,
  hostileContradiction,
];

export async function makeHostile(out: string, say: (message: string) => void): Promise<void> {
  for (const transform of HOSTILE) {
    await transformRecording(path.join(RECORDINGS, transform.base), path.join(out, transform.name), transform);
    say(`${transform.name}, from ${transform.base}`);
  }
}
