import { redact } from "@oncall-copilot/core";

/** How far back it is looked for what a line belongs to, such as the beginning of a key. */
const MAX_LINES_BEFORE = 1_000;
const MAX_CHARS_BEFORE = 256 * 1024;
/** Far more than an answer shows. */
const MAX_CHARS = 512 * 1024;

export interface Stretch {
  /** The first line that may be shown, and how many. */
  readonly from: number;
  readonly count: number;
  /** Far more than is shown of one line. */
  readonly lineLength: number;
}

/**
 * Lines of which a part is to be shown, and each of those cut where it is long, redacted before: of a secret that a cut or a page
 * parts, its half would not be known for one afterwards. Lines outside of the stretch are given as they are, so that they can be
 * counted; what is not looked at of a long line becomes as many dots.
 */
export async function safeLines(lines: readonly string[], { from, count, lineLength }: Stretch): Promise<string[]> {
  let [first, end] = [from, from];
  for (let chars = 0; first > 0 && from - first < MAX_LINES_BEFORE; first--) {
    chars += Math.min(lineLength, lines[first - 1]?.length ?? 0);
    if (chars > MAX_CHARS_BEFORE) break;
  }
  for (let chars = 0; end < Math.min(lines.length, from + count) && chars < MAX_CHARS; end++) {
    chars += Math.min(lineLength, lines[end]?.length ?? 0);
  }
  const looked = lines.slice(first, end).map((line) => line.slice(0, lineLength));
  const { text } = await redact(looked.join("\n"));
  const safe = text.split("\n").map((line, index) => {
    const left = (lines[first + index]?.length ?? 0) - lineLength;
    return left > 0 ? line + "…".repeat(left) : line;
  });
  return looked.length === 0 ? [...lines] : [...lines.slice(0, first), ...safe, ...lines.slice(end)];
}
