import { z } from "zod";

const FENCED = /^\uFEFF?---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;

/** Hugo's and Zola's other form. */
const TOML = /^\uFEFF?\+\+\+[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?\+\+\+[ \t]*(?:\r?\n|$)/;

const words = z
  .union([z.array(z.union([z.string(), z.number()])), z.string()])
  .transform((value) =>
    (typeof value === "string" ? value.split(",") : value.map(String)).map((label) => label.trim()),
  );

/** What a page says about itself. A field of another type than it should be counts as not said. */
const FrontMatter = z.object({
  title: z.string().trim().min(1).nullable().catch(null).default(null),
  labels: words.catch([]).default([]),
  editor: z.string().trim().min(1).nullable().catch(null).default(null),
  version: z.union([z.string(), z.number()]).transform(String).nullable().catch(null).default(null),
  updated: z
    .union([z.string(), z.date()])
    .transform((value) => (value instanceof Date ? value.getTime() : Date.parse(value)))
    .transform((value) => (Number.isNaN(value) ? null : value))
    .nullable()
    .catch(null)
    .default(null),
});
export type FrontMatter = z.output<typeof FrontMatter>;

export interface SplitPage {
  readonly matter: FrontMatter;
  /** The text behind the front matter, byte for byte. */
  readonly body: string;
  /** What is wrong with the front matter, or undefined. */
  readonly problem: string | undefined;
}

/** Takes a page apart into its YAML or TOML front matter and its text. A page without any is all text. */
export async function splitFrontMatter(source: string): Promise<SplitPage> {
  const yaml = FENCED.exec(source);
  const match = yaml ?? TOML.exec(source);
  if (!match) return { matter: FrontMatter.parse({}), body: source.replace(/^\uFEFF/, ""), problem: undefined };
  const body = source.slice(match[0].length);
  const { value, problem } = await (yaml ? parseYaml : parseToml)(match[1] ?? "");
  const matter = FrontMatter.safeParse(value ?? {});
  return {
    matter: matter.success ? matter.data : FrontMatter.parse({}),
    body,
    problem: problem ?? (matter.success ? undefined : "not a map of fields"),
  };
}

async function parseYaml(source: string): Promise<{ value?: unknown; problem?: string }> {
  const { parseDocument } = await import("yaml");
  try {
    const document = parseDocument(source);
    const [error] = document.errors;
    if (error) throw error;
    return { value: document.toJS({ maxAliasCount: 10 }) };
  } catch (error) {
    // An alias of nothing, or of too much, is only found when the document becomes values, and then it is thrown.
    return { problem: (error instanceof Error && error.message.split("\n")[0]) || "not YAML" };
  }
}

/** What static site generators call the same fields, by our names; the first that is given counts. */
const TOML_NAMES = {
  title: ["title"],
  labels: ["labels", "tags"],
  editor: ["editor", "author"],
  version: ["version"],
  updated: ["updated", "lastmod", "date"],
} as const;

async function parseToml(source: string): Promise<{ value?: unknown; problem?: string }> {
  const { parse } = await import("smol-toml");
  try {
    const fields = parse(source);
    const value = Object.entries(TOML_NAMES).flatMap(([name, theirs]) => {
      const given = theirs.find((one) => fields[one] !== undefined);
      return given === undefined ? [] : [[name, fields[given]]];
    });
    return { value: Object.fromEntries(value) };
  } catch (error) {
    return { problem: (error instanceof Error && error.message.split("\n")[0]) || "not TOML" };
  }
}
