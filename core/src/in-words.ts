import type { z } from "zod";

/** Longest text that a message repeats, in characters: a longer one may be a credential in the wrong place. */
const MAX_SHOWN = 24;

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
};

/** What a value is, in a word or two. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  return KINDS[Array.isArray(value) ? "array" : typeof value] ?? "nothing";
}

/** A value as a message repeats it. */
function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return kindOf(value);
  return value.length <= MAX_SHOWN ? JSON.stringify(value) : `a text of ${value.length} characters`;
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let at = given;
  for (const key of path)
    at = typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  return at;
}

const listed = (values: readonly unknown[]): string => {
  const names = values.map(String);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
};

const counted = (count: number | bigint, one: string): string => `${count} ${one}${Number(count) === 1 ? "" : "s"}`;

/**
 * Words for what a schema refuses, in place of zod's own: what would be right, and what was given. A schema's own `error` goes
 * first. `given` is what the values were before they were coerced: a number's NaN tells nobody anything.
 */
export function inWords(given: unknown): (issue: z.core.$ZodRawIssue) => string | undefined {
  return (issue) => {
    // Below what a schema has read out of a text there is nothing given but what it read.
    const value = valueAt(given, issue.path ?? []) ?? issue.input;
    const not = (what: string) => `takes ${what}, not ${shown(value)}`;
    switch (issue.code) {
      case "invalid_type": {
        const kind = KINDS[issue.expected] ?? `a value of another kind (${issue.expected})`;
        if (value === undefined) return `is missing; it takes ${kind}`;
        return issue.expected === "string" ? `takes a text, not ${kindOf(value)}` : not(kind);
      }
      case "too_big":
        return (
          tooMuch(issue, value) ?? not(limit(issue.origin, "at most", "less than", issue.inclusive, issue.maximum))
        );
      case "too_small":
        return (
          tooLittle(issue, value) ?? not(limit(issue.origin, "at least", "more than", issue.inclusive, issue.minimum))
        );
      case "invalid_value":
        return not(listed(issue.values));
      case "not_multiple_of":
        return not(`a multiple of ${issue.divisor}`);
      case "invalid_format":
        if (issue.format === "datetime") return not("an RFC 3339 time with a zone, such as 2026-03-01T10:00:00Z");
        return issue.format === "url" ? "takes an http or https address" : undefined;
      case "unrecognized_keys":
        return `has no ${listed(issue.keys.map((key) => key.slice(0, 64)))}`;
      default:
        return undefined;
    }
  };
}

/** Whole numbers say so: `a whole number of at least 1`. */
const limit = (
  origin: string,
  including: string,
  beyond: string,
  inclusive: boolean | undefined,
  bound: number | bigint,
) => {
  const what = origin === "int" || origin === "bigint" ? "a whole number" : "a number";
  return inclusive === false ? `${what} ${beyond} ${bound}` : `${what} of ${including} ${bound}`;
};

/** Texts and lists have a length, which is said instead of them. */
function tooMuch(
  { origin, maximum }: { readonly origin: string; readonly maximum: number | bigint },
  value: unknown,
): string | undefined {
  const length = lengthOf(value);
  if (origin === "string") return `takes at most ${counted(maximum, "character")}${length}`;
  return origin === "array" || origin === "set" ? `takes at most ${counted(maximum, "item")}${length}` : undefined;
}

function tooLittle(
  { origin, minimum }: { readonly origin: string; readonly minimum: number | bigint },
  value: unknown,
): string | undefined {
  const empty = Number(minimum) === 1;
  if (origin === "string")
    return empty ? "must not be empty" : `takes at least ${counted(minimum, "character")}${lengthOf(value)}`;
  if (origin !== "array" && origin !== "set") return undefined;
  return empty ? "takes at least 1 item, and has none" : `takes at least ${counted(minimum, "item")}${lengthOf(value)}`;
}

const lengthOf = (value: unknown): string =>
  typeof value === "string" || Array.isArray(value) ? `, not ${value.length}` : "";
