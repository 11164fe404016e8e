import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Finding } from "@oncall-copilot/core/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServer, configSchema } from "../../servers/git/src/server.ts";
import { cleanupRecordings, writeRecording } from "../support/recording.ts";

const run = promisify(execFile);
let folder: string;
let catalog: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncall-examine-local-"));
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.test"];
  await run("git", ["init", "-q", "-b", "main", join(folder, "up")]);
  await run("git", [...who, "-C", join(folder, "up"), "commit", "-q", "--allow-empty", "-m", "first"]);
  catalog = join(await writeRecording({}), "catalog.yaml");
});
afterAll(() => Promise.all([rm(folder, { recursive: true, force: true }), cleanupRecordings()]));

async function examined(env: Record<string, string>): Promise<readonly Finding[]> {
  const given = { ONCALL_GIT_UPSTREAM: join(folder, "up"), ONCALL_GIT_FORK: join(folder, "fork.git"), ...env };
  const server = await buildServer(configSchema.parse({ ONCALL_CATALOG: catalog, ...given }));
  const signal = new AbortController().signal;
  return (await server.examine?.({ signal, service: undefined, mayWake: false })) ?? [];
}
const told = (findings: readonly Finding[]) => findings.map(({ check, status }) => `${check} ${status}`);

describe("the check-up of a repository on this machine", () => {
  it("says that it can be read, how old its newest commit is, and that the fork is apart", async () => {
    const findings = await examined({});
    expect(told(findings)).toEqual(["reachable ok", "data ok", "privilege ok"]);
    expect(findings[1]?.message).toMatch(/^the newest commit of main is \S+ .*old$/);
  });

  it.each([
    ["is not there", undefined, "reachable failure", "cannot read"],
    ["has other columns", '{"app":"pricing","version":"1.2","time":"2026-03-01T10:00:00Z"}', "data failure", "service"],
    [
      "has times that cannot be read",
      '{"service":"storefront","revision":"abc","at":"3/1/2026"}',
      "data failure",
      "at",
    ],
    ["is empty", "", "data warning", "no deployment"],
    [
      "names services of nobody",
      '{"service":"nobody","revision":"abc","at":"2026-03-01T10:00:00Z"}',
      "data warning",
      "not in the catalog",
    ],
    [
      "is as it should be",
      '{"service":"storefront","revision":"abc","at":"2026-03-01T10:00:00Z"}',
      "data ok",
      "1 deployments",
    ],
  ])("tells of a file of deployments that %s", async (_what, line, status, said) => {
    const file = join(folder, "deployments.ndjson");
    await rm(file, { force: true });
    if (line !== undefined) await writeFile(file, line === "" ? "" : `${line}\n`);
    const own = (await examined({ ONCALL_GIT_DEPLOYMENTS: file })).filter(({ backend }) => backend.includes(file));
    expect(told(own).at(-1)).toBe(status);
    expect(own.at(-1)?.message).toContain(said);
    if (status !== "data ok") expect(own.at(-1)?.cure).toBeTruthy();
  });

  it("fails where there is no repository, or no such branch", async () => {
    expect(told(await examined({ ONCALL_GIT_UPSTREAM: join(folder, "nowhere") }))).toEqual(["reachable failure"]);
    expect(told(await examined({ ONCALL_GIT_BRANCH: "trunk" }))).toEqual(["reachable ok", "data failure"]);
  });

  it("fails where the fork is the upstream itself", async () => {
    const [, , privilege] = await examined({ ONCALL_GIT_FORK: join(folder, "up") });
    expect(privilege).toMatchObject({ check: "privilege", status: "failure" });
    expect(privilege?.message).toContain("could_write_upstream");
  });
});
