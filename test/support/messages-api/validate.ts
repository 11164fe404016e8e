/** The checks the real API makes of a request, with its wording where it is known. */
import { prefixSignature } from "./prefix.ts";
import { ModelRequest, type RequestMessage } from "./request.ts";
import { MAX_STRICT_TOOLS, strictProblem } from "./strict-schema.ts";

const MAX_BREAKPOINTS = 4;

/** Thrown for what the API answers with 400 `invalid_request_error`. */
export class InvalidRequest extends Error {
  override readonly name = "InvalidRequest";
}

/** @param mayContinue whether the last answer was a `pause_turn`, which is sent back to be continued. */
export function validateRequest(raw: unknown, mayContinue: boolean): ModelRequest {
  const parsed = ModelRequest.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InvalidRequest(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const request = parsed.data;
  const problem =
    rolesProblem(request.messages, mayContinue) ??
    toolsProblem(request) ??
    request.messages.map((_, index) => pairingProblem(request.messages, index)).find((found) => found !== undefined) ??
    thinkingProblem(request) ??
    strictProblem(strictSchemas(request)) ??
    breakpointsProblem(request);
  if (problem) throw new InvalidRequest(problem);
  return request;
}

function rolesProblem(messages: readonly RequestMessage[], mayContinue: boolean): string | undefined {
  if (messages[0]?.role !== "user") return 'messages: first message must use the "user" role';
  const twice = messages.findIndex((message, index) => index > 0 && message.role === messages[index - 1]?.role);
  if (twice > 0) return `messages.${twice}: roles must alternate between "user" and "assistant"`;
  if (messages.at(-1)?.role === "assistant" && !mayContinue)
    return "This model does not support assistant message prefill. The conversation must end with a user message.";
  return undefined;
}

function toolsProblem({ tools = [], tool_choice, messages, output_config }: ModelRequest): string | undefined {
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length) return "tools: Tool names must be unique.";
  if (tool_choice && tools.length === 0) return "tool_choice: may only be specified while providing `tools`.";
  if (tool_choice?.type === "any" || tool_choice?.type === "tool")
    return `tool_choice.type "${tool_choice.type}" is not supported for this model.`;
  const used = messages.some(({ content }) =>
    content.some(({ type }) => type === "tool_use" || type === "tool_result"),
  );
  if (used && tools.length === 0) return "Requests which include `tool_use` or `tool_result` blocks must define tools.";
  if (tools.filter(({ strict }) => strict).length > MAX_STRICT_TOOLS) return "tools: too many strict tools";
  const optional = output_config?.format && missingRequired(output_config.format.schema);
  return optional ? `output_config.format.schema: ${optional} is not required` : undefined;
}

/** Ours must have every property required, so that a report is whole; the API would take optional ones. */
function missingRequired(schema: unknown): string | undefined {
  if (schema === null || typeof schema !== "object") return undefined;
  const { properties, required = [] } = schema as { properties?: object; required?: string[] };
  const missing = Object.keys(properties ?? {}).find((name) => !required.includes(name));
  return (
    missing ??
    Object.values(schema)
      .map(missingRequired)
      .find((found) => found !== undefined)
  );
}

/** Each `tool_use` is answered in the very next message, by results that come before anything else. */
function pairingProblem(messages: readonly RequestMessage[], index: number): string | undefined {
  const message = messages[index];
  const before = messages[index - 1];
  if (message?.role !== "user") return undefined;
  const asked =
    before?.role === "assistant"
      ? before.content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []))
      : [];
  const answered = message.content.flatMap((block) => (block.type === "tool_result" ? [block.tool_use_id] : []));
  const missing = asked.filter((id) => !answered.includes(id));
  if (missing.length > 0)
    return `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(", ")}`;
  const stray = answered.find((id, at) => !asked.includes(id) || answered.indexOf(id) !== at);
  if (stray) return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}`;
  const late = message.content.slice(0, answered.length).some(({ type }) => type !== "tool_result");
  return late ? `messages.${index}: tool_result blocks must come first in the content array` : undefined;
}

/** Thinking blocks are bound to all that came before them: system, tools and messages, byte for byte. */
function thinkingProblem(request: ModelRequest): string | undefined {
  for (const [index, message] of request.messages.entries()) {
    if (message.role !== "assistant") continue;
    const signature = prefixSignature(request, index);
    const broken = message.content.some((block) => block.type === "thinking" && block.signature !== signature);
    if (broken) return `messages.${index}: a \`thinking\` block is invalid: what comes before it was changed`;
  }
  return undefined;
}

function strictSchemas({ tools = [], output_config }: ModelRequest): Map<string, unknown> {
  const strict = tools.filter((tool) => tool.strict).map((tool) => [`tools.${tool.name}`, tool.input_schema] as const);
  const format = output_config?.format ? [["output_config.format.schema", output_config.format.schema] as const] : [];
  return new Map<string, unknown>([...strict, ...format]);
}

/** How many cache breakpoints a request sets. */
export function breakpoints({ system, messages, tools = [], cache_control }: ModelRequest): number {
  const blocks = [
    ...(typeof system === "string" ? [] : system),
    ...tools,
    ...messages.flatMap<object>(({ content }) => content),
  ];
  const marked = blocks.filter((block) => "cache_control" in block && block.cache_control).length;
  return marked + (cache_control ? 1 : 0);
}

function breakpointsProblem(request: ModelRequest): string | undefined {
  const count = breakpoints(request);
  return count > MAX_BREAKPOINTS
    ? `A maximum of ${MAX_BREAKPOINTS} blocks with cache_control may be provided. Found ${count}.`
    : undefined;
}
