/** What a script sees of a request: the tool results and evidence it was given, as a model would read them. */
import type { ModelRequest } from "./request.ts";

export interface ShownEvidence {
  readonly id: string;
  readonly at: string;
  readonly url: string;
  readonly about: readonly string[];
  readonly shows: string;
  readonly text: string;
}

export interface ShownResult {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly isError: boolean;
  readonly evidence: readonly ShownEvidence[];
}

export interface RequestView {
  /** From 1, of the requests that were valid. */
  readonly number: number;
  readonly body: ModelRequest;
  /** Whether the model may ask for tools in this turn. */
  readonly mayCall: boolean;
  /** Every tool result so far, oldest first. */
  readonly results: readonly ShownResult[];
  /** Every evidence item so far, each id once. */
  readonly evidence: readonly ShownEvidence[];
  /** The first user message. */
  readonly opening: string;
  /** The text of the last user message, tool results left out. */
  readonly said: string;
}

const EVIDENCE =
  /<evidence id="([^"]+)" at="([^"]*)" url="([^"]*)" about="([^"]*)" shows="([^"]*)">\n([\s\S]*?)\n<\/evidence \1>/g;

export function evidenceIn(text: string): ShownEvidence[] {
  return [...text.matchAll(EVIDENCE)].map(([, id = "", at = "", url = "", about = "", shows = "", inner = ""]) => ({
    id,
    at,
    url,
    about: about.split(" ").filter((name) => name !== ""),
    shows,
    text: inner,
  }));
}

export function viewOf(body: ModelRequest, number: number): RequestView {
  const results = resultsOf(body);
  const evidence = new Map(results.flatMap((result) => result.evidence).map((item) => [item.id, item]));
  const mayCall = (body.tools?.length ?? 0) > 0 && body.tool_choice?.type !== "none";
  const users = body.messages.filter(({ role }) => role === "user").map(textOf);
  const [opening = ""] = users;
  return { number, body, mayCall, results, evidence: [...evidence.values()], opening, said: users.at(-1) ?? "" };
}

const textOf = ({ content }: ModelRequest["messages"][number]): string =>
  content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n\n");

function resultsOf({ messages }: ModelRequest): ShownResult[] {
  const blocks = messages.flatMap(({ content }) => content.map((block) => block));
  const uses = new Map(blocks.flatMap((block) => (block.type === "tool_use" ? [[block.id, block] as const] : [])));
  return blocks.flatMap((block): ShownResult[] => {
    if (block.type !== "tool_result") return [];
    const use = uses.get(block.tool_use_id);
    const parts = typeof block.content === "string" ? [block.content] : (block.content ?? []).map(({ text }) => text);
    const text = parts.join("\n");
    const isError = block.is_error === true;
    return [{ name: use?.name ?? "", input: use?.input ?? {}, text, isError, evidence: evidenceIn(text) }];
  });
}
