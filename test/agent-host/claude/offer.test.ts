import { Draft } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { offeredTools, reportFormat } from "../../../agent-host/src/engines/claude/offer.ts";
import type { ToolInfo } from "../../../agent-host/src/tools/toolbox.ts";
import { strictProblem } from "../../support/messages-api/strict-schema.ts";

function tool(name: string, optional: number, changes: Partial<ToolInfo> = {}): ToolInfo {
  const names = Array.from({ length: optional }, (_, index) => `option_${index}`);
  const properties = Object.fromEntries(["service", ...names].map((each) => [each, { type: "string", maxLength: 9 }]));
  const inputSchema = { type: "object", properties, required: ["service"], additionalProperties: false };
  return { server: "oncall-test", name, description: name, inputSchema, readOnly: true, ...changes };
}

describe("the tools offered to the model", () => {
  it("are those that only read, in an order that does not depend on which server came first", async () => {
    const tools = [tool("read_b", 1), tool("open_pr", 0, { readOnly: false }), tool("read_a", 1)];
    const names = (offered: readonly { name: string }[]) => offered.map(({ name }) => name);
    expect(names(await offeredTools(tools, true))).toEqual(["read_a", "read_b"]);
    expect(names(await offeredTools([...tools].reverse(), true))).toEqual(["read_a", "read_b"]);
  });

  it("are strict as long as one request's limit of optional parameters allows it", async () => {
    const offered = await offeredTools([tool("a", 10), tool("b", 10), tool("c", 10), tool("d", 4)], true);
    expect(offered.map(({ strict = false }) => strict)).toEqual([true, true, false, true]);
    const strict = offered.filter((each) => each.strict).map((each) => [each.name, each.input_schema] as const);
    expect(strictProblem(new Map(strict))).toBeUndefined();
  });

  it("say in words what strict mode has no keyword for", async () => {
    const [offered] = await offeredTools([tool("a", 0)], true);
    expect(offered?.input_schema.properties).toEqual({ service: { type: "string", description: "{maxLength: 9}" } });
  });

  it("are offered as they are when strict mode cannot express them", async () => {
    const inputSchema = { type: "object", properties: { anything: {} } };
    const [offered] = await offeredTools([tool("a", 0, { inputSchema })], true);
    expect(offered).toEqual({ name: "a", description: "a", input_schema: inputSchema });
  });
});

describe("the report's format", () => {
  it("fits strict mode, with every property required", async () => {
    const { schema } = await reportFormat();
    expect(strictProblem(new Map([["format", schema]]))).toBeUndefined();
    expect(schema["required"]).toEqual(Object.keys(Draft.shape));
    expect(optionalIn(schema)).toEqual([]);
  });
});

function optionalIn(schema: unknown): string[] {
  if (schema === null || typeof schema !== "object") return [];
  const { properties = {}, required = [] } = schema as { properties?: object; required?: string[] };
  const own = Object.keys(properties).filter((name) => !required.includes(name));
  return [...own, ...Object.values(schema).flatMap(optionalIn)];
}
