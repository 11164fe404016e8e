import type { CouldNotLookReason, Evidence, Gap } from "@oncall-copilot/core";

/** A tool as its server lists it. */
export interface ToolInfo {
  readonly server: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly readOnly: boolean;
}

/** One call and what came of it. `structured` and `text` carry the same facts. */
export interface ToolCall {
  /** From 1, in the order the calls were made. */
  readonly sequence: number;
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly outcome: "found" | "nothing_found" | "could_not_look" | "bad_request";
  /** Why, when the outcome is `could_not_look`. */
  readonly reason: CouldNotLookReason | null;
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
  readonly seconds: number;
  /** It was answered in an earlier look at the same incident, and nobody was asked again. */
  readonly reused?: true;
}

/** How many calls asked somebody. */
export const asked = (calls: readonly ToolCall[]): number => calls.filter(({ reused }) => !reused).length;

/** An answer of an earlier look that still holds. Its receipts are checked again. */
export type KeptCall = Pick<ToolCall, "server" | "tool" | "arguments" | "outcome" | "text" | "structured">;

/** A connected MCP server, whatever the transport. */
export interface Connection {
  readonly server: string;
  readonly tools: readonly ToolInfo[];
  /** False once the transport has ended, such as by the death of the server's process. */
  readonly open: boolean;
  /** Never throws for what the server does: a dead, hanging or babbling server is `could_not_look`. */
  call(tool: string, args: Readonly<Record<string, unknown>>, options: CallOptions): Promise<ConnectionAnswer>;
  close(): Promise<void>;
}

export type ConnectionAnswer = Pick<ToolCall, "outcome" | "reason" | "text" | "structured">;

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** All tools of all servers that could be reached, behind one call; every call is recorded. */
export interface Toolbox {
  readonly tools: readonly ToolInfo[];
  /** Servers that did not start, and calls that could not look: what the report must admit to. */
  readonly gaps: readonly Gap[];
  readonly calls: readonly ToolCall[];
  /** Every evidence item returned so far, by id. */
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** An unknown tool is a `bad_request`; nothing is thrown but an abort. */
  call(tool: string, args: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<ToolCall>;
}
