import { afterAll, describe, expect, it } from "vitest";
import { cleanupRecordings, component, writeRecording } from "../support/recording.ts";
import { evidence, itemsOf, manifest, serve, source, TestRepo } from "./support.ts";

const minute = (minutes: number) => new Date(Date.parse("2026-03-01T10:00:00Z") + minutes * 60_000).toISOString();

/** A service whose code and manifests live apart: one bundle each. */
async function estate() {
  const code = new TestRepo().write("src/fares.ts", source("fare"));
  const first = code.commit({ minutes: -2880, message: "move in" });
  code.edit("src/fares.ts", "fare3 = 3", "fare3 = 4").commit({ minutes: -30, message: "round fares" });
  const second = code.edit("src/fares.ts", "fare7 = 7", "fare7 = 8").commit({ minutes: -28, message: "cap fares" });

  const values = (tag: string, timeout: string) => `image:\n  tag: ${tag}\nenv:\n  UPSTREAM_TIMEOUT: ${timeout}\n`;
  const gitops = new TestRepo()
    .write("apps/fares/values.yaml", values(`1.0.0-${first.slice(0, 7)}`, "2s"))
    .write("apps/other/values.yaml", manifest("other"));
  const began = gitops.commit({ minutes: -2870, message: "fares 1.0.0" });
  gitops.write("apps/fares/values.yaml", values(`1.1.0-${second.slice(0, 7)}`, "2s"));
  const tagged = gitops.commit({ minutes: -20, message: "fares 1.1.0" });
  gitops.write("apps/fares/values.yaml", values(`1.1.0-${second.slice(0, 7)}`, "200ms"));
  const tuned = gitops.commit({ minutes: -10, message: "fares: answer sooner" });

  const rollout = (revision: string, minutes: number, commit: string) => ({
    ...{ service: "fares", revision, repository: "line/deploy", at: minute(minutes), by: "argocd" },
    images: [`registry.line.test/fares:1-${commit.slice(0, 7)}`],
  });
  const dir = await writeRecording({
    catalog: [
      component("fares", [], {
        "github.com/project-slug": "line/fares",
        "oncall/paths": "src/**",
        "oncall/deploy-repository": "line/deploy",
        "oncall/deploy-paths": "apps/fares/",
      }),
      component("other", [], { "github.com/project-slug": "line/missing", "oncall/deploy-repository": "line/deploy" }),
    ],
    deployments: [rollout(began, -2860, first), rollout(tagged, -19, second), rollout(tuned, -9, second)],
    files: { "repos/line/fares.bundle": code.bundle(), "repos/line/deploy.bundle": gitops.bundle() },
  });
  return { served: await serve({ ONCALL_RECORDING: dir, ONCALL_AS_OF: minute(0) }), second, tagged, tuned };
}

describe("a recording whose code and manifests live in repositories of their own", async () => {
  afterAll(cleanupRecordings);
  const { served, second, tagged, tuned } = await estate();

  it("tells commits of both, each live with the roll-out that carried it", async () => {
    const items = itemsOf(await served.call("read_changes", { service: "fares", from: "-2h", limit: 20 }));
    const live = items.filter((item) => item.live).map(({ evidence: { text } }) => text.split("\n")[0]);
    expect(items).toHaveLength(4);
    expect(live).toHaveLength(4);
    expect(items.find(({ sha }) => sha === second)?.evidence.text).toContain("deployed 2026-03-01T09:41:00Z");
    expect(items.find(({ sha }) => sha === tuned)?.evidence.text).toContain("UPSTREAM_TIMEOUT: 200ms");
    expect(items.find(({ sha }) => sha === tuned)?.evidence.url).toBe(
      `https://github.com/line/deploy/commit/${tuned.slice(0, 12)}`,
    );
  });

  it("gives one commit of either in full", async () => {
    for (const commit of [second, tagged]) {
      const [item] = itemsOf(await served.call("read_changes", { service: "fares", commit }));
      expect(item).toMatchObject({ sha: commit, live: true, services: ["fares"] });
    }
  });

  it("reads a file from the one that has it, as it is deployed, and lists both at the root", async () => {
    const values = await served.call("read_file", { service: "fares", path: "apps/fares/values.yaml" });
    expect(values.text).toContain("UPSTREAM_TIMEOUT: 200ms");
    expect(values.structured["revision"]).toBe(tuned);
    const code = await served.call("read_file", { service: "fares", path: "src/fares.ts" });
    expect(code.structured["revision"]).toBe(second);
    const root = await served.call("read_file", { service: "fares", path: "/" });
    const files = root.structured["files"] as readonly { path: string; own: boolean }[];
    expect(files.filter(({ own }) => own).map(({ path }) => path)).toEqual(["apps/fares/values.yaml", "src/fares.ts"]);
  });

  it("proposes in the one whose commit is taken back or whose file is edited", async () => {
    const item = evidence("fares: the timeout is 200ms");
    const words = { service: "fares", incident: "i", title: "Take it back", evidence: [item] };
    const claims = [{ text: "fares times out", citations: [{ id: item.id, quote: "fares: the timeout" }] }];
    const reverted = await served.call("open_pr", { ...words, claims, revert: tuned });
    expect(reverted.structured["files"]).toEqual(["apps/fares/values.yaml"]);
    const edits = [{ path: "src/fares.ts", old_text: "fare7 = 8", new_text: "fare7 = 7" }];
    const edited = await served.call("open_pr", { ...words, claims, edits });
    expect(edited.structured["files"]).toEqual(["src/fares.ts"]);
  });

  it("names the repository that is not recorded", async () => {
    const result = await served.call("read_changes", { service: "other" });
    expect(result.text).toContain("this recording has no repository line/missing.bundle");
  });
});
