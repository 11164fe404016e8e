import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "gpt-tokenizer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { discoverServers, ROOT } from "../support/mcp/servers.ts";
import { asTable } from "../support/table.ts";
import { casesOf } from "./cases.ts";
import { type Fixture, makeFixture } from "./fixture.ts";
import { defaultArguments, open } from "./world.ts";

/** Tokens that a default call's answer may have, as text and as data: a client shows its model only one. */
const MAX_TOKENS = 1_500;

const RECORDINGS = join(ROOT, "test/recordings");
const recorded = existsSync(RECORDINGS)
  ? readdirSync(RECORDINGS).filter((name) => existsSync(join(RECORDINGS, name, "alert.json")))
  : [];

interface Cost {
  readonly tool: string;
  readonly of: string;
  readonly text: number;
  readonly data: number;
}

let fixture: Fixture;
beforeAll(async () => {
  fixture = await makeFixture();
});
afterAll(() => fixture.remove());

const tokens = (text: string, data: unknown) => ({
  text: encode(text).length,
  data: encode(JSON.stringify(data)).length,
});

/** Names of the services in a recording's catalog: any of them may be asked about. */
function servicesOf(recording: string): string[] {
  const documents = parseAllDocuments(readFileSync(join(recording, "catalog.yaml"), "utf8"));
  const entities = [...documents].map((document) => document.toJS() as { kind: string; metadata: { name: string } });
  return entities.filter(({ kind }) => kind === "Component").map(({ metadata }) => metadata.name);
}

/** The default call of every tool that needs no more than a service, for every service of a recording. */
async function costsOf(recording: string): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const server of discoverServers()) {
    const opened = await open("in process", server, recording);
    const { tools } = await opened.client.listTools();
    for (const { name, inputSchema } of tools) {
      if (inputSchema.required?.join() !== "service") continue;
      for (const service of servicesOf(recording)) {
        const { text, structured } = await opened.call(name, { service });
        costs.push({ tool: name, of: service, ...tokens(text, structured) });
      }
    }
    await opened.close();
  }
  return costs;
}

function worst(costs: readonly Cost[]): (string | number)[][] {
  return [...new Set(costs.map(({ tool }) => tool))].map((tool) => {
    const own = costs.filter((cost) => cost.tool === tool);
    const size = (cost: Cost) => Math.max(cost.text, cost.data);
    const largest = own.reduce((a, b) => (size(b) > size(a) ? b : a));
    return [tool, own.length, largest.of, largest.text, largest.data];
  });
}

const HEAD = ["tool", "calls", "largest of", "as text", "as data"];

describe("a default call's answer", () => {
  it(`costs at most ${MAX_TOKENS} tokens in either form, of every tool on the fixture`, async () => {
    const costs: Cost[] = [];
    for (const server of discoverServers()) {
      const opened = await open("in process", server, fixture.dir);
      for (const [tool, test] of Object.entries(casesOf(server))) {
        const { text, structured } = await opened.call(tool, await defaultArguments(test, fixture, opened));
        costs.push({ tool, of: String(structured["outcome"]), ...tokens(text, structured) });
      }
      await opened.close();
    }
    console.log(asTable(HEAD, worst(costs)));
    for (const cost of costs)
      expect(Math.max(cost.text, cost.data), JSON.stringify(cost)).toBeLessThanOrEqual(MAX_TOKENS);
  });

  it.each(recorded)(
    `costs at most ${MAX_TOKENS} tokens in either form, about any service of %s`,
    async (name) => {
      const costs = await costsOf(join(RECORDINGS, name));
      console.log(`${name}\n${asTable(HEAD, worst(costs))}`);
      expect(costs.length).toBeGreaterThan(10);
      for (const cost of costs)
        expect(Math.max(cost.text, cost.data), JSON.stringify(cost)).toBeLessThanOrEqual(MAX_TOKENS);
    },
    120_000,
  );
});
