import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectEvidence } from "@oncall-copilot/core";
import type { CaseArguments, CaseWorld, ContractCase } from "@oncall-copilot/core/server";
import { type Connected, connect, type TransportName } from "../support/mcp/connect.ts";
import type { BuiltServer } from "../support/mcp/servers.ts";
import type { Fixture } from "./fixture.ts";

/** What a client got, with the temp folders of this run taken out of it. */
export interface Reply {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
}

export interface Opened extends Connected {
  call(tool: string, args: CaseArguments): Promise<Reply>;
}

/**
 * One server on a recording over one transport, with a home of its own that is gone after `close`. The client has listed
 * the tools, so it checks every structured answer against the advertised schema.
 */
export async function open(over: TransportName, server: BuiltServer, recording: string): Promise<Opened> {
  const home = await mkdtemp(join(tmpdir(), "oncall-home-"));
  const env = { ONCALL_RECORDING: recording, ONCALL_GIT_WORKDIR: home };
  const connected = await connect(over, server, env);
  await connected.client.listTools();
  const close = async () => {
    await connected.close();
    await rm(home, { recursive: true, force: true });
  };
  const call = async (tool: string, args: CaseArguments): Promise<Reply> => {
    const result = await connected.client.callTool({ name: tool, arguments: { ...args } });
    const stable = JSON.stringify(result).replaceAll(home, "/home");
    return readReply(JSON.parse(stable) as unknown);
  };
  return { client: connected.client, call, close };
}

function readReply(result: unknown): Reply {
  const { isError, content, structuredContent } = result as {
    isError?: boolean;
    content: { type: string; text: string }[];
    structuredContent: Record<string, unknown>;
  };
  return {
    isError: isError === true,
    text: content.map((part) => part.text).join("\n"),
    structured: structuredContent,
  };
}

/** The arguments of a tool's default call. */
export function defaultArguments(test: ContractCase, fixture: Fixture, opened: Opened): Promise<CaseArguments> {
  if (typeof test.found !== "function") return Promise.resolve(test.found);
  const world: CaseWorld = {
    commits: fixture.commits,
    ask: async (tool, args) => ({
      evidence: [...collectEvidence((await opened.call(tool, args)).structured).values()],
    }),
  };
  return test.found(world);
}

/** Ids of the evidence that stands in a text answer, in order. */
export function fencedIds(text: string): string[] {
  return [...text.matchAll(/^<evidence id="([^"]+)"/gm)].map(([, id]) => id ?? "");
}
