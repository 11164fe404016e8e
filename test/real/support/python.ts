import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { CACHE } from "../../bench/cache.ts";

const run = promisify(execFile);

/**
 * A virtual environment with these packages from PyPI (`moto[server]==5.2.5`), made once and kept; gives its folder of programs. It
 * works only where it was made, so that it is marked as whole in place of being renamed.
 */
export async function pythonPrograms(name: string, packages: readonly string[]): Promise<string> {
  const environment = join(CACHE, "python", packages.join("+").replace(/[^\w.+=-]/g, "_"));
  const whole = join(environment, "whole");
  if (existsSync(whole)) return join(environment, "bin");
  const cannot = `cannot start ${name}`;
  await mkdir(environment, { recursive: true });
  await run("python3", ["-m", "venv", "--clear", environment]).catch((error: unknown) => {
    const by = "on Debian or Ubuntu: apt-get install python3-venv";
    throw new Error(`${cannot}: python3 makes no virtual environment (${String(error).slice(0, 200)}); ${by}`);
  });
  const pip = ["install", "--quiet", "--disable-pip-version-check", ...packages];
  await run(join(environment, "bin/pip"), pip).catch((error: unknown) => {
    throw new Error(`${cannot}: pip could not install ${packages.join(", ")} (${String(error).slice(0, 300)})`);
  });
  await writeFile(whole, "");
  return join(environment, "bin");
}
