import { matches, type Span } from "./rule.ts";

const PLACEHOLDER = /\[redacted:[a-z0-9-]+\]/g;

/** Joins spans that overlap; the joined span has the kind that ranks first, which is the order of `spans`. */
export function merge(spans: readonly Span[]): Span[] {
  const ranked = spans.map((span, rank) => ({ ...span, rank })).sort((a, b) => a.start - b.start || a.rank - b.rank);
  const merged: (Span & { rank: number })[] = [];
  for (const span of ranked) {
    const last = merged.at(-1);
    if (!last || span.start >= last.end) {
      merged.push(span);
      continue;
    }
    const { kind, rank } = span.rank < last.rank ? span : last;
    merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end), kind, rank };
  }
  return merged;
}

/** Those of `weaker` that touch none of `stronger`, which must be merged (sorted and apart). */
export function apartFrom(stronger: readonly Span[], weaker: readonly Span[]): Span[] {
  let next = 0;
  return [...weaker]
    .sort((a, b) => a.start - b.start)
    .filter((span) => {
      while ((stronger[next]?.end ?? Number.POSITIVE_INFINITY) <= span.start) next++;
      return (stronger[next]?.start ?? Number.POSITIVE_INFINITY) >= span.end;
    });
}

export interface Applied {
  readonly text: string;
  /** The kinds of the spans that were hidden, one entry each. */
  readonly kinds: readonly string[];
}

/** Hides spans, which must be merged. A span over several lines is hidden line by line, so that no line is lost. */
export function apply(text: string, spans: readonly Span[]): Applied {
  let out = "";
  let from = 0;
  const kinds: string[] = [];
  for (const { start, end, kind } of wholePlaceholders(text, spans)) {
    const before = text.slice(start, end);
    const after = hide(before, `[redacted:${kind}]`);
    if (after === before) continue;
    kinds.push(kind);
    out += text.slice(from, start) + after;
    from = end;
  }
  return { text: out + text.slice(from), kinds };
}

/** Widens spans that would cut an earlier placeholder in two. */
function wholePlaceholders(text: string, spans: readonly Span[]): readonly Span[] {
  if (!text.includes("[redacted:")) return spans;
  const placeholders = [...matches(text, PLACEHOLDER)].map(
    ({ index, 0: { length } }) => [index, index + length] as const,
  );
  let next = 0;
  const widened = spans.map((span) => {
    while ((placeholders[next]?.[1] ?? Number.POSITIVE_INFINITY) <= span.start) next++;
    let { start, end } = span;
    for (let i = next; (placeholders[i]?.[0] ?? Number.POSITIVE_INFINITY) < end; i++) {
      start = Math.min(start, placeholders[i]?.[0] ?? start);
      end = Math.max(end, placeholders[i]?.[1] ?? end);
    }
    return { ...span, start, end };
  });
  return merge(widened);
}

function hide(secret: string, placeholder: string): string {
  if (!/[\r\n]/.test(secret)) return hasContent(secret) ? placeholder : secret;
  // In a diff or a YAML block the indentation and the + or - belong to the line, not to the secret.
  return secret
    .split(/(\r\n|\r|\n)/)
    .map((line) => {
      const indent = /^[ \t+>|-]*/.exec(line)?.[0] ?? "";
      return hasContent(line) ? `${indent}${placeholder}` : line;
    })
    .join("");
}

/** Whether anything is left to hide once earlier placeholders are taken out: redacting twice must change nothing. */
const hasContent = (text: string): boolean => /[\p{L}\p{N}]/u.test(text.replace(PLACEHOLDER, ""));
