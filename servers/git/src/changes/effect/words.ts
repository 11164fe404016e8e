import type { ChangedText } from "./changed-lines.ts";

/** A time span as text writes it, in milliseconds. */
const SPANS: readonly {
  readonly pattern: RegExp;
  readonly ms: (amount: number, unit: string) => number | undefined;
}[] = [
  // 300ms, 1.5 s, "30 seconds", 5m
  {
    pattern:
      /(?<![\w.])(\d[\d_]*(?:\.\d+)?) ?(ms|milliseconds?|msecs?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)(?![\w%])/gi,
    ms: spanOf,
  },
  // 300*time.Millisecond, 5 * time.Second
  { pattern: /(?<![\w.])(\d[\d_]*(?:\.\d+)?) ?\* ?(?:time\.)?(millisecond|second|minute|hour)s?\b/gi, ms: spanOf },
  // timeout_ms: 300, deadlineMs=300, REQUEST_TIMEOUT_MS="1500", ofMillis(300), setTimeoutSeconds(5)
  {
    pattern:
      /(?:_|\b|(?<=[a-z]))(ms|millis|milliseconds|secs?|seconds)["']?(?:[:=( ]|value)+["']?(\d[\d_]*(?:\.\d+)?)(?![\w.])/gi,
    ms: (amount, unit) => spanOf(amount, unit),
  },
];

const UNIT_MS: readonly (readonly [RegExp, number])[] = [
  [/^m(?:illi)?s/i, 1],
  [/^millis?/i, 1],
  [/^s(?:ec|$)/i, 1_000],
  [/^m(?:in|$)/i, 60_000],
  [/^h/i, 3_600_000],
];

function spanOf(amount: number, unit: string): number | undefined {
  const found = UNIT_MS.find(([pattern]) => pattern.test(unit));
  return found && Math.round(amount * found[1]);
}

/** Every time span in a text, in milliseconds, each once. */
export function spansIn(text: string): number[] {
  const spans = SPANS.flatMap(({ pattern, ms }) =>
    [...text.matchAll(pattern)].flatMap(([, a = "", b = ""]) => {
      const [amount, unit] = /^\d/.test(a) ? [a, b] : [b, a];
      return ms(Number(amount.replaceAll("_", "")), unit) ?? [];
    }),
  );
  return [...new Set(spans)];
}

/** Names as programs write them: words, `snake_case`, `kebab-case`, `camelCase`, `a.b.c` by its parts. */
export const namesIn = (text: string): string[] =>
  [...text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*(?:-[\p{L}\p{N}_$]+)*/gu)].map(([name]) => name);

/** The parts of a name, in lower case: `registerPredefinedAgents` and `register_predefined_agents` alike. */
export function partsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== "")
    .map((part) => part.toLowerCase());
}

/** What languages and their libraries call the errors of everybody. */
const EVERYBODYS =
  /^(?:(?:Type|Range|Reference|Syntax|Eval|URI|Aggregate|Assertion|Value|Key|Index|Attribute|Runtime|Timeout|Name|Import|Lookup|OS|IO|Memory|Connection|NoMethod|Argument|Standard)Error|(?:NullPointer|Illegal(?:State|Argument)|IndexOutOfBounds|ArrayIndexOutOfBounds|ClassCast|NoSuchElement|Runtime|IO|UncheckedIO|Execution|Interrupted|Timeout|SQL|NumberFormat|UnsupportedOperation|InvalidOperation|NullReference|ArgumentNull|Argument)Exception)$/;

/** A name that hardly occurs by chance: of two parts and more, so long, and not everybody's. */
export const isTelling = (name: string): boolean =>
  name.length >= 7 && partsOf(name).length >= 2 && !EVERYBODYS.test(name);

/** What stands in quotes or brackets of any kind: a person or a program names a thing there. */
export function quotedIn(text: string): string[] {
  return [...text.matchAll(/(["'`])((?:(?!\1)[^\n\\]|\\.){2,80})\1|\[([^[\]\n]{2,80})\]/g)].flatMap(
    ([, , quoted, bracketed]) => {
      const inner = (quoted ?? bracketed ?? "").trim();
      return /\p{L}{2}/u.test(inner) ? [inner] : [];
    },
  );
}

/** How often each occurs in one list and not in the other: what a change really brings or takes, with what only moved left out. */
export function netOf(
  added: readonly string[],
  removed: readonly string[],
): { added: Set<string>; removed: Set<string> } {
  const counts = new Map<string, number>();
  for (const word of added) counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const word of removed) counts.set(word, (counts.get(word) ?? 0) - 1);
  const of = (sign: number) =>
    new Set([...counts].flatMap(([word, count]) => (Math.sign(count) === sign ? [word] : [])));
  return { added: of(1), removed: of(-1) };
}

const lines = (texts: readonly ChangedText[], side: "added" | "removed") => texts.flatMap((text) => text[side]);

/** What a commit brings and takes over all its files, by a way to read words off a line. */
export const netWords = (texts: readonly ChangedText[], read: (line: string) => readonly string[]) =>
  netOf(lines(texts, "added").flatMap(read), lines(texts, "removed").flatMap(read));
