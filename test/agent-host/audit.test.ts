import { appendFile, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAuditLog } from "../../agent-host/src/audit/audit-log.ts";
import { checkChain } from "../../agent-host/src/audit/chain.ts";

async function written(): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "oncall-audit-")), "audit.jsonl");
  const log = await openAuditLog(file);
  await Promise.all([
    log.append("alert_received", { alert: "Slow", ümlaut: "grün" }),
    log.append("tool_called", { tool: "read_logs", arguments: { service: "cart", "10": 1, "2": 2 } }),
    log.append("report_made", { outcome: "inconclusive" }),
  ]);
  await log.close();
  return file;
}

describe("the audit log", () => {
  it("holds every entry in order, each carrying the hash of the one before", async () => {
    const file = await written();
    const text = await readFile(file, "utf8");
    const entries = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { seq: number; prev: string; hash: string; type: string });
    expect(entries.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      "1 alert_received",
      "2 tool_called",
      "3 report_made",
    ]);
    expect(entries[1]?.prev).toBe(entries[0]?.hash);
    expect(checkChain(text)).toMatchObject({ entries: 3, head: entries[2]?.hash, problem: undefined });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("shows a change of any byte", async () => {
    const bytes = await readFile(await written());
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, mask) => {
        const changed = Buffer.from(bytes);
        changed[position] = (changed[position] ?? 0) ^ mask;
        expect(checkChain(changed.toString("utf8")).problem).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["removed", (lines: string[]) => [lines[0], lines[2]]],
    ["moved", (lines: string[]) => [lines[1], lines[0], lines[2]]],
    ["doubled", (lines: string[]) => [lines[0], lines[0], lines[1], lines[2]]],
  ])("shows an entry that was %s", async (_what, change) => {
    const lines = (await readFile(await written(), "utf8")).trimEnd().split("\n");
    expect(checkChain(`${change(lines).join("\n")}\n`).problem?.why).toBeDefined();
  });

  it("goes on after a crash in mid-write: the torn line is set aside, and the chain says so", async () => {
    const file = await written();
    await appendFile(file, '{"seq":4,"at":"2026-');
    expect(checkChain(await readFile(file, "utf8")).problem).toEqual({
      line: 4,
      why: expect.stringContaining("cut off"),
    });
    const log = await openAuditLog(file);
    await log.append("decision", { approved: true });
    await log.close();
    const text = await readFile(file, "utf8");
    expect(checkChain(text)).toMatchObject({ entries: 5, problem: undefined });
    expect(JSON.parse(text.split("\n")[3] ?? "")).toMatchObject({ type: "recovered", data: { torn_bytes: 20 } });
    expect(await readFile(`${file}.torn`, "utf8")).toBe('{"seq":4,"at":"2026-');
  });

  it("does not go on with a log that was tampered with, and leaves it as it is", async () => {
    const file = await written();
    const tampered = (await readFile(file, "utf8")).replace("read_logs", "read_lies");
    await writeFile(file, tampered);
    await expect(openAuditLog(file)).rejects.toThrow("line 2: its hash does not fit its content");
    expect(await readFile(file, "utf8")).toBe(tampered);
  });

  it("has one writer at a time, and takes over from one that died", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "oncall-audit-")), "audit.jsonl");
    const first = await openAuditLog(file);
    await expect(openAuditLog(file)).rejects.toThrow(`process ${process.pid} is writing there`);
    await first.close();
    await writeFile(`${file}.lock`, "999999999");
    const second = await openAuditLog(file);
    await second.close();
  });

  it("never holds a secret", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "oncall-audit-")), "audit.jsonl");
    const log = await openAuditLog(file);
    const password = ["correct", "horse"].join("-");
    await log.append("tool_called", { arguments: { contains: `password=${password}` } });
    await log.close();
    expect(await readFile(file, "utf8")).not.toContain(password);
  });
});
