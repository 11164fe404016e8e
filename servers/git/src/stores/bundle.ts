import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CouldNotLook } from "@oncall-copilot/core";
import { GitError } from "@oncall-copilot/core/backend";
import { git } from "../git/run.ts";

/**
 * Unpacks a git bundle into a bare repository, once: the folder is named for the bundle's content, and made whole under
 * another name first, so that several servers may start on the same recording at once.
 */
export async function unpackBundle(
  bundle: string,
  workdir: string,
  signal: AbortSignal,
  name = "repo.bundle",
): Promise<string> {
  if (!(await exists(bundle))) throw new CouldNotLook("not_recorded", `this recording has no repository ${name}`);
  const target = join(workdir, "upstreams", `${await sha256(bundle, signal)}.git`);
  if (await exists(target)) return target;
  const draft = `${target}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await git(undefined, ["init", "--quiet", "--bare", "--template=", "--", draft], { signal });
    const fetch = [
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--",
      bundle,
      "+refs/heads/*:refs/heads/*",
    ];
    await git(draft, fetch, { signal, fetches: true });
    await rename(draft, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error; // else someone else was first, with the same content
    });
    return target;
  } catch (error) {
    if (error instanceof GitError) {
      throw new CouldNotLook("bad_response", `${name} is not a git bundle that can be unpacked`, { cause: error });
    }
    throw workdirProblem(error);
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {}); // what failed before says more
  }
}

/** An error of the file system in a folder of ours, with the variable that cures it. */
export function workdirProblem(error: unknown, variable = "ONCALL_GIT_WORKDIR"): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || !["EACCES", "EPERM", "EROFS", "ENOTDIR", "ENOSPC", "ENOENT", "EEXIST"].includes(code))
    return error;
  return new CouldNotLook(
    "not_configured",
    `cannot write where ${variable} points (${code}); set it to a folder that can be written`,
  );
}

async function sha256(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { signal }) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex").slice(0, 32);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
