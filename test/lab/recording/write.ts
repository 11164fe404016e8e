import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { RUNBOOKS } from "../paths.ts";
import type { Expected } from "../scenario.ts";
import { run } from "../shell.ts";

/** The contents of a recording, ready to be written. */
export interface RecordingParts {
  readonly alert: Buffer;
  readonly catalog: string;
  readonly logs: string;
  readonly metrics: string;
  readonly history: string;
  readonly deployments: string;
  readonly expected: Expected;
  readonly notes: string;
  /** The bare upstream that the bundle is made of. */
  readonly upstream: string;
}

export async function writeRecording(directory: string, parts: RecordingParts): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const write = (name: string, content: string | Buffer): Promise<void> =>
    writeFile(path.join(directory, name), content);
  await write("alert.json", parts.alert);
  await write("catalog.yaml", parts.catalog);
  await write("logs.ndjson.gz", compress(parts.logs));
  await write("metrics.csv.gz", compress(parts.metrics));
  await write("history.ndjson.gz", compress(parts.history));
  await write("deployments.ndjson", parts.deployments);
  await write("expected.yaml", stringify(parts.expected, { lineWidth: 120 }));
  await write("NOTES.md", parts.notes);
  await cp(RUNBOOKS, path.join(directory, "runbooks"), { recursive: true });
  await run("git", ["bundle", "create", "--quiet", path.join(path.resolve(directory), "repo.bundle"), "main"], {
    cwd: parts.upstream,
  });
}

function compress(text: string): Buffer {
  return gzipSync(text, { level: 9 });
}

/** What a recording weighs, in bytes. */
export async function weigh(directory: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) total += (await stat(path.join(entry.parentPath, entry.name))).size;
  }
  return total;
}

export async function readCatalog(tree: string): Promise<string> {
  return readFile(path.join(tree, "catalog-info.yaml"), "utf8");
}
