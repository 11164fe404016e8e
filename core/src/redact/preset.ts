import type { Rule, Span } from "./rule.ts";

/** Which of the preset's rules run here, and the kind each finds. */
const KINDS: Readonly<Record<string, string>> = {
  "@secretlint/secretlint-rule-aws": "aws-secret-key",
  "@secretlint/secretlint-rule-npm": "npm-token",
  "@secretlint/secretlint-rule-slack": "slack-token",
  "@secretlint/secretlint-rule-sendgrid": "sendgrid-key",
  "@secretlint/secretlint-rule-shopify": "shopify-token",
  "@secretlint/secretlint-rule-github": "github-token",
  "@secretlint/secretlint-rule-openai": "openai-key",
  "@secretlint/secretlint-rule-anthropic": "anthropic-key",
  "@secretlint/secretlint-rule-linear": "linear-key",
  "@secretlint/secretlint-rule-1password": "onepassword-token",
};

/**
 * Secretlint's recommended rules, run by a small host of our own in place of `lintSource`. That one keeps some forty
 * performance marks of every call for as long as the process lives, costs six times as much, and honours
 * `secretlint-disable` comments, which here would let a log line switch redaction off. Left out are the rules that hide a
 * whole URL or key block (ours keep the host and the lines) and the one that reads from disk.
 *
 * The preset takes tens of milliseconds to load, so it is loaded on first use.
 */
export async function loadPreset(): Promise<Rule> {
  const { rules } = await import("@secretlint/secretlint-rule-preset-recommend");
  // The handlers are made once, so what they look at and what they find is kept beside them. A scan is synchronous.
  let text = "";
  let found: Span[] = [];
  const handlers = rules.flatMap((rule) => {
    const kind = KINDS[rule.meta.id];
    if (!kind) return [];
    return rule.create(
      {
        sharedOptions: {},
        createTranslator: () => (id, data) => ({ message: "", messageId: String(id), data }),
        ignore: () => undefined,
        report: ({ message, range }) => found.push(locate(text, kind, range, message.data)),
      },
      {},
    );
  });
  return (input) => {
    text = input;
    found = [];
    const source = sourceOf(text);
    for (const handler of handlers) handler.file?.(source);
    return found;
  };
}

/** A report's range may begin at the name before the secret and end too early; the secret itself is in its data. */
function locate(text: string, kind: string, [from, to]: readonly [number, number], data: unknown): Span {
  const values = Object.values(data ?? {}).filter((value) => typeof value === "string");
  const secret =
    values.find((value) => text.startsWith(value, from)) ?? values.find((value) => text.indexOf(value, from) >= 0);
  const start = secret === undefined ? from : text.indexOf(secret, from);
  return { start, end: secret === undefined ? to : start + secret.length, kind };
}

type Source = Parameters<NonNullable<ReturnType<Creator["create"]>["file"]>>[0];
type Creator = typeof import("@secretlint/secretlint-rule-preset-recommend")["rules"][number];

/** What a rule may ask about the text. It has no path, so no rule can open a file. */
function sourceOf(content: string): Source {
  const nowhere = { line: 1, column: 0 };
  return {
    content,
    hasBOM: false,
    filePath: undefined,
    physicalFilePath: undefined,
    contentType: "text",
    ext: "",
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: () => [0, content.length],
    rangeToLocation: () => ({ start: nowhere, end: nowhere }),
    positionToIndex: () => 0,
    indexToPosition: () => nowhere,
  };
}
