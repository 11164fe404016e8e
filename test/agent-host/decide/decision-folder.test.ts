import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Decision } from "../../../agent-host/src/decide/decision.ts";
import { decisionFolder } from "../../../agent-host/src/decide/decision-folder.ts";

const decision = (more: Partial<Decision>): Decision => ({
  schema_version: 1,
  incident: "i-1",
  verb: "approve",
  by: "shell:ada",
  at: "2026-03-01T10:00:00.000Z",
  report_sha256: "a".repeat(64),
  head: null,
  reason: null,
  words: null,
  ...more,
});

const folder = async () => join(await mkdtemp(join(tmpdir(), "oncall-decisions-")), "decisions");

it("keeps what was decided on an incident, oldest first", async () => {
  const store = decisionFolder(await folder());
  expect(await store.list("i-1")).toEqual([]);
  const later = decision({ report_sha256: "b".repeat(64), at: "2026-03-01T11:00:00.000Z" });
  const other = decision({ report_sha256: "c".repeat(64), incident: "i-2" });
  for (const one of [later, decision({}), other]) await store.record(one);
  expect(await store.list("i-1")).toEqual([decision({}), later]);
});

it("lets one of two decisions at once on one report stand, and tells both which", async () => {
  const place = await folder();
  const clicks = ["ada", "grace"].map((name) => decisionFolder(place).record(decision({ by: `shell:${name}` })));
  const [first, second] = await Promise.all(clicks);
  expect(first).toEqual(second);
  expect(await decisionFolder(place).list("i-1")).toEqual([first]);
  expect(await readdir(place)).toHaveLength(1);
});
