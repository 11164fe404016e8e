import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../../..");

export type FunctionName = "alert" | "triage" | "slack";

/** The folder of a function's bundle, as it lies at /var/task. */
export const bundleOf = (name: FunctionName): string => join(ROOT, "deploy/lambda/dist", name);

/** Builds the functions as a deployment does. */
export async function buildBundles(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, "deploy/lambda/build.mjs")]);
}
