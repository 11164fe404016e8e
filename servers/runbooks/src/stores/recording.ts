import { readFile } from "node:fs/promises";
import { CouldNotLook } from "@oncall-copilot/core";
import type { Recording } from "@oncall-copilot/core/recording";
import type { Library, RunbookStore } from "../store.ts";
import { assembler, type Read } from "./assemble.ts";
import { readDeployments } from "./deployments.ts";
import { goneFrom, MAX_BYTES, readMarkdown, tooLarge } from "./markdown/page.ts";
import { markdownFiles } from "./markdown/walk.ts";

/** The runbooks of a recording, `runbooks/**` with the ending `.md`, and its `deployments.ndjson`. Read once: it never changes. */
export function recordedRunbooks(recording: Recording): RunbookStore {
  let reading: Promise<Library> | undefined;
  return {
    name: `the runbooks of recording ${recording.name}`,
    link: recording.url("runbooks"),
    find: () => {
      reading ??= readAll(recording).catch((error: unknown) => {
        reading = undefined;
        throw error;
      });
      return reading;
    },
  };
}

async function readAll(recording: Recording): Promise<Library> {
  const folder = recording.path("runbooks");
  if (folder === undefined) throw new CouldNotLook("not_recorded", "this recording has no runbooks (runbooks/**/*.md)");
  const read: Read[] = [];
  for (const { path, file, bytes } of await markdownFiles(folder)) {
    read.push(
      bytes > MAX_BYTES
        ? tooLarge(path, bytes)
        : await readMarkdown(path, await readFile(file, "utf8"), recording.url("runbooks")),
    );
  }
  const deployed = recording.path("deployments");
  const deployments = deployed === undefined ? undefined : await readDeployments(deployed);
  const ids = new Set(read.flatMap(({ page }) => page?.id ?? []));
  return assembler(
    () => recording.asOf,
    "this recording's moment",
  )({
    read,
    deployments,
    goneTarget: goneFrom(ids),
    gaps:
      deployments === undefined
        ? ["pages are not compared with deployments: this recording has no deployments (deployments.ndjson)"]
        : [],
  });
}
