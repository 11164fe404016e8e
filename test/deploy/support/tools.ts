import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../../..");

/** Where what was built lies between runs. */
export const CACHE = process.env["ONCALL_DEPLOY_CACHE"] ?? join(ROOT, "node_modules/.cache/oncall-deploy");
const BIN = join(CACHE, "bin");

/** Told once each, since what is skipped must not look as if it had passed. */
export function missing(what: string, why: string): undefined {
  process.stderr.write(`\nSKIPPED: ${what}: ${why}\n\n`);
  return undefined;
}

function onPath(program: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(existsSync);
}

/** A Go program in the cache; on PATH it is taken from there, and else built, if there is a Go. */
async function goProgram(program: string, build: (go: string) => Promise<unknown>): Promise<string | undefined> {
  const built = join(BIN, program);
  if (existsSync(built)) return built;
  const go = onPath("go");
  if (!go) return missing(program, "neither it nor Go is on PATH");
  await mkdir(BIN, { recursive: true });
  return build(go).then(
    () => built,
    (error: unknown) => missing(program, `it could not be built (${String(error).slice(0, 400)})`),
  );
}

const installed = (program: string, module: string) =>
  goProgram(program, (go) =>
    run(go, ["install", module], { env: { ...process.env, GOBIN: BIN, GOFLAGS: "-mod=mod" }, maxBuffer: 1 << 26 }),
  );

export const helm = async () => onPath("helm") ?? installed("helm", "helm.sh/helm/v3/cmd/helm@v3.22.0");
export const terraform = async () =>
  onPath("terraform") ?? installed("terraform", "github.com/hashicorp/terraform@v1.11.4");

/** The provider that makes nothing (terraform/stub-provider). */
export const stubProvider = () =>
  goProgram("terraform-provider-aws", (go) =>
    run(go, ["build", "-o", join(BIN, "terraform-provider-aws"), "."], {
      cwd: join(import.meta.dirname, "../terraform/stub-provider"),
      maxBuffer: 1 << 26,
    }),
  );

/** Lambda's runtime client for Node, as AWS publishes it; its native part is compiled once (cmake, autoconf, libtool, make, g++). */
export async function runtimeClient(): Promise<string | undefined> {
  const folder = join(CACHE, "ric");
  const program = join(folder, "node_modules/aws-lambda-ric/bin/index.mjs");
  const native = join(folder, "node_modules/aws-lambda-ric/dist/rapid-client.node");
  if (existsSync(native)) return program;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{"private":true,"dependencies":{"aws-lambda-ric":"4.0.2"}}\n');
  const flags = ["install", "--no-audit", "--no-fund", "--no-package-lock"];
  return run("npm", flags, { cwd: folder, maxBuffer: 1 << 26 }).then(
    () => program,
    (error: unknown) => missing("aws-lambda-ric", `it does not build here (${String(error).slice(0, 400)})`),
  );
}
