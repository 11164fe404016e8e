/** Server-sent events of one answer, in the API's order. */
import type { CachedUsage } from "./prefix.ts";
import type { Block, MessageTurn } from "./turns.ts";

export interface StreamEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface MessageFacts {
  readonly id: string;
  readonly model: string;
  readonly usage: CachedUsage;
  readonly outputTokens: number;
  /** Signs thinking blocks. */
  readonly signature: string;
  toolUseId(): string;
}

/** All events of a turn, block by block; the first list is what opens the message, the last what ends it. */
export function eventsOf(turn: MessageTurn, facts: MessageFacts): StreamEvent[][] {
  const { id, model, outputTokens } = facts;
  const usage = { ...facts.usage, output_tokens: 1, output_tokens_details: null, server_tool_use: null };
  const start: StreamEvent = {
    type: "message_start",
    message: {
      ...{ id, type: "message", role: "assistant", model, content: [], container: null, diagnostics: null },
      ...{ stop_reason: null, stop_sequence: null, stop_details: null },
      usage: { ...usage, cache_creation: null, inference_geo: null, service_tier: "standard", speed: "standard" },
    },
  };
  const stop_details =
    turn.stop_reason === "refusal" ? { type: "refusal", category: "cyber", explanation: null } : null;
  const end: StreamEvent[] = [
    {
      type: "message_delta",
      delta: { stop_reason: turn.stop_reason, stop_sequence: null, stop_details, container: null },
      usage: { ...usage, output_tokens: outputTokens },
    },
    { type: "message_stop" },
  ];
  const blocks = turn.blocks.map((block, index) => blockEvents(block, index, facts));
  return [[start, { type: "ping" }], ...blocks, end];
}

function blockEvents(block: Block, index: number, facts: MessageFacts): StreamEvent[] {
  const start = (content_block: object): StreamEvent => ({ type: "content_block_start", index, content_block });
  const delta = (change: object): StreamEvent => ({ type: "content_block_delta", index, delta: change });
  const stop: StreamEvent = { type: "content_block_stop", index };
  switch (block.type) {
    case "text":
      return [
        start({ type: "text", text: "", citations: null }),
        ...chunks(block.text).map((text) => delta({ type: "text_delta", text })),
        stop,
      ];
    case "thinking":
      // As current models show it: the text is left out, and the signature carries it.
      return [
        start({ type: "thinking", thinking: "", signature: "" }),
        delta({ type: "signature_delta", signature: facts.signature }),
        stop,
      ];
    case "tool_use":
      return [
        start({ type: "tool_use", id: facts.toolUseId(), name: block.name, input: {}, caller: { type: "direct" } }),
        ...["", ...chunks(JSON.stringify(block.input))].map((partial_json) =>
          delta({ type: "input_json_delta", partial_json }),
        ),
        stop,
      ];
  }
}

/** Pieces that do not mind where a word, an escape or a surrogate pair ends. */
function chunks(text: string, size = 37): string[] {
  const points = [...text];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) =>
    points.slice(i * size, (i + 1) * size).join(""),
  );
}

export const encodeEvent = (event: StreamEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
