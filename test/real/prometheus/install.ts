import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const PROGRAMS = ["prometheus", "promtool"] as const;

async function missing(): Promise<string[]> {
  const found = await Promise.all(
    PROGRAMS.map((program) =>
      run(program, ["--version"]).then(
        () => [],
        () => [program],
      ),
    ),
  );
  return found.flat();
}

/** Has Debian's package installed when it is missing and this process may; else says what could not be started, and why. */
export async function installPrometheus(): Promise<void> {
  const before = await missing();
  if (before.length === 0) return;
  const by = "on Debian or Ubuntu: apt-get install prometheus (its system service need not run)";
  if (process.getuid?.() !== 0)
    throw new Error(`cannot start ${before.join(" and ")}: not installed, and this is not root; ${by}`);
  // In runlevel 1 Debian's packages do not start their services.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  try {
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", "prometheus"], { env });
  } catch (error) {
    throw new Error(
      `cannot start ${before.join(" and ")}: apt-get could not install it (${String(error).slice(0, 300)}); ${by}`,
    );
  }
  const still = await missing();
  if (still.length > 0)
    throw new Error(`cannot start ${still.join(" and ")}: Debian's package prometheus did not bring it`);
}
