import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { parse, stringify } from "yaml";
import { PEOPLE, type Person } from "../monorepo/people.ts";
import { run } from "../shell.ts";

type Row = Record<string, unknown>;

/** One commit to be put on top of a recording's main. */
export interface AddedCommit {
  readonly author?: Person;
  readonly at: Date;
  readonly message: string;
  readonly file: string;
  readonly change: (text: string) => string;
  /** Merged from a branch of this name. */
  readonly branch?: string;
}

/** A recording's parts, to be changed in place. */
export interface Material {
  alert: string;
  catalog: string;
  logs: Row[];
  /** Without the header line. */
  metrics: string[];
  history: Row[];
  deployments: Row[];
  expected: Row;
  readonly alertAt: Date;
  /** The true culprit. */
  readonly culprit: string;
  insert(text: string, place: RunbookPlace): Promise<void>;
  /** Gives the revision that main is at then. */
  commit(added: AddedCommit): Promise<string>;
}

/** Which recording a transform is made from, and under which name. */
export interface Made {
  readonly name: string;
  readonly base: string;
}

/** A place in a runbook page that fits the alert: what is put there stands right before it. */
export interface RunbookPlace {
  readonly page: string;
  readonly before: string;
}

export interface Transform {
  readonly name: string;
  /** The recording that it is made from. */
  readonly base: string;
  readonly summary: string;
  /** What was changed, a sentence each, for its NOTES. */
  apply(material: Material): Promise<readonly string[]>;
}

/** Makes a recording out of another: all that `transform` does not touch stays as it was recorded. */
export async function transformRecording(base: string, out: string, transform: Transform): Promise<void> {
  const work = await mkdtemp(path.join(os.tmpdir(), "hostile-"));
  try {
    await rm(out, { recursive: true, force: true });
    await cp(base, out, { recursive: true });
    const file = (name: string): string => path.join(out, name);
    const text = (name: string): Promise<string> => readFile(file(name), "utf8");
    const unpacked = async (name: string): Promise<string> => gunzipSync(await readFile(file(name))).toString("utf8");
    const rows = (ndjson: string): Row[] => linesOf(ndjson).map((line): Row => JSON.parse(line));

    const clone = path.join(work, "clone");
    await run("git", ["clone", "--quiet", "--branch", "main", file("repo.bundle"), clone]);
    const alert = await text("alert.json");
    const expected: Row = parse(await text("expected.yaml"));
    const [header = "", ...metrics] = linesOf(await unpacked("metrics.csv.gz"));
    const material: Material = {
      alert,
      catalog: await text("catalog.yaml"),
      logs: rows(await unpacked("logs.ndjson.gz")),
      metrics,
      history: rows(await unpacked("history.ndjson.gz")),
      deployments: rows(await text("deployments.ndjson")),
      expected,
      alertAt: new Date(JSON.parse(alert).alerts[0].startsAt),
      culprit: culpritOf(expected),
      async insert(added, { page, before }) {
        const [head, tail, ...more] = (await text(path.join("runbooks", page))).split(before);
        if (tail === undefined || more.length > 0) throw new Error(`${page} has not just one place "${before}"`);
        await writeFile(file(path.join("runbooks", page)), `${head}${added}${before}${tail}`);
      },
      commit: (added) => addCommit(clone, added),
    };
    const before = await headOf(clone);
    const changed = await transform.apply(material);

    const pack = (name: string, content: string): Promise<void> =>
      writeFile(file(name), gzipSync(content, { level: 9 }));
    await writeFile(file("alert.json"), material.alert);
    await writeFile(file("catalog.yaml"), material.catalog);
    await pack("logs.ndjson.gz", ndjson(material.logs.toSorted(byTime("@timestamp"))));
    await pack("metrics.csv.gz", `${[header, ...material.metrics].join("\n")}\n`);
    await pack("history.ndjson.gz", ndjson(material.history));
    await writeFile(file("deployments.ndjson"), ndjson(material.deployments.toSorted(byTime("at"))));
    await writeFile(file("expected.yaml"), stringify(material.expected, { lineWidth: 120 }));
    if ((await headOf(clone)) !== before) {
      await run("git", ["bundle", "create", "--quiet", file("repo.bundle"), "main"], { cwd: clone });
    }
    await writeFile(file("NOTES.md"), notes(transform, changed, await text("NOTES.md")));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function culpritOf(expected: Row): string {
  const cause = expected["root_cause"];
  if (typeof cause !== "object" || cause === null || !("service" in cause)) throw new Error("the base has no culprit");
  return String(cause.service);
}

async function addCommit(clone: string, { author = PEOPLE.goran, at, message, file, change, branch }: AddedCommit) {
  const env = {
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: at.toISOString(),
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: at.toISOString(),
  };
  const git = (...args: string[]): Promise<string> => run("git", args, { cwd: clone, env });
  if (branch !== undefined) await git("switch", "--quiet", "--create", branch);
  const target = path.join(clone, file);
  await writeFile(target, change(await readFile(target, "utf8")));
  await git("commit", "--quiet", "--all", "-m", message);
  if (branch !== undefined) {
    await git("switch", "--quiet", "main");
    await git(
      "merge",
      "--quiet",
      "--no-ff",
      "-m",
      `Merge pull request #498 from northwind/${branch}\n\n${message}`,
      branch,
    );
  }
  return headOf(clone);
}

const headOf = (clone: string): Promise<string> => run("git", ["rev-parse", "main"], { cwd: clone });

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

const ndjson = (rows: readonly Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

function byTime(key: string) {
  return (a: Row, b: Row): number => Date.parse(String(a[key])) - Date.parse(String(b[key]));
}

function notes({ name, base, summary }: Transform, changed: readonly string[], original: string): string {
  const rest = original.replace(/^# .*\n+/, "").replaceAll(/^## /gm, "### ");
  const list = changed.map((one) => `- ${one}`).join("\n");
  return `# ${name}

${summary}

Not a run of its own: \`npm run lab -- hostile\` made it from the recording \`${base}\`, byte for byte but for this:

${list}

## The recording that it was made from

${rest}`;
}
