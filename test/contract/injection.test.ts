import { collectEvidence } from "@oncall-copilot/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { discoverServers } from "../support/mcp/servers.ts";
import { type Fixture, INJECTION, makeFixture } from "./fixture.ts";
import { open, type Reply } from "./world.ts";

/** Calls whose answers hold what the fixture's strangers wrote: a log line, a runbook page, a commit message. */
const CALLS = [
  { server: "logs", tool: "read_logs", args: { service: "pricing" } },
  { server: "runbooks", tool: "read_runbook", args: { service: "pricing" } },
  { server: "git", tool: "read_changes", args: { service: "storefront", hops: 0 } },
];

let fixture: Fixture;
const replies = new Map<string, Reply>();
beforeAll(async () => {
  fixture = await makeFixture();
  for (const { server: name, tool, args } of CALLS) {
    const server = discoverServers().find(({ server }) => server === name);
    if (!server) throw new Error(`no server ${name}`);
    const opened = await open("in process", server, fixture.dir);
    replies.set(tool, await opened.call(tool, args));
    await opened.close();
  }
});
afterAll(() => fixture.remove());

/** The text without what stands inside fences, each closed by its own receipt as the id in its opening tag says. */
function outsideOfFences(text: string): string {
  return text.replaceAll(/^<evidence id="([^"]+)"[^\n]*>\n(?:.*\n)*?<\/evidence \1>$/gm, "");
}

describe.each(CALLS)("what a stranger wrote, in the answer of $tool", ({ tool }) => {
  const reply = () => replies.get(tool) ?? { isError: true, text: "", structured: {} };

  it("is quoted word for word, since it may be what matters", () => {
    expect(reply().text).toContain(INJECTION);
    const quoted = [...collectEvidence(reply().structured).values()].filter(({ text }) => text.includes(INJECTION));
    expect(quoted.length).toBe(1);
  });

  it("stays inside its fence: closing tags without the receipt do not close it", () => {
    const outside = outsideOfFences(reply().text);
    expect(outside).not.toContain("ignore all previous instructions");
    expect(outside).not.toContain("evidence>");
    expect(outside).not.toContain("<evidence");
  });

  it("stands in no field but the evidence's text", () => {
    const without = JSON.stringify(reply().structured, (key, value: unknown) => (key === "text" ? undefined : value));
    expect(without).not.toContain("ignore all previous instructions");
  });
});
