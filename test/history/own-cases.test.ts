import { appendFile, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { historyServer } from "./ask.ts";

const row = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  ...{ id, fingerprint: "", alert: "SlowStore", service: "storefront", severity: "page", summary: "slow" },
  ...{ started_at: "2025-10-01T10:00:00Z", resolved_at: "2025-10-01T11:00:00Z" },
  ...{ root_cause: "pool exhausted", fix: "raised the pool to 20", fix_worked: true, pr_url: null, ...more },
});
const lines = (...rows: object[]) => rows.map((one) => `${JSON.stringify(one)}\n`).join("");
const fileOf = async (text: string, name = "cases.ndjson") => {
  const file = join(await mkdtemp(join(tmpdir(), "oncall-own-cases-")), name);
  if (text !== "") await writeFile(file, text);
  return file;
};
const ASKED = { service: "storefront", alert: "SlowStore" };

describe("the team's own cases beside its history", () => {
  it("count with it, and a fix that failed in one of them shows its own failure rate", async () => {
    const file = await fileOf(lines(row("case-1", { fix: "raised the pool to 40", fix_worked: false })));
    const { ask } = await historyServer({ history: [row("INC-1"), row("INC-2")] }, { ONCALL_HISTORY_CASES: file });
    const answer = await ask(ASKED);
    expect(answer).toMatchObject({ matches: { fingerprint: 3, alike: 0 }, stats: { count: 3 } });
    expect(answer.stats?.fixes).toMatchObject([{ worked: 2, failed: 1 }]);
    expect(answer.stats?.evidence.text).toContain("worked 2 of 3 times");
    expect(answer.incidents.map(({ id }) => id).sort()).toEqual(["INC-1", "INC-2", "case-1"]);
  });

  it("say that a proposal was rejected the last time, and why", async () => {
    const proposal = 'Revert "cache" (1234567): rejected, wrong cause: "it was the database"';
    const file = await fileOf(lines(row("case-1", { fix: null, fix_worked: null, root_cause: null, proposal })));
    const { call } = await historyServer({ history: [row("INC-1")] }, { ONCALL_HISTORY_CASES: file });
    expect((await call(ASKED)).text).toContain(`Proposed by this system: ${proposal}`);
  });

  it("are read anew when another case has ended meanwhile, and are none where the file is not there yet", async () => {
    const file = await fileOf("");
    const { ask } = await historyServer({ history: [row("INC-1")] }, { ONCALL_HISTORY_CASES: file });
    expect((await ask(ASKED)).matches.fingerprint).toBe(1);
    await writeFile(file, lines(row("case-1")));
    expect((await ask(ASKED)).matches.fingerprint).toBe(2);
    await appendFile(file, lines(row("case-2", { started_at: "2025-10-02T10:00:00Z" })));
    expect((await ask(ASKED)).matches.fingerprint).toBe(3);
  });

  it("that cannot be read are a gap, and the history is told all the same", async () => {
    const file = await fileOf("no JSON\n");
    const { ask } = await historyServer({ history: [row("INC-1")] }, { ONCALL_HISTORY_CASES: file });
    const answer = await ask(ASKED);
    expect(answer.matches.fingerprint).toBe(1);
    expect(answer.gaps).toEqual([expect.stringContaining("the team's own cases (cases.ndjson) could not be read")]);
  });
});
