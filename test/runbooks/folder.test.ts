import { chmod, mkdir, mkdtemp, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createLogger } from "@oncall-copilot/core";
import { readEnvironment, runCall } from "@oncall-copilot/core/server";
import { afterAll, describe, expect, it, vi } from "vitest";
import { buildServer, configSchema } from "../../servers/runbooks/src/server.ts";
import { folderRunbooks } from "../../servers/runbooks/src/stores/folder.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";
import { KEY, page } from "./ask.ts";

const made: string[] = [];
afterAll(cleanupRecordings);
afterAll(() => Promise.all(made.map((dir) => rm(dir, { recursive: true, force: true }))));

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "oncall-folder-"));
  made.push(dir);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

async function serverOf(folder: string, env: Readonly<Record<string, string>> = {}) {
  const catalog = join(await writeRecording(), "catalog.yaml");
  const server = await buildServer(
    readEnvironment(configSchema, {
      ...{ ONCALL_RUNBOOKS_FOLDER: folder, ONCALL_CATALOG: catalog, ONCALL_AS_OF: "2026-03-01T10:00:00Z", ...env },
    }),
  );
  const [tool] = server.tools;
  if (!tool) throw new Error("the server has no tool");
  const ask = async (args: object) =>
    (await runCall(server, tool, { service: "storefront", ...args }, { key: KEY, log: createLogger("test", "silent") }))
      .structured;
  return { server, ask };
}

const alert = { alert: "StorefrontLatencyHigh" };
const LATENCY = page("Storefront latency", "# Storefront latency\n\nFor StorefrontLatencyHigh: roll back.\n");
const pagesIn = (structured: Record<string, unknown>) =>
  (structured["sections"] as { page: string }[]).map(({ page }) => page);

