import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { splitFrontMatter } from "../../servers/runbooks/src/pages/front-matter.ts";
import { deploymentsIn } from "../../servers/runbooks/src/stores/deployments.ts";
import { folderRunbooks } from "../../servers/runbooks/src/stores/folder.ts";
import { gitRunbooks } from "../../servers/runbooks/src/stores/git.ts";
import { recordedRunbooks } from "../../servers/runbooks/src/stores/recording.ts";
import { call, openParity, RECORDINGS } from "./questions.ts";

const run = promisify(execFile);
const made: string[] = [];
afterAll(() => Promise.all(made.map((dir) => rm(dir, { recursive: true, force: true }))));

/** A repository with a recording's pages below `docs/oncall`, each committed at the moment at which it says it was updated. */
async function commitPages(pages: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "oncall-runbooks-"));
  made.push(dir);
  const git = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    run("git", ["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false", ...args], {
      cwd: dir,
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...env },
    });
  await git(["init", "--quiet", "--initial-branch=main"]);
  await cp(pages, join(dir, "docs/oncall"), { recursive: true });
  const files = (await readdir(join(dir, "docs/oncall"), { recursive: true })).filter((name) => name.endsWith(".md"));
  const dated = await Promise.all(
    files.map(async (name) => {
      const { matter } = await splitFrontMatter(await readFile(join(dir, "docs/oncall", name), "utf8"));
      return { name, at: new Date(matter.updated ?? 0).toISOString() };
    }),
  );
  for (const { name, at } of dated.sort((a, b) => a.at.localeCompare(b.at))) {
    await git(["add", join("docs/oncall", name)]);
    const who = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.test", GIT_AUTHOR_DATE: at };
    const committer = { GIT_COMMITTER_NAME: "Bob", GIT_COMMITTER_EMAIL: "bob@example.test", GIT_COMMITTER_DATE: at };
    await git(["commit", "--quiet", "--message", `write ${name}`], { ...who, ...committer });
  }
  return dir;
}

/** The receipt of a search that found nothing is over the name of what was searched, and so differs where that does. */
const absence = ({ structured }: Awaited<ReturnType<typeof call>>): (readonly [string, string])[] => {
  const { id } = (structured["absence"] as { readonly id: string } | undefined) ?? {};
  return id === undefined ? [] : [[id, "the receipt"]];
};

const replaced = (text: string, names: readonly (readonly [string, string])[]): string =>
  names.reduce((changed, [name, by]) => changed.replaceAll(name, by), text);

describe.each(RECORDINGS)("the runbooks of %s", (name) => {
  it("read from a live folder give the same answers, byte for byte, receipts included", async () => {
    const { recording, serverOf, questions } = await openParity(name);
    const recorded = recordedRunbooks(recording);
    const folder = folderRunbooks({
      folder: recording.path("runbooks") ?? "",
      link: recording.url("runbooks"),
      deployments: deploymentsIn(recording.path("deployments")),
      now: () => recording.asOf,
    });
    const [a, b] = [serverOf(recorded), serverOf(folder)];
    let found = 0;
    for (const question of questions) {
      const [expected, given] = [await call(a, question), await call(b, question)];
      if (expected.structured["outcome"] === "found") found++;
      const named = [...absence(given), ...absence(expected), [folder.name, recorded.name]] as const;
      expect(replaced(given.text, named)).toBe(replaced(expected.text, named));
      expect(replaced(JSON.stringify(given.structured), named)).toBe(
        replaced(JSON.stringify(expected.structured), named),
      );
    }
    expect(found).toBeGreaterThan(questions.length / 3);
  }, 60_000);

  it("read from a Git repository give the same answers and receipts, with commits for versions and authors for editors", async () => {
    const { recording, serverOf, questions } = await openParity(name);
    const repository = await commitPages(recording.path("runbooks") ?? "");
    const recorded = recordedRunbooks(recording);
    const git = gitRunbooks({
      ...{ repository, ref: "main", folder: "docs/oncall", link: recording.url("runbooks"), now: () => recording.asOf },
      deployments: deploymentsIn(recording.path("deployments")),
    });
    const [a, b] = [serverOf(recorded), serverOf(git)];
    // Versions and editors have other lengths, so another section may fit the same budget; with none to spare they are the same.
    for (const question of questions.map((one) => ({ ...one, limit: 1 }))) {
      const [expected, given] = [await call(a, question), await call(b, question)];
      const named = [...absence(given), ...absence(expected), [git.name, recorded.name]] as const;
      const settled = replaced(JSON.stringify(given.structured), named)
        .replaceAll(/"version":"[0-9a-f]{10}"/g, '"version":0')
        .replaceAll('"editor":"Ada"', '"editor":null');
      expect(settled).toBe(
        replaced(JSON.stringify(expected.structured), named).replaceAll(/"version":"\d+"/g, '"version":0'),
      );
    }
  }, 60_000);
});
