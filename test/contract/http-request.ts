/** A tool call as a client posts it, and nothing more. */
export function toolCall(id: number, name: string, args: Readonly<Record<string, unknown>> = {}): RequestInit {
  return post(JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args } }));
}

export function post(body: string, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: "POST",
    body,
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
  };
}

/** The JSON-RPC message in a response that is JSON, or one event of a stream. */
export async function messageOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  const data = response.headers.get("content-type")?.startsWith("text/event-stream")
    ? (/^data: (.*)$/m.exec(text)?.[1] ?? "")
    : text;
  return JSON.parse(data) as Record<string, unknown>;
}
