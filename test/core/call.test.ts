import { BadRequest, CouldNotLook, createLogger, Evidence, EvidenceKey, verifyEvidence } from "@oncall-copilot/core";
import { defineServer, defineTool, runCall, type ToolContext } from "@oncall-copilot/core/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const key = new EvidenceKey(Buffer.alloc(32, 3));
const log = createLogger("test", "silent");

function toolThat(run: (context: ToolContext, input: { service: string; limit: number }) => Promise<{ text: string }>) {
  return defineTool({
    name: "read_things",
    title: "Read things",
    description: "Reads things.",
    scope: "things:read",
    readOnly: true,
    input: z.strictObject({
      service: z.string(),
      limit: z.number().int().max(10).default(3),
      verbose: z.boolean().optional(),
      tags: z.array(z.string()).optional(),
    }),
    output: z.object({ evidence: z.array(Evidence), limit: z.number() }),
    text: (data) => data.evidence.map((item) => item.text).join("\n"),
    run: async (input, context) => {
      const { text } = await run(context, input);
      const evidence = [
        await context.evidence({ text, url: "recording:x", at: "2026-03-01T10:00:00Z", about: [], shows: [] }),
      ];
      return { outcome: "found" as const, summary: "1 thing", data: { evidence, limit: input.limit } };
    },
  });
}

const call = (
  tool: ReturnType<typeof toolThat>,
  args: unknown,
  options: { signal?: AbortSignal; deadlineMs?: number } = {},
) => {
  const server = defineServer({
    name: "things",
    version: "1",
    letter: "t",
    instructions: "",
    tools: [tool],
    now: () => 0,
  });
  return runCall(server, tool, args, { key, log, ...options });
};

const plain = toolThat(async () => ({ text: "all is well" }));

describe("arguments", () => {
  it("are taken as meant: a number in quotes is a number", async () => {
    const result = await call(plain, { service: "checkout", limit: "5", verbose: "true", tags: '["a"]' });
    expect(result.structured).toMatchObject({ outcome: "found", limit: 5 });
  });

  it("that are unknown are refused with the valid ones named", async () => {
    const result = await call(plain, { servce: "checkout" });
    expect(result.isError).toBe(true);
    expect(result.text).toBe(
      'Bad request: unknown argument "servce"; did you mean service?\nTry next:\n- valid arguments: service (required), limit, verbose, tags',
    );
  });

  it.each([
    [{}, "service is required"],
    [{ service: "x", limit: "many" }, "limit: "],
    [{ service: "x", limit: 11 }, "limit: "],
    [["x"], "arguments must be a JSON object"],
  ])("that are wrong are named: %j", async (args, message) => {
    const result = await call(plain, args);
    expect(result.structured["outcome"]).toBe("bad_request");
    expect(result.structured["message"]).toContain(message);
  });
});

describe("a failure", () => {
  it("that is expected tells its reason and what to try", async () => {
    const result = await call(
      toolThat(() =>
        Promise.reject(
          new CouldNotLook("unreachable", "OpenSearch refused the connection; check OPENSEARCH_URL", {
            tryNext: ["curl it"],
          }),
        ),
      ),
      { service: "x" },
    );
    expect(result.isError).toBe(true);
    expect(result.structured).toEqual({
      outcome: "could_not_look",
      reason: "unreachable",
      message: "OpenSearch refused the connection; check OPENSEARCH_URL",
      try_next: ["curl it"],
    });
    expect(result.text).toContain("a gap, not evidence");
  });

  it("that is not expected leaks neither stack, path nor credential to the client, and is logged", async () => {
    const written: string[] = [];
    const logger = createLogger("things", "warn", { write: (line: string) => written.push(line) });
    const password = ["hun", "ter2"].join("");
    const tool = toolThat(() => Promise.reject(new Error(`cannot open /etc/secret password=${password}`)));
    const server = defineServer({
      name: "things",
      version: "1",
      letter: "t",
      instructions: "",
      tools: [tool],
      now: () => 0,
    });
    const result = await runCall(server, tool, { service: "x" }, { key, log: logger });
    expect(JSON.stringify(result)).not.toMatch(/etc|hunter|at .*\.ts/);
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "internal" });
    await expect.poll(() => written.length).toBe(1);
    const line = JSON.parse(written[0] ?? "{}") as Record<string, string>;
    expect(line["error.stack_trace"]).toContain("cannot open /etc/secret");
    expect(line["error.stack_trace"]).not.toContain(password);
    expect(result.text).toContain(line["reference"] ?? "no reference");
  });

  it("to finish in time ends at the deadline, although the tool does not", async () => {
    let aborted = false;
    const tool = toolThat(
      ({ signal }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            aborted = true;
          });
        }),
    );
    const result = await call(tool, { service: "x" }, { deadlineMs: 30 });
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    expect(aborted).toBe(true);
  });

  it("by cancellation says so", async () => {
    const controller = new AbortController();
    const tool = toolThat(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("socket hang up")))),
    );
    setTimeout(() => controller.abort(), 20);
    const result = await call(tool, { service: "x" }, { signal: controller.signal });
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "cancelled" });
  });

  it("of the caller's own making is a bad request", async () => {
    const result = await call(
      toolThat(() => Promise.reject(new BadRequest("unknown service"))),
      { service: "x" },
    );
    expect(result.structured).toEqual({ outcome: "bad_request", message: "unknown service" });
  });
});

describe("an answer", () => {
  it("is redacted before its evidence is minted, so that its receipt still verifies", async () => {
    const mail = ["dana", "example.com"].join("@");
    const result = await call(
      toolThat(async () => ({ text: `mail to ${mail} failed` })),
      { service: "x" },
    );
    const [item] = z.object({ evidence: z.array(Evidence) }).parse(result.structured).evidence;
    expect(item?.text).toBe("mail to [redacted:email] failed");
    expect(item && verifyEvidence(key, item)).toBe(true);
    expect(result.text).not.toContain(mail);
  });

  it("that is too large is refused, not cut", async () => {
    const result = await call(
      toolThat(async () => ({ text: "lorem ipsum ".repeat(5000) })),
      { service: "x" },
    );
    expect(result.structured).toMatchObject({ outcome: "could_not_look", reason: "too_large" });
  });
});
