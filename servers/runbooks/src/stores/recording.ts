import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { CouldNotLook, type Recording, readLines } from "@oncall-copilot/core";
import { splitFrontMatter } from "../pages/front-matter.ts";
import type { Deployment, Library, Page, RunbookStore } from "../store.ts";

/** A page larger than this is no runbook page; it is left out and said so. */
const MOST_BYTES = 1_000_000;
const MOST_PAGES = 20_000;

/** The runbooks of a recording, `runbooks/**` with the ending `.md`, and its `deployments.ndjson`. Read once: it never changes. */
export function recordedRunbooks(recording: Recording): RunbookStore {
  let reading: Promise<Library> | undefined;
  return {
    name: `the runbooks of recording ${recording.name}`,
    library: () => {
      reading ??= read(recording).catch((error: unknown) => {
        reading = undefined;
        throw error;
      });
      return reading;
    },
  };
}

async function read(recording: Recording): Promise<Library> {
  const folder = recording.path("runbooks");
  if (folder === undefined) throw new CouldNotLook("not_recorded", "this recording has no runbooks (runbooks/**/*.md)");
  const gaps: string[] = [];
  const pages: Page[] = [];
  let later = 0;
  for (const file of await markdownFiles(folder)) {
    const id = relative(folder, file).split(sep).join("/");
    const { size } = await stat(file);
    if (size > MOST_BYTES) {
      gaps.push(`runbook page ${id} was left out: ${size} bytes, more than ${MOST_BYTES}`);
      continue;
    }
    const { matter, body, problem } = await splitFrontMatter(await readFile(file, "utf8"));
    if (problem !== undefined) gaps.push(`the front matter of runbook page ${id} cannot be read (${problem})`);
    if (matter.updated !== null && matter.updated > recording.asOf) {
      later++;
      continue;
    }
    pages.push({
      id,
      title: matter.title ?? titleOf(body) ?? id,
      labels: matter.labels,
      version: matter.version,
      updatedAt: matter.updated,
      text: body,
      url: `${recording.url("runbooks")}/${encodeURI(id).replaceAll("#", "%23")}`,
    });
  }
  if (later > 0) gaps.push(`runbook pages updated after this recording's moment are left out: ${later}`);
  const deployments = await readDeployments(recording);
  if (deployments === undefined) {
    gaps.push("pages are not compared with deployments: this recording has no deployments (deployments.ndjson)");
  }
  return { pages, deployments, gaps };
}

async function markdownFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:md|markdown)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .slice(0, MOST_PAGES);
}

/** The first line that is a level-one heading, for a page whose front matter has no title. */
const titleOf = (body: string): string | undefined => /^#[ \t]+(.+?)[ \t#]*$/m.exec(body)?.[1];

async function readDeployments(recording: Recording): Promise<Deployment[] | undefined> {
  const file = recording.path("deployments");
  if (file === undefined) return undefined;
  const deployments: Deployment[] = [];
  for await (const { number, text } of readLines(file)) {
    const found = deploymentOf(text);
    if (!found) throw new CouldNotLook("bad_response", `deployments.ndjson, line ${number}: not a deployment`);
    if (found.at <= recording.asOf) deployments.push(found);
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
