import { encode } from "gpt-tokenizer";
import { casesOf } from "../contract/cases.ts";
import { makeFixture } from "../contract/fixture.ts";
import { defaultArguments, open } from "../contract/world.ts";
import { discoverServers } from "../support/mcp/servers.ts";
import type { BenchOptions, Section } from "./section.ts";
import { DEMO } from "./start.ts";

const MAX_DEFINITIONS = 2_500;
const MAX_ANSWER = 1_500;
const tokensOf = (value: unknown) => encode(typeof value === "string" ? value : JSON.stringify(value)).length;

/** Tokens of each tool's definition and of its default answer, by a real tokenizer (o200k_base). */
export async function benchTokens({ progress }: BenchOptions): Promise<Section> {
  progress("counting tokens");
  const fixture = await makeFixture();
  const rows: (string | number)[][] = [];
  for (const server of discoverServers()) {
    const small = await open("in process", server, fixture.dir);
    const demo = await open("in process", server, DEMO);
    const { tools } = await small.client.listTools();
    for (const { name, description, inputSchema } of tools) {
      const test = casesOf(server)[name];
      if (!test) continue;
      const onlyService = inputSchema.required?.join() === "service";
      const answer = onlyService
        ? await demo.call(name, { service: "storefront" })
        : await small.call(name, await defaultArguments(test, fixture, small));
      rows.push([
        name,
        tokensOf({ name, description, inputSchema }),
        onlyService ? "the demo's storefront" : "a small fixture",
        tokensOf(answer.text),
        tokensOf(answer.structured),
      ]);
    }
    await small.close();
    await demo.close();
  }
  await fixture.remove();
  const sum = rows.reduce((total, [, definition]) => total + Number(definition), 0);
  const largest = Math.max(...rows.flatMap(([, , , text, data]) => [Number(text), Number(data)]));
  return {
    title: "Tokens",
    about: "Of name, description and input schema, and of the default call's answer in either form (o200k_base).",
    head: ["tool", "definition", "answer about", "as text", "as data"],
    rows: [...rows, ["together", sum, "", "", ""]],
    goals: [
      { what: "all definitions", measured: sum, most: MAX_DEFINITIONS },
      { what: "the largest default answer", measured: largest, most: MAX_ANSWER },
    ],
  };
}
