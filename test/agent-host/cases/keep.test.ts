import { mkdir, mkdtemp, readdir, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogFromDocuments } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import type { Case } from "../../../agent-host/src/cases/case.ts";
import { modeOf } from "../../../agent-host/src/cases/mode-of.ts";
import { pruneWork } from "../../../agent-host/src/cases/prune-work.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const DAY = 24 * 3_600_000;

describe("work folders", () => {
  it("go when their case ended long enough ago, or is kept no longer and nobody wrote to them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "oncall-work-"));
    const ended: Record<string, number | null> = { open: null, fresh: NOW - DAY, old: NOW - 15 * DAY };
    for (const name of [...Object.keys(ended), "forgotten", "unknown"])
      await mkdir(join(folder, name, "git"), { recursive: true });
    await mkdir(join(folder, "messages/old"), { recursive: true });
    const long = new Date(NOW - 20 * DAY);
    await utimes(join(folder, "forgotten/git"), long, long);
    await utimes(join(folder, "unknown/git"), new Date(NOW), new Date(NOW));
    const find = async (id: string) => (id in ended ? ({ ended_at: ended[id] } as Case) : null);
    const gone = await pruneWork({ folder, find, keepMs: 14 * DAY, now: NOW });
    expect([...gone].sort()).toEqual(["forgotten", "old"]);
    expect((await readdir(folder)).sort()).toEqual(["fresh", "messages", "open", "unknown"]);
  });

  it("are none where nothing was worked on yet", async () => {
    const find = async () => null;
    expect(await pruneWork({ folder: "/nowhere/at/all", find, keepMs: 0, now: NOW })).toEqual([]);
  });
});

describe("a service's mode", () => {
  const entry = (name: string, mode?: string) => ({
    kind: "Component",
    metadata: { name, ...(mode ? { annotations: { "oncall/mode": mode } } : {}) },
    spec: {},
  });
  const catalog = catalogFromDocuments(
    [entry("cart", "live"), entry("shop-web"), entry("shop-api", "shadow")],
    "a test",
  );
  const of = (service: string | null) => modeOf({ catalog, mode: "shadow", live: ["shop-*"] }, service);

  it("is what its catalog entry says, else what the deployment's rule says, else the default", () => {
    expect([of("cart"), of("shop-web"), of("shop-api"), of("search"), of(null)]).toEqual([
      ...["live", "live", "shadow", "shadow", "shadow"],
    ]);
  });
});
