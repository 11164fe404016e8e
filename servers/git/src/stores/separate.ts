import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GitError } from "@oncall-copilot/core/backend";
import { refusal } from "../fix/refuse.ts";
import { gitText } from "../git/run.ts";
import { findGitDir } from "./git-dir.ts";
import type { LocalRepository } from "./local-repository.ts";

const CURE = ["ONCALL_GIT_FORK: a bare repository of its own, or a path that does not exist yet"];

/** Refuses a fork through which something could be written to the upstream. A fork that is not there yet is fine. */
export async function checkSeparate(fork: string, upstream: LocalRepository, signal: AbortSignal): Promise<void> {
  const place = await realPlace(fork);
  if (isWithin(place, upstream.gitDir)) {
    throw refusal("could_write_upstream", "the configured fork is the upstream itself, or lies inside it", CURE);
  }
  if (!(await exists(fork))) return;
  const gitDir = await findGitDir(fork, "ONCALL_GIT_FORK", signal);
  if (isWithin(gitDir, upstream.gitDir) || isWithin(upstream.gitDir, gitDir)) {
    throw refusal("could_write_upstream", "the configured fork is the upstream itself, or lies inside it", CURE);
  }
  for (const part of ["objects", "refs"]) {
    if ((await realPlace(join(gitDir, part))) === (await realPlace(join(upstream.gitDir, part)))) {
      throw refusal("could_write_upstream", `the configured fork shares its ${part} with the upstream`, CURE);
    }
  }
  const [mine, theirs] = [await alternates(gitDir), await alternates(upstream.gitDir)];
  const upstreamObjects = await realPlace(join(upstream.gitDir, "objects"));
  if (mine.includes(upstreamObjects) || theirs.includes(await realPlace(join(gitDir, "objects")))) {
    throw refusal("could_write_upstream", "the configured fork and the upstream share objects (alternates)", CURE);
  }
  if (await pushesTo(gitDir, upstream, signal)) {
    throw refusal("could_write_upstream", "the configured fork has the upstream as a remote that it can push to", [
      "remove that remote, or set its push URL to no_push",
      ...CURE,
    ]);
  }
}

async function pushesTo(gitDir: string, upstream: LocalRepository, signal: AbortSignal): Promise<boolean> {
  const names = (await gitText(gitDir, ["remote"], { signal })).split("\n").filter((name) => name !== "");
  for (const name of names) {
    const urls = await remoteUrls(gitDir, name, signal);
    for (const url of urls) {
      const path = url.startsWith("file:") ? pathOf(url) : url.includes("://") ? undefined : resolve(gitDir, url);
      if (path === undefined || !(await exists(path))) continue;
      const target = await findGitDir(path, "remote", signal).catch(() => path);
      if (target === upstream.gitDir) return true;
    }
  }
  return false;
}

async function remoteUrls(gitDir: string, name: string, signal: AbortSignal): Promise<string[]> {
  try {
    return (await gitText(gitDir, ["remote", "get-url", "--push", "--all", "--", name], { signal })).split("\n");
  } catch (error) {
    if (error instanceof GitError) return []; // a remote without a URL
    throw error;
  }
}

async function alternates(gitDir: string): Promise<string[]> {
  const objects = join(gitDir, "objects");
  const text = await readFile(join(objects, "info", "alternates"), "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Promise.all(lines.map((line) => realPlace(resolve(objects, line))));
}

function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** The real path, as far as it exists. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPlace(parent), relative(parent, path));
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
