import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Delta is made for one line of Spark: these two belong together, and run on Java 17. */
const PYSPARK = "4.0.2";
const DELTA = "4.0.1";
/** Spark fetches these from Maven Central by itself, once. */
export const DELTA_JARS = `io.delta:delta-spark_2.13:${DELTA}`;

export const CACHE = join(import.meta.dirname, "../.cache/databricks");

/** The Python of a virtual environment that has Spark; made once. Says what it could not make, and why. */
export async function installSpark(): Promise<string> {
  const environment = join(CACHE, `spark-${PYSPARK}`);
  const python = join(environment, "bin/python");
  await needs("java", ["-version"], "on Debian or Ubuntu: apt-get install openjdk-17-jre-headless");
  if (existsSync(join(environment, "complete"))) return python;
  await needs("python3", ["-m", "venv", "--help"], "on Debian or Ubuntu: apt-get install python3-venv");
  await mkdir(CACHE, { recursive: true });
  await rm(environment, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", environment]);
    const wanted = [`pyspark==${PYSPARK}`, `delta-spark==${DELTA}`];
    await run(python, ["-m", "pip", "install", "--quiet", ...wanted], { maxBuffer: 16 * 1_048_576 });
    await mkdir(join(environment, "complete.draft"));
    await rename(join(environment, "complete.draft"), join(environment, "complete"));
  } catch (error) {
    throw new Error(`cannot start Spark: pip could not install it from PyPI (${String(error).slice(0, 300)})`);
  }
  return python;
}

async function needs(program: string, args: readonly string[], by: string): Promise<void> {
  await run(program, args).catch((error: unknown) => {
    throw new Error(`cannot start Spark: ${program} does not run (${String(error).slice(0, 200)}); ${by}`);
  });
}
