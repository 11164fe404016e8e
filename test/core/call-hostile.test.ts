import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { BadRequest, CouldNotLook, createLogger, EvidenceKey } from "@oncall-copilot/core";
import { defineServer, defineTool, mcpServer, runCall } from "@oncall-copilot/core/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const secret = "postgres://app:correct-horse-battery@db.example/orders";
const options = { key: new EvidenceKey(Buffer.alloc(32, 1)), log: createLogger("test", "silent") };

function serverThatThrows(error: Error) {
  const tool = defineTool({
    name: "look",
    title: "Look",
    description: "looks",
    scope: "logs:read",
    readOnly: true,
    input: z.strictObject({}),
    output: z.object({}),
    run: async () => {
      throw error;
    },
    text: () => "",
  });
  return {
    tool,
    server: defineServer({ name: "x", version: "1", letter: "x", instructions: "", tools: [tool], now: () => 0 }),
  };
}

describe("what to try next", () => {
  it.each([
    new BadRequest("no", { tryNext: [`use ${secret}`] }),
    new CouldNotLook("unreachable", "no", { tryNext: [`use ${secret}`] }),
  ])("is redacted like the rest of an answer: %s", async (error) => {
    const { server, tool } = serverThatThrows(error);
    const result = await runCall(server, tool, {}, options);
    expect(JSON.stringify(result)).not.toContain("correct-horse-battery");
    expect(JSON.stringify(result)).toContain("[redacted:");
  });
});

describe("a tool that is not there", () => {
  it("is named in short, however long its name is", async () => {
    const { server } = serverThatThrows(new Error("never"));
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: "test", version: "1" });
    await Promise.all([mcpServer(server, options).connect(theirs), client.connect(ours)]);
    const failure = await client.callTool({ name: "y".repeat(900_000) }).then(String, String);
    expect(failure).toContain("unknown tool");
    expect(failure.length).toBeLessThan(500);
    await client.close();
  });
});
