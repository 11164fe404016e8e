import { redact, riskOfPath } from "@oncall-copilot/core";
import type { Ownership } from "../paths/ownership.ts";
import { pathProblem } from "../paths/safe-path.ts";
import { type ServicePaths, SHARED_PATHS } from "../paths/service-paths.ts";
import { shownPath } from "../paths/shown-path.ts";
import type { FileChange, FileVersion } from "../store.ts";
import type { ChangeDiff } from "./diff.ts";
import { parseProblem } from "./parse-check.ts";
import { refusal } from "./refuse.ts";
import { isBinary } from "./revert.ts";

/** How large a pull request may be. */
export interface SizeLimits {
  readonly files: number;
  /** Added and removed. */
  readonly lines: number;
  /** Of the diff. */
  readonly bytes: number;
}

/** Kinds of redaction that are no reason to keep a change out: an address in a CODEOWNERS-like comment is no secret. */
const HARMLESS = new Set(["email"]);

/** For whom a change is made. */
export interface ChangedFor {
  readonly service: string;
  readonly own: ServicePaths;
  readonly ownership: Ownership;
}

/** Whether every path may be changed at all: plain, not run on merge, and the service's own or declared as shared. */
export function checkPaths(paths: readonly string[], wanted: ChangedFor): void {
  for (const path of paths) {
    const problem = pathProblem(path);
    if (problem) throw refusal("outside_service", `${shownPath(path)} is not a path to change: ${problem}`);
    const risk = riskOfPath(path);
    if (risk === "runs_or_decides") {
      throw refusal(
        "runs_code_on_merge",
        `${shownPath(path)} runs code, instructs an agent or decides who reviews and merges (CI, hooks, builds, packages, owners)`,
      );
    }
    if (risk === "not_a_service_file") {
      throw refusal(
        "not_a_service_file",
        `${shownPath(path)} is of no kind that a service's code or configuration has, so a person must change it`,
      );
    }
  }
  const outside = paths.filter((path) => !wanted.ownership.mayChange(wanted.service, path));
  if (outside.length > 0) throw refusal("outside_service", whyOutside(outside, wanted));
}

function whyOutside(outside: readonly string[], { service, own, ownership }: ChangedFor): string {
  const named = (paths: readonly string[]) => {
    const more = paths.length > 5 ? ` and ${paths.length - 5} more` : "";
    return `${paths.slice(0, 5).map(shownPath).join(", ")}${more}`;
  };
  const it = (paths: readonly string[]) => (outside.length === 1 ? "it" : named(paths));
  const owners = [...new Set(outside.flatMap((path) => ownership.ownersOf(path)))];
  const nobodys = outside.filter((path) => ownership.ownersOf(path).length === 0);
  return [
    `${named(outside)} is outside the paths of ${service} (${own.globs.join(", ")}, by ${own.source})`,
    ...owners.slice(0, 5).map((owner) => {
      return `${owner} owns ${it(outside.filter((path) => ownership.ownersOf(path).includes(owner)))}`;
    }),
    ...(nobodys.length === 0
      ? []
      : [
          `nobody owns ${it(nobodys)}: the annotation ${SHARED_PATHS} of ${service} in the catalog can allow a fix to change shared files`,
        ]),
  ].join("; ");
}

/** Whether so many files may change. */
export function checkCount(files: number, limits: SizeLimits): void {
  if (files > limits.files) {
    throw refusal("too_large", `${files} files change, more than ${limits.files} (ONCALL_GIT_MOST_FILES)`);
  }
}

/** Whether what is in the files may be proposed: plain text, small, without secrets, and parsing if it did before. */
export async function checkContent(files: readonly FileChange[], limits: SizeLimits): Promise<void> {
  checkCount(files.length, limits);
  for (const { path, before, after } of files) {
    for (const version of [before, after]) {
      if (!version) continue;
      if (!version.mode.startsWith("100")) {
        throw refusal("not_a_plain_file", `${shownPath(path)} is a symbolic link or submodule`);
      }
      if (isBinary(version.content))
        throw refusal("not_a_plain_file", `${shownPath(path)} is binary; nobody could review it`);
      // The differ's time grows with the square of the file, so a huge file never reaches it.
      if (version.content.length > limits.bytes * 16) {
        throw refusal("too_large", `${shownPath(path)} has ${version.content.length} bytes, too many to compare`);
      }
    }
    const problem =
      after && (await parseProblem(path, before?.content.toString("utf8"), after.content.toString("utf8")));
    if (problem) throw refusal("does_not_parse", `${shownPath(path)} would no longer parse: ${problem}`);
  }
}

/** Whether the diff is small enough and brings no secret in. */
export async function checkDiff(diff: ChangeDiff, files: readonly FileChange[], limits: SizeLimits): Promise<void> {
  const lines = diff.perFile.reduce((sum, { added, removed }) => sum + added.length + removed, 0);
  if (lines > limits.lines) {
    throw refusal("too_large", `${lines} lines change, more than ${limits.lines} (ONCALL_GIT_MOST_LINES)`);
  }
  const bytes = Buffer.byteLength(diff.text);
  if (bytes > limits.bytes) {
    throw refusal("too_large", `the diff has ${bytes} bytes, more than ${limits.bytes} (ONCALL_GIT_MOST_BYTES)`);
  }
  for (const { path, added } of diff.perFile) {
    const file = files.find((candidate) => candidate.path === path);
    const found = secretKinds(await countSecrets(added.join("\n")));
    // A secret may be told by a line around it that did not change, so the whole file is compared as well.
    const [was, is] = [await countSecrets(textOf(file?.before)), await countSecrets(textOf(file?.after))];
    const brought = secretKinds(is).filter((kind) => (is[kind] ?? 0) > (was[kind] ?? 0));
    const kinds = [...new Set([...found, ...brought])];
    if (kinds.length > 0) {
      throw refusal("holds_secret", `the lines added to ${shownPath(path)} hold what looks like ${kinds.join(", ")}`, [
        "a reference to where the secret is kept, in place of the secret",
      ]);
    }
  }
}

const textOf = (version: FileVersion | undefined) => version?.content.toString("utf8") ?? "";
const countSecrets = async (text: string) => (await redact(text)).kinds;
const secretKinds = (kinds: Readonly<Record<string, number>>) =>
  Object.keys(kinds).filter((kind) => !HARMLESS.has(kind));