describe("a folder of Markdown files", () => {
  it("is answered from, with links to where people see it", async () => {
    const folder = await folderOf({ "web/latency #1.md": LATENCY });
    const { ask } = await serverOf(folder, {
      ONCALL_RUNBOOKS_LINK: "https://github.com/northwind/docs/blob/main/oncall/",
    });
    expect(await ask(alert)).toMatchObject({
      outcome: "found",
      sections: [
        {
          page: "web/latency #1.md",
          evidence: {
            url: "https://github.com/northwind/docs/blob/main/oncall/web/latency%20%231.md#storefront-latency",
          },
        },
      ],
    });
    const { ask: local } = await serverOf(folder);
    expect(JSON.stringify(await local(alert))).toContain(
      `"url":"file://${folder}/web/latency%20%231.md#storefront-latency"`,
    );
  });

  it("is read again when a file of it has changed, come or gone, and not otherwise", async () => {
    const folder = await folderOf({ "a.md": LATENCY });
    const { ask } = await serverOf(folder);
    expect(JSON.stringify(await ask(alert))).toContain("roll back");
    await writeFile(join(folder, "a.md"), LATENCY.replace("roll back", "scale out"));
    expect(JSON.stringify(await ask(alert))).toContain("scale out");
    await writeFile(join(folder, "b.md"), page("StorefrontLatencyHigh", "Here.\n"));
    expect(await ask(alert)).toMatchObject({ sections: [{ page: "b.md" }, { page: "a.md" }], others: [] });
    await unlink(join(folder, "a.md"));
    expect(await ask(alert)).toMatchObject({ sections: [{ page: "b.md" }], others: [] });
  });

  it("is not left by a link, and what is hidden in it is not read; a mounted ConfigMap is", async () => {
    const outside = await folderOf({
      "secret.md": page("StorefrontLatencyHigh", "secret\n"),
      "sub/x.md": page("StorefrontLatencyHigh", "secret\n"),
    });
    const folder = await folderOf({
      "..2026/mounted.md": LATENCY,
      ".git/x.md": page("StorefrontLatencyHigh", "secret\n"),
    });
    await symlink("..2026", join(folder, "..data"));
    await symlink("..data/mounted.md", join(folder, "mounted.md"));
    await symlink(join(outside, "secret.md"), join(folder, "out.md"));
    await symlink(join(outside, "sub"), join(folder, "sub"));
    await symlink(join(folder, "nowhere.md"), join(folder, "broken.md"));
    const { ask } = await serverOf(folder);
    const answer = await ask(alert);
    expect(pagesIn(answer)).toEqual(["mounted.md"]);
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("leaves out, and says so, pages that are too large, or of later than the moment asked about", async () => {
    const folder = await folderOf({
      "a.md": LATENCY,
      "large.md": `# StorefrontLatencyHigh\n\n${"x".repeat(200_001)}`,
      "later.md": page("StorefrontLatencyHigh", "x", { updated: "2026-03-02" }),
    });
    const answer = await (await serverOf(folder)).ask(alert);
    expect(pagesIn(answer)).toEqual(["a.md"]);
    expect(answer["gaps"]).toEqual([
      expect.stringMatching(/^runbook page large\.md was left out: \d+ bytes/),
      "runbook pages updated after this moment are left out: 1",
    ]);
  });

  it.each([
    ["an alias of nothing", "title: *important"],
    ["aliases of aliases", `a: &a [x, x]\nb: &b [${"*a, ".repeat(9)}]\nc: [${"*b, ".repeat(9)}]`],
    ["more brackets than any stack", `title: ${"[".repeat(20_000)}`],
  ])("holds pages whose front matter is %s: their text is read, and a gap says so", async (_, matter) => {
    const folder = await folderOf({ "a.md": LATENCY, "odd.md": `---\n${matter}\n---\n# Odd\n` });
    const answer = await (await serverOf(folder)).ask(alert);
    expect(answer).toMatchObject({
      outcome: "found",
      gaps: [expect.stringMatching(/^the front matter of .* odd\.md /)],
    });
    expect(pagesIn(answer)).toEqual(["a.md"]);
  });

  it("is not called unreadable for a fault of this program", async () => {
    const folder = await folderOf({ "a.md": LATENCY });
    const store = folderRunbooks({ folder, link: "file://x", deployments: async () => undefined, now: () => 0 });
    vi.spyOn(Date, "parse").mockImplementationOnce(() => {
      throw new TypeError("a fault");
    });
    await expect(store.find({ service: [] }, AbortSignal.timeout(5_000))).rejects.toThrow(TypeError);
  });

  it("that is not there, or may not be read, could not be looked at", async () => {
    expect(await (await serverOf("/no/such/folder")).ask(alert)).toMatchObject({
      outcome: "could_not_look",
      reason: "unreachable",
      message: "the folder /no/such/folder cannot be read (ENOENT); check ONCALL_RUNBOOKS_FOLDER and its mount",
    });
    if (process.getuid?.() === 0) return; // root may read everything
    const folder = await folderOf({ "a.md": LATENCY });
    await chmod(folder, 0o000);
    const answer = await (await serverOf(folder)).ask(alert);
    await chmod(folder, 0o700);
    expect(answer).toMatchObject({
      outcome: "could_not_look",
      reason: "forbidden",
      message: expect.stringContaining("(EACCES)"),
    });
  });

  it("is held against deployments that are in a file", async () => {
    const deployments = Array.from({ length: 11 }, (_, i) =>
      JSON.stringify({ service: "storefront", at: `2026-02-1${i % 9}T00:00:0${i % 9}Z` }),
    );
    const folder = await folderOf({ "a.md": LATENCY, "deployments.ndjson": `${deployments.join("\n")}\n` });
    const { ask } = await serverOf(folder, { ONCALL_RUNBOOKS_DEPLOYMENTS: join(folder, "deployments.ndjson") });
    expect(await ask(alert)).toMatchObject({
      sections: [{ decay: ["older than the last 10 deployments of storefront (11 since its update)"] }],
    });
    const { ask: blind } = await serverOf(folder, { ONCALL_RUNBOOKS_DEPLOYMENTS: "/no/such/file" });
    expect(await blind(alert)).toMatchObject({
      outcome: "could_not_look",
      message: expect.stringContaining("check ONCALL_RUNBOOKS_DEPLOYMENTS"),
    });
  });

  it("has a check-up: it can be read, and which service's newest page is how old", async () => {
    const wish = { signal: AbortSignal.timeout(5_000), service: undefined, mayWake: false };
    const folder = await folderOf({ "a.md": LATENCY });
    const { server } = await serverOf(folder);
    expect(await server.examine?.(wish)).toMatchObject([
      { check: "reachable", status: "ok" },
      {
        check: "data",
        status: "ok",
        message: 'storefront\'s newest page "Storefront latency" was updated 28 days ago, of 1 page',
      },
      { check: "privilege", status: "ok" },
    ]);
    expect(await (await serverOf("/no/such/folder")).server.examine?.(wish)).toMatchObject([
      { check: "reachable", status: "failure", cure: expect.any(String) },
    ]);
    expect(await (await serverOf(await folderOf({}))).server.examine?.(wish)).toMatchObject([
      {},
      { check: "data", status: "failure" },
      {},
    ]);
  });
});
