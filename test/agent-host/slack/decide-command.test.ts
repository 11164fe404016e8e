import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { Catalog } from "@oncall-copilot/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { CaseStore } from "../../../agent-host/src/cases/case-store.ts";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import { type DecideArguments, decideCommand } from "../../../agent-host/src/cli/decide-command.ts";
import { DRAFT, REF, reportOf } from "./views.ts";

let cases: CaseStore;
let folder: string;
let id: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncall-shell-"));
  const catalog = new Catalog(() => ({ entries: [], dangling: [], problems: [] }));
  cases = openCaseStore(await openSqliteTable(join(folder, "cases.db")), { catalog });
  id = (await cases.claim(reportOf().incident)).caseId ?? "";
  await cases.change(id, (one) => ({ ...one, state: "settled", pull_request: DRAFT, final_report: REF }));
});
afterEach(async () => {
  await cases.close();
  await rm(folder, { recursive: true, force: true });
});

const MAY = { ONCALL_APPROVERS: `shell:${userInfo().username}` };
const decide = (more: Partial<DecideArguments>, env: NodeJS.ProcessEnv = MAY) => {
  const none = { head: DRAFT.commit, reason: undefined, words: undefined, edits: undefined, revert: undefined };
  return decideCommand({ id, verb: "approve", ...none, ...more }, cases, env);
};
const decisions = async () => (await cases.find(id))?.decisions ?? [];

it("records what the button would, by whoever is named as shell:NAME", async () => {
  expect(await decide({ head: DRAFT.commit.slice(0, 9), words: "fits" })).toBe(0);
  const by = `${userInfo().username} (shell)`;
  expect((await decisions())[0]?.decision).toMatchObject({ verb: "approve", by, head: DRAFT.commit, words: "fits" });
});

it("is refused to whoever is not named, for a commit that the draft is no longer at, and after another decision", async () => {
  expect(await decide({}, {})).toBe(3);
  expect(await decide({}, { ONCALL_APPROVERS: "shell:somebody-else" })).toBe(3);
  expect(await decide({ head: "d".repeat(40) })).toBe(3);
  expect(await decisions()).toEqual([]);
  await decide({ verb: "reject", reason: "known" });
  expect(await decide({})).toBe(3);
  expect(await decisions()).toHaveLength(1);
});

it("says what a wrong command should be", async () => {
  await expect(decide({ verb: "merge" })).rejects.toThrow("approve|reject|edit");
  await expect(decide({ verb: "reject" })).rejects.toThrow("--reason, one of wrong_cause");
  await expect(decide({ verb: "edit" })).rejects.toThrow("either --edits FILE.json or --revert SHA");
  await expect(decide({ head: undefined })).rejects.toThrow(`the draft is at ${DRAFT.commit}`);
});
