import { type Answer, BadRequest, estimateTokens, instant, mostThatFit } from "@oncall-copilot/core";
import { nearestPaths } from "../fix/revert.ts";
import { short } from "../git/object-id.ts";
import { shownPath } from "../paths/shown-path.ts";
import type { FileOutput, ListedFile } from "./answer.ts";
import type { Reading } from "./reading.ts";

const DEFAULT_FILES = 60;
/** Tokens of the files: 1,500 for the answer, less what stands around them; more when lines are asked for. */
const DEFAULT_TOKENS = 1_250;
const LARGE_TOKENS = 3_000;
/** Of one file besides its path, as data and in the evidence together. */
const TOKENS_BESIDES = 14;
/** Folders that are offered in place of a long list. */
const MAX_FOLDERS = 4;

/** What is in a folder that the service may read: its own files first, then shared ones, a page at a time. */
export async function listFolder(reading: Reading): Promise<Answer<FileOutput>> {
  const { path, startLine, lines, entry, repository, chosen, webUrl, at, context } = reading;
  const { revision, which } = chosen;
  const folder = path.slice(0, -1);
  const found = await repository.files(folder, revision, context.signal);
  if (found.items.length === 0) throw await noSuchFolder(folder, reading);
  const plain = found.items.filter(({ mode }) => mode.startsWith("100"));
  const all = ownFirst([...readable(plain, reading), ...reading.also]);
  if (all.length === 0) throw nothingToRead(plain, reading);
  if (startLine > all.length) {
    throw new BadRequest(
      `start_line ${startLine} is past the end: ${shownPath(path)} has ${count(all.length, "file")} that ${entry.name} may read`,
    );
  }
  const wanted = all.slice(startLine - 1, startLine - 1 + (lines ?? DEFAULT_FILES));
  // The first is always shown: no path is as long as an answer.
  const shown = wanted.slice(
    0,
    Math.max(1, mostThatFit(wanted, lines === undefined ? DEFAULT_TOKENS : LARGE_TOKENS, cost)),
  );
  const last = startLine + shown.length - 1;
  const next = last < all.length ? last + 1 : null;
  const title = `${entry.name} files in ${shownPath(path)} at ${revision} (${which}), ${startLine} to ${last} of ${all.length}, each with its size in bytes:`;
  const unlisted = [
    ...told(plain.length - (all.length - reading.also.length), "of another service is", "of other services are"),
    ...told(found.items.length - plain.length, "link or submodule is", "links or submodules are"),
  ];
  return {
    outcome: "found",
    summary: [
      `${shownPath(path)} at ${short(revision)} (${which}): ${howMany(all, { first: startLine, last, next }, entry.name)}.`,
      ...unlisted.map((what) => `${what} not listed.`),
      ...(next === null ? [] : [howToGoOn(folder, all.slice(last), next)]),
    ].join(" "),
    gaps: [
      ...chosen.gaps,
      ...(found.more ? [`${shownPath(path)} holds more files than are looked through; ask for a narrower folder`] : []),
    ],
    data: {
      ...{ path, revision, first_line: startLine, last_line: last, total_lines: all.length },
      ...{ next_start_line: next, files: shown },
      evidence: await context.evidence({
        text: [title, ...shown.map(lineOf)].join("\n"),
        url: webUrl
          ? [webUrl, "tree", short(revision), ...folder.split("/").map(encodeURIComponent)].join("/").replace(/\/$/, "")
          : repository.url(`${short(revision)}:${encodeURI(folder)}`),
        at: instant(at),
        about: [entry.name],
        shows: [{ shows: "state", of: path }],
      }),
    },
  };
}

const count = (number: number, one: string) => `${number} ${number === 1 ? one : `${one}s`}`;
const told = (number: number, one: string, many: string) =>
  number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
const lineOf = ({ path, own, bytes }: ListedFile) => `${own ? "own" : "shared"} ${shownPath(path)} ${bytes}`;

/** Each path stands in an answer twice. */
const cost = (files: readonly ListedFile[]) =>
  2 * estimateTokens(files.map(({ path }) => path).join("\n")) + TOKENS_BESIDES * files.length;

/** Those of a repository's files that a service may read. */
export function readable(
  files: readonly { readonly path: string; readonly bytes: number }[],
  { entry, ownership }: Pick<Reading, "entry" | "ownership">,
): readonly ListedFile[] {
  return files
    .filter(({ path }) => ownership.mayRead(entry.name, path))
    .map(({ path, bytes }) => ({ path, own: ownership.ownersOf(path).includes(entry.name), bytes }));
}

function ownFirst(files: readonly ListedFile[]): readonly ListedFile[] {
  return [...files].sort((a, b) => Number(b.own) - Number(a.own) || (a.path < b.path ? -1 : 1));
}

function howMany(
  all: readonly ListedFile[],
  { first, last, next }: { first: number; last: number; next: number | null },
  service: string,
): string {
  const own = all.filter((file) => file.own).length;
  if (first > 1 || next !== null)
    return `files ${first} to ${last} of ${all.length} that ${service} may read, its own first (${own})`;
  const whose = own === all.length ? "all its own" : own === 0 ? "all shared" : `${own} of them its own`;
  return `${count(all.length, "file")} that ${service} may read, ${whose}`;
}

/** The folders right below that hold most of what was left out. */
function howToGoOn(folder: string, rest: readonly ListedFile[], next: number): string {
  const depth = folder === "" ? 0 : folder.split("/").length;
  const left = new Map<string, number>();
  for (const { path } of rest) {
    const parts = path.split("/");
    if (parts.length <= depth + 1) continue;
    const below = `${parts.slice(0, depth + 1).join("/")}/`;
    left.set(below, (left.get(below) ?? 0) + 1);
  }
  const folders = [...left].sort(([, a], [, b]) => b - a).slice(0, MAX_FOLDERS);
  const more = `more with start_line=${next}`;
  if (folders.length === 0) return `Ask for ${more}.`;
  return `Ask for a narrower folder (${folders.map(([below]) => shownPath(below)).join(", ")}), or for ${more}.`;
}

function nothingToRead(files: readonly { readonly path: string }[], { path, entry, ownership }: Reading): BadRequest {
  const owners = [...new Set(files.flatMap((file) => ownership.ownersOf(file.path)))].slice(0, MAX_FOLDERS);
  const why = owners.length === 0 ? "links and submodules only" : `they are ${owners.join("', ")}'`;
  return new BadRequest(`${shownPath(path)} holds no file that ${entry.name} may read: ${why}`, {
    tryNext: owners.map((owner) => `service ${owner}`),
  });
}

async function noSuchFolder(folder: string, reading: Reading): Promise<BadRequest> {
  const { path, entry, repository, ownership, chosen, context } = reading;
  const listed = (await repository.paths(chosen.revision, context.signal)).items;
  if (listed.includes(folder)) {
    return new BadRequest(`${shownPath(folder)} is a file: leave the / out to read it`, {
      tryNext: [`path ${shownPath(folder)}`],
    });
  }
  const readable = listed.filter((file) => ownership.mayRead(entry.name, file));
  const folders = [...new Set(readable.flatMap(foldersOf))];
  return new BadRequest(`there is no folder ${shownPath(path)} at ${short(chosen.revision)} (${chosen.which})`, {
    tryNext: nearestPaths(folder, folders).map((other) => `path ${shownPath(`${other}/`)}`),
  });
}

/** `deploy` and `deploy/hpa` for `deploy/hpa/pricing.yaml`. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
