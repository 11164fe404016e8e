import { run } from "../shell.ts";

const NEEDED = [
  { program: "prometheus", debianPackage: "prometheus" },
  { program: "prometheus-alertmanager", debianPackage: "prometheus-alertmanager" },
  { program: "git", debianPackage: "git" },
] as const;

export interface Versions {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly git: string;
}

/** Finds the programs a recording is made with, or says which packages bring them. */
export async function findPrograms(): Promise<Versions> {
  const versions: string[] = [];
  const missing: string[] = [];
  for (const { program, debianPackage } of NEEDED) {
    try {
      const printed = await run(program, ["--version"]);
      versions.push(/\d+\.\d+(?:\.\d+)?/.exec(printed)?.[0] ?? "unknown");
    } catch {
      missing.push(debianPackage);
    }
  }
  if (missing.length > 0) {
    const packages = missing.join(" ");
    throw new Error(
      `The lab needs programs that are not installed. On Debian or Ubuntu: apt-get install ${packages}\n` +
        "Their system services need not run: the lab starts the programs itself, on loopback.",
    );
  }
  const [prometheus = "", alertmanager = "", git = ""] = versions;
  return { prometheus, alertmanager, git };
}
