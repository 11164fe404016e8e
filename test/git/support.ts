/** Real repositories in temp folders, and the git server over them. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createLogger, Evidence, EvidenceKey, mintEvidence } from "@oncall-copilot/core";
import { type CallResult, runCall, type ServerDefinition } from "@oncall-copilot/core/server";
import { buildServer, configSchema } from "@oncall-copilot/git";
import { at, component, writeRecording } from "../support/recording.ts";

export { at } from "../support/recording.ts";

const made: string[] = [];
let template: TestRepo | undefined;

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "oncall-git-test-"));
  made.push(dir);
  return dir;
}

export function cleanup(): void {
  template = undefined;
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

export function git(
  dir: string,
  args: readonly string[],
  options: { env?: object; input?: string | Buffer } = {},
): string {
  const env = {
    ...{ PATH: process.env.PATH, HOME: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    ...{ GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.test" },
    ...{ GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.test" },
    ...options.env,
  };
  return execFileSync("git", ["-C", dir, ...args], { env, input: options.input ?? "", stdio: ["pipe", "pipe", "pipe"] })
    .toString("utf8")
    .trim();
}

export interface CommitOptions {
  readonly minutes: number;
  readonly message?: string;
  readonly author?: string;
  readonly authoredMinutes?: number;
}

/** A working repository whose commits have given times, in minutes after the default alert. */
export class TestRepo {
  readonly dir = tempDir();

  /** Empty, or a copy of another. */
  constructor(template?: TestRepo) {
    if (template) cpSync(template.dir, this.dir, { recursive: true });
    else git(this.dir, ["init", "--quiet", "--initial-branch=main"]);
  }

  write(path: string, content: string | Buffer): this {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), content);
    return this;
  }

  read(path: string): string {
    return readFileSync(join(this.dir, path), "utf8");
  }

  edit(path: string, from: string, to: string): this {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
    return this.write(path, text.replace(from, to));
  }

  remove(path: string): this {
    rmSync(join(this.dir, path));
    return this;
  }

  /** Commits whatever is in the folder; gives the full id. */
  commit({ minutes, message = "a change", author = "Ada", authoredMinutes = minutes }: CommitOptions): string {
    git(this.dir, ["add", "--all"]);
    git(this.dir, ["commit", "--quiet", "--allow-empty", "--file=-"], {
      input: message,
      env: { ...identity(author), GIT_AUTHOR_DATE: at(authoredMinutes), GIT_COMMITTER_DATE: at(minutes) },
    });
    return this.head();
  }

  merge(branch: string, { minutes, message = `Merge ${branch}` }: CommitOptions): string {
    git(this.dir, ["merge", "--quiet", "--no-ff", "-m", message, branch], {
      env: { GIT_AUTHOR_DATE: at(minutes), GIT_COMMITTER_DATE: at(minutes) },
    });
    return this.head();
  }

  switch(branch: string, create = false): this {
    git(this.dir, ["switch", "--quiet", ...(create ? ["--create"] : []), branch]);
    return this;
  }

  head(): string {
    return git(this.dir, ["rev-parse", "HEAD"]);
  }

  bundle(): Buffer {
    const file = join(tempDir(), "repo.bundle");
    git(this.dir, ["bundle", "create", "--quiet", file, "main"]);
    return readFileSync(file);
  }
}

const identity = (name: string) => ({
  ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: "someone@example.test" },
  ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: "someone@example.test" },
});

export const SERVICES = ["storefront", "checkout", "pricing", "promotions"] as const;

/** Where a service of the test shop lives. */
export function shopComponent(
  name: string,
  dependsOn: readonly string[],
  extra: Readonly<Record<string, string>> = {},
) {
  return component(name, dependsOn, {
    "github.com/project-slug": "example/shop",
    "backstage.io/source-location": `url:https://github.com/example/shop/tree/main/services/${name}/`,
    ...extra,
  });
}

/** storefront -> checkout -> pricing -> promotions, all in one repository. */
export const SHOP_CATALOG = SERVICES.map((name, index) => {
  const next = SERVICES[index + 1];
  return shopComponent(name, next ? [`component:default/${next}`] : []);
});

export const manifest = (name: string, replicas = 2) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: ${replicas}\n`;

export const source = (name: string) =>
  `${Array.from({ length: 30 }, (_, line) => `export const ${name}${line} = ${line};`).join("\n")}\n`;

/** A shop whose every service has one source file and one manifest, committed two days before the alert. */
export function shopRepo(): TestRepo {
  template ??= makeShop();
  return new TestRepo(template);
}

function makeShop(): TestRepo {
  const repo = new TestRepo();
  for (const name of SERVICES) {
    repo.write(`services/${name}/main.js`, source(name)).write(`deploy/${name}.yaml`, manifest(name));
  }
  repo.write("lib/pool.js", "export const size = 4;\n").commit({ minutes: -2880, message: "move in" });
  return repo;
}

export const rollout = (service: string, revision: string, minutes: number, by = "argocd") => ({
  ...{ service, revision, at: at(minutes), by },
});

export const KEY = new EvidenceKey(Buffer.alloc(32, 7));

export interface Served {
  readonly server: ServerDefinition;
  readonly workdir: string;
  call(tool: string, args: object, options?: { signal?: AbortSignal; deadlineMs?: number }): Promise<CallResult>;
}

/** The server over a configuration, called through the one place that runs calls. */
export async function serve(env: Readonly<Record<string, string>>): Promise<Served> {
  const workdir = env["ONCALL_GIT_WORKDIR"] ?? tempDir();
  const server = await buildServer(configSchema.parse({ ONCALL_GIT_WORKDIR: workdir, ...env }));
  return {
    server,
    workdir,
    call: (name, args, options = {}) => {
      const tool = server.tools.find((candidate) => candidate.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      return runCall(server, tool, args, { key: KEY, log: createLogger("test", "silent"), ...options });
    },
  };
}

export interface ShopOptions {
  readonly deployments?: readonly object[];
  readonly catalog?: readonly object[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The server over a recording of a repository. */
export async function serveRecording(repo: TestRepo | undefined, options: ShopOptions = {}): Promise<Served> {
  const dir = await writeRecording({
    catalog: options.catalog ?? SHOP_CATALOG,
    ...(options.deployments ? { deployments: options.deployments } : {}),
    ...(repo ? { files: { "repo.bundle": repo.bundle() } } : {}),
  });
  return serve({ ONCALL_RECORDING: dir, ...options.env });
}

export interface Item {
  readonly kind: string;
  readonly services: readonly string[];
  readonly hops: number;
  readonly sha: string;
  readonly live: boolean;
  readonly evidence: Evidence;
}

export function itemsOf(result: CallResult): readonly Item[] {
  return result.structured["changes"] as readonly Item[];
}

/** Evidence of this installation, as some tool of it would have returned it. */
export function evidence(text: string, url = "https://grafana.example.test/explore"): Evidence {
  return Evidence.parse(mintEvidence(KEY, "m", { text, url, at: at(0), about: [], shows: [] }));
}

/** Everything a repository is, byte for byte, so that any write shows. */
export function fingerprint(dir: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(dir, { recursive: true }).map(String).sort()) {
    const file = join(dir, name);
    hash.update(`${name}\0`);
    if (statSync(file).isFile()) hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}
