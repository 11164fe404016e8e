/** Slack's limits on blocks, counted as it documents them and not as our own schema does. */
type Json = Readonly<Record<string, unknown>>;

const LIMITS: Readonly<Record<string, number>> = { header: 150, section: 3_000, context: 3_000 };
const KINDS = new Set(["header", "section", "rich_text", "context", "actions", "divider", "image", "input"]);

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** `too_long` for what is too much in all; else what is wrong. */
export function blocksProblem(blocks: readonly Json[]): string | undefined {
  if (blocks.length > 50) return "no more than 50 items allowed [json-pointer:/blocks]";
  for (const [index, block] of blocks.entries()) {
    const kind = String(block["type"]);
    if (!KINDS.has(kind)) return `unsupported type: ${kind} [json-pointer:/blocks/${index}/type]`;
    const problem = textProblem(block, LIMITS[kind] ?? 3_000);
    if (problem) return `${problem} [json-pointer:/blocks/${index}]`;
  }
  return JSON.stringify(blocks.map(wordsOf)).length > 13_200 ? "too_long" : undefined;
}

function textProblem(value: unknown, most: number): string | undefined {
  if (Array.isArray(value)) {
    for (const inner of value) {
      const problem = textProblem(inner, most);
      if (problem) return problem;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  if (value["type"] === "button") {
    const label = isObject(value["text"]) ? String(value["text"]["text"]) : "";
    if (label.length > 75) return "must be less than 76 characters";
    if (String(value["value"] ?? "").length > 2_000) return "must be less than 2001 characters";
  }
  for (const [name, inner] of Object.entries(value)) {
    if (name === "text" && typeof inner === "string" && (inner.length === 0 || inner.length > most)) {
      return inner.length === 0 ? "must be more than 0 characters" : `must be less than ${most + 1} characters`;
    }
    const problem = textProblem(inner, most);
    if (problem) return problem;
  }
  return undefined;
}

/** What of a block counts: its words and addresses. */
function wordsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wordsOf).join("");
  if (!isObject(value)) return "";
  return Object.entries(value)
    .map(([name, inner]) => (typeof inner === "string" ? (name === "type" ? "" : inner) : wordsOf(inner)))
    .join("");
}
