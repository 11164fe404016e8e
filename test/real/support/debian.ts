import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Programs that a Debian package brings, and what each must be asked to show that it is there. */
export interface DebianPackage {
  readonly name: string;
  readonly programs: readonly string[];
}

async function missing({ programs }: DebianPackage): Promise<string[]> {
  const found = await Promise.all(
    programs.map((program) =>
      run(program, ["--version"]).then(
        () => [],
        () => [program],
      ),
    ),
  );
  return found.flat();
}

/** Has Debian's package installed when it is missing and this process may; else says what could not be started, and why. */
export async function installDebian(wanted: DebianPackage): Promise<void> {
  const before = await missing(wanted);
  if (before.length === 0) return;
  const cannot = `cannot start ${before.join(" and ")}`;
  const by = `on Debian or Ubuntu: apt-get install ${wanted.name} (a system service of it need not run)`;
  if (process.getuid?.() !== 0) throw new Error(`${cannot}: not installed, and this is not root; ${by}`);
  // In runlevel 1 Debian's packages do not start their services.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  try {
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", wanted.name], { env });
  } catch (error) {
    throw new Error(`${cannot}: apt-get could not install it (${String(error).slice(0, 300)}); ${by}`);
  }
  const still = await missing(wanted);
  if (still.length > 0)
    throw new Error(`cannot start ${still.join(" and ")}: Debian's package ${wanted.name} did not bring it`);
}
