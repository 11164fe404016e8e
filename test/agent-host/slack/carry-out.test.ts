import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EvidenceKey, type Report } from "@oncall-copilot/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDraftWork } from "../../../agent-host/src/app/open-decisions.ts";
import { readSettings } from "../../../agent-host/src/app/settings.ts";
import type { CaseDecision } from "../../../agent-host/src/cases/case.ts";
import { sealReport } from "../../../agent-host/src/verify/seal.ts";
import { ROOT } from "../../support/mcp/servers.ts";
import { caseOf, REF, reportOfRecording } from "./views.ts";

const KEY = new EvidenceKey(Buffer.alloc(32));
const RECORDING = "bad-deployment-three-hops";
let report: Report;
let folder: string;
const { signal } = new AbortController();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncall-decide-"));
  report = await reportOfRecording(RECORDING, join(folder, "case-1"));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const decisionOf = (
  verb: "approve" | "edit" | "reject",
  head: string,
  more: Partial<CaseDecision> = {},
): CaseDecision => ({
  id: verb,
  decision: {
    ...{ schema_version: 1, incident: report.incident.id, verb, by: "Ada (Slack U0ADA)", at: "2026-11-23T07:30:00Z" },
    ...{ report_sha256: REF.sha256, head, reason: verb === "reject" ? "wrong_cause" : null, words: "because" },
  },
  ...{ edits: null, revert: null, carried_out_at: null, result: null, by_hand: false, ...more },
});

/** With a secret of Slack's in the environment, which must go no further. */
function carrying() {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ONCALL_SLACK_SIGNING_SECRET: "s3cret",
    ONCALL_EVIDENCE_KEY: "0".repeat(64),
  };
  const settings = readSettings(env, { recording: join(ROOT, "test/recordings", RECORDING), transport: "in-process" });
  const cases = { document: () => sealReport(report, { key: KEY, signer: null, auditHead: "" }) };
  return openDraftWork({ settings, key: KEY, cases, workFolder: folder });
}

it("carries an approval, a decision on a moved branch and a rejection out on the draft that the triage opened", async () => {
  const draft = report.pull_request;
  if (!draft) throw new Error("the triage has opened a draft");
  const one = caseOf({ pull_request: draft, final_report: REF });
  const { carryOut } = carrying();
  const record = () => JSON.parse(readFileSync(join(dirname(fileURLToPath(draft.url)), "pull-request.json"), "utf8"));

  const moved = await carryOut(one, decisionOf("approve", "d".repeat(40)), signal);
  expect(moved).toMatchObject({
    refused: true,
    head: draft.commit,
    result: expect.stringContaining("has moved from dddddddddddd"),
  });
  expect(record()).toMatchObject({ draft: true });

  const approved = await carryOut(one, decisionOf("approve", draft.commit), signal);
  expect(approved).toMatchObject({ refused: false, head: draft.commit });
  expect(record()).toMatchObject({ draft: false, status: "open" });
  expect(await carryOut(one, decisionOf("approve", draft.commit), signal)).toEqual(approved);

  const late = await carryOut(one, decisionOf("edit", draft.commit, { revert: "e".repeat(40) }), signal);
  expect(late).toMatchObject({ refused: true, result: expect.stringContaining("marked as ready for review") });

  expect(await carryOut(one, decisionOf("reject", draft.commit), signal)).toMatchObject({ refused: false });
  expect(record()).toMatchObject({ status: "closed" });
  const said = readFileSync(join(dirname(fileURLToPath(draft.url)), "decisions.md"), "utf8");
  expect(said).toMatch(/Approved for review\*\* by Ada[\s\S]*Rejected\*\* by Ada[\s\S]*wrong cause: because/);
}, 120_000);
