import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** fakesnow leans on inner parts of Snowflake's connector for Python that its version 5 no longer has. */
const PACKAGES = ["fakesnow[server]==0.12.1", "snowflake-connector-python==4.8.1"];
const VERSION = "fakesnow-0.12.1-1";
const CACHE = join(import.meta.dirname, "../.cache");

/** A Python with fakesnow, in a virtual environment that is made once; else says what could not be started, and why. */
export async function installFakesnow(): Promise<string> {
  const folder = join(CACHE, VERSION);
  const python = join(folder, "bin/python");
  if (existsSync(join(folder, "ready"))) return python;
  await rm(folder, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  try {
    // A virtual environment cannot be moved: a marker at the end says that it is whole.
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
    await mkdir(join(folder, "ready"));
  } catch (error) {
    throw new Error(
      `cannot start fakesnow: a virtual environment with ${PACKAGES.join(" and ")} could not be made (${String(error).slice(0, 400)}); it takes Python 3.10 or later with venv (on Debian: apt-get install python3-venv)`,
    );
  }
  return python;
}
