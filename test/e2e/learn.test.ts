import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { Case } from "../../agent-host/src/cases/case.ts";
import { openCaseStore } from "../../agent-host/src/cases/open-case-store.ts";
import { openSqliteTable } from "../../agent-host/src/cases/tables/sqlite-table.ts";
import { outcomeOf } from "../../agent-host/src/learn/outcome-of.ts";
import { alertOf, ESTATE } from "../agent-host/cases/alerts.ts";
import { DRAFT, reportOf } from "../agent-host/slack/views.ts";
import { historyServer } from "../history/ask.ts";
import { environment, oncall } from "./oncall.ts";

const AT = Date.parse("2025-11-10T10:00:00Z");
const MINUTE = 60_000;
let folder: string;
let env: NodeJS.ProcessEnv;
let caseId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncall-learn-"));
  env = await environment({ ONCALL_CASES: join(folder, "cases.db") });
  const store = openCaseStore(await openSqliteTable(join(folder, "cases.db")), { catalog: ESTATE });
  const { caseId: id } = await store.claim(alertOf("storefront", { alert: "SlowStore", at: AT }));
  caseId = id ?? "";
  const runbook = { evidence_id: "rcccccccccccccccc", notes: ["Pricing, version 3", "not updated for 400 days"] };
  await store.change(caseId, (one) => {
    const ended: Case = {
      ...{ ...one, state: "ended", resolved_at: AT + 20 * MINUTE, pull_request: DRAFT },
      events: [{ at: AT + 15 * MINUTE, kind: "pull_request_merged", what: "" }],
    };
    return { ...ended, outcome: outcomeOf(ended, reportOf({ runbook })) };
  });
  await store.close();
});

it.each(["ndjson", "parquet"])(
  "oncall cases export writes %s that query_history reads beside the rest",
  async (format) => {
    const { code, stdout } = await oncall(["cases", "export", "--out", folder, "--format", format], env);
    expect([code, stdout]).toEqual([0, `1 case in ${join(folder, `cases.${format}`)}\n`]);
    const { ask } = await historyServer({ history: [] }, { ONCALL_HISTORY_CASES: join(folder, `cases.${format}`) });
    const answer = await ask({ service: "storefront", alert: "SlowStore" });
    expect(answer.incidents).toMatchObject([{ id: caseId, fix_worked: true }]);
    expect(answer.incidents[0]?.evidence.text).toContain("Proposed by this system: ");
  },
);

it("oncall stats and oncall runbooks tell of it, and oncall cases needs no catalog", async () => {
  const stats = await oncall(["stats", "--json"], env);
  expect(JSON.parse(stats.stdout)).toMatchObject([
    { month: "2025-11", cases: 1, minutes_to_resolution: 20, proposed: 1, undecided: 1, merged: 1, fixes_worked: 1 },
  ]);
  expect((await oncall(["stats", "--format", "html"], env)).stdout).toMatch(/^<!doctype html>[\s\S]*<td>2025-11<\/td>/);
  expect((await oncall(["runbooks"], env)).stdout).toContain("not updated for 400 days (1)");
  expect((await oncall(["runbooks", "--format", "csv"], env)).stdout).toContain('"not updated for 400 days","1"');
  const listed = await oncall(["cases"], env);
  expect([listed.code, listed.stdout]).toEqual([0, expect.stringContaining(`${caseId} ended`)]);
  expect(listed.stdout).toContain("(1 alert, 1 firing)");
  expect((await oncall(["stats", "--format", "pdf"], env)).stderr).toContain("--format takes text, json, html");
  expect(await readFile(join(folder, "cases.ndjson"), "utf8")).not.toContain("undefined");
});
