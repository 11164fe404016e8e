import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ROOT } from "../support/mcp/servers.ts";

/** One import as it is written. */
export interface Import {
  /** The importing file, relative to the repository's root. */
  readonly file: string;
  /** As it stands in the quotes. */
  readonly from: string;
  /** The imported file relative to the root, when it is one of ours. */
  readonly target: string | undefined;
  /** Runs when the file is loaded; not `import type`, and not `await import()`. */
  readonly eager: boolean;
}

export interface Package {
  /** Its folder relative to the root: `servers/logs`, `agent-host`. */
  readonly folder: string;
  readonly name: string;
  /** Every package that it declares, for running or for building. */
  readonly declared: readonly string[];
  /** Source files, relative to the root. */
  readonly files: readonly string[];
  readonly imports: readonly Import[];
}

const STATEMENT =
  /^(?:import|export)\s+(type\s)?[^;"]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

/** A file's text without its comments, near enough to look for code in. */
export function codeOf(file: string): string {
  const text = readFileSync(join(ROOT, file), "utf8");
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$|\s\/\/\s.*$/gm, "");
}

function importsOf(file: string): Import[] {
  return [...codeOf(file).matchAll(STATEMENT)].map(([, type, named, bare, dynamic]) => {
    const from = named ?? bare ?? dynamic ?? "";
    const target = from.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), from)) : undefined;
    return { file, from, target, eager: dynamic === undefined && type === undefined };
  });
}

function readPackage(folder: string): Package {
  const json = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as {
    name: string;
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  const src = join(ROOT, folder, "src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, "src", name))
    .sort();
  return {
    folder,
    name: json.name,
    declared: Object.keys({ ...json.dependencies, ...json.devDependencies }),
    files,
    imports: files.flatMap(importsOf),
  };
}

/** Core, every server and the host. */
export function packages(): readonly Package[] {
  const servers = readdirSync(join(ROOT, "servers"))
    .map((name) => join("servers", name))
    .filter((folder) => existsSync(join(ROOT, folder, "src")));
  return ["core", ...servers, "agent-host"].map(readPackage);
}

/** The npm package that an import names: `zod` of `zod/v4`, `@a/b` of `@a/b/c`; undefined for files and Node's own. */
export function packageOf(from: string): string | undefined {
  if (from.startsWith(".") || from.startsWith("node:")) return undefined;
  return from.split("/", from.startsWith("@") ? 2 : 1).join("/");
}

/** Import cycles among files, each as the way round, once. */
export function cyclesOf(imports: readonly Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { file, target } of imports) {
    if (target !== undefined) targets.set(file, [...(targets.get(file) ?? []), target]);
  }
  const done = new Set<string>();
  const cycles = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const seen = way.indexOf(file);
    if (seen >= 0) {
      cycles.add([...way.slice(seen), file].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return [...cycles];
}
