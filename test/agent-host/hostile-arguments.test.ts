import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAuditLog } from "../../agent-host/src/audit/audit-log.ts";
import { checkChain } from "../../agent-host/src/audit/chain.ts";
import { toolCalled } from "../../agent-host/src/audit/tool-called.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncall-audit-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("the audit log of what a model asks for", () => {
  it("holds whatever JSON it makes up, names of every object's properties among them", async () => {
    let count = 0;
    const names = fc.constantFrom("__proto__", "constructor", "toJSON", "2", "1", "\ud800", "a");
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.string({ unit: "binary" }), fc.integer(), fc.constant(null), tie("object")),
      object: fc
        .array(fc.tuple(names, tie("value")), { maxLength: 4 })
        .map((pairs) =>
          JSON.parse(`{${pairs.map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)}`)}}`),
        ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 3 }), async (values) => {
        const file = join(folder, `${++count}.jsonl`);
        const log = await openAuditLog(file);
        for (const each of values)
          await log.append("tool_called", JSON.parse(`{"__proto__":1,"x":${JSON.stringify(each)}}`));
        await log.close();
        expect(checkChain(await readFile(file, "utf8")).problem).toBeUndefined();
        await (await openAuditLog(file)).close();
      }),
      { numRuns: 40 },
    );
  });

  it("names the receipts of evidence, and takes evidence that is none", () => {
    const call = {
      sequence: 1,
      server: "git",
      tool: "open_pr",
      outcome: "bad_request",
      reason: null,
      text: "",
      structured: {},
      seconds: 0.1,
    } as const;
    const evidence = [null, 3, "x", { id: "lAAAAAAAAAAAAAAAA", text: "long" }, { id: { deep: "text" } }];
    expect(toolCalled({ ...call, arguments: { service: "a", evidence } })["arguments"]).toEqual({
      service: "a",
      evidence: [null, null, null, "lAAAAAAAAAAAAAAAA", null],
    });
  });
});
