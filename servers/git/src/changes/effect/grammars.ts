import Prism from "prismjs";
import "prismjs/components/prism-typescript.js";
import "prismjs/components/prism-jsx.js";
import "prismjs/components/prism-tsx.js";
import "prismjs/components/prism-bash.js";
import "prismjs/components/prism-c.js";
import "prismjs/components/prism-cpp.js";
import "prismjs/components/prism-csharp.js";
import "prismjs/components/prism-dart.js";
import "prismjs/components/prism-docker.js";
import "prismjs/components/prism-elixir.js";
import "prismjs/components/prism-go.js";
import "prismjs/components/prism-graphql.js";
import "prismjs/components/prism-groovy.js";
import "prismjs/components/prism-hcl.js";
import "prismjs/components/prism-ini.js";
import "prismjs/components/prism-java.js";
import "prismjs/components/prism-json.js";
import "prismjs/components/prism-kotlin.js";
import "prismjs/components/prism-lua.js";
import "prismjs/components/prism-makefile.js";
import "prismjs/components/prism-perl.js";
import "prismjs/components/prism-markup-templating.js";
import "prismjs/components/prism-php.js";
import "prismjs/components/prism-properties.js";
import "prismjs/components/prism-protobuf.js";
import "prismjs/components/prism-python.js";
import "prismjs/components/prism-ruby.js";
import "prismjs/components/prism-rust.js";
import "prismjs/components/prism-scala.js";
import "prismjs/components/prism-sql.js";
import "prismjs/components/prism-swift.js";
import "prismjs/components/prism-toml.js";
import "prismjs/components/prism-yaml.js";

/** Prism's name of a language, by the ending of a file's name. */
const LANGUAGE: Readonly<Record<string, string>> = {
  js: "javascript", mjs: "javascript", cjs: "javascript", jsx: "jsx", ts: "typescript", mts: "typescript", cts: "typescript", tsx: "tsx",
  sh: "bash", bash: "bash", zsh: "bash", c: "c", h: "cpp", cc: "cpp", cpp: "cpp", cxx: "cpp", hpp: "cpp", cs: "csharp", dart: "dart",
  dockerfile: "docker", ex: "elixir", exs: "elixir", go: "go", graphql: "graphql", gql: "graphql", groovy: "groovy", gradle: "groovy",
  hcl: "hcl", tf: "hcl", tfvars: "hcl", ini: "ini", cfg: "ini", conf: "ini", env: "bash", java: "java", json: "json", kt: "kotlin", kts: "kotlin",
  lua: "lua", mk: "makefile", makefile: "makefile", pl: "perl", pm: "perl", php: "php", properties: "properties", proto: "protobuf",
  py: "python", pyi: "python", rb: "ruby", rs: "rust", scala: "scala", sql: "sql", css: "css", html: "markup", xml: "markup", svg: "markup",
  swift: "swift", toml: "toml", yaml: "yaml", yml: "yaml",
}; // biome-ignore format: a table

/** Where the blanks at a line's start mean something. */
const INDENTED: ReadonlySet<string> = new Set(["python", "makefile", "yaml"]);

export interface SourceToken {
  readonly kind: "comment" | "string" | "number" | "word" | "other";
  readonly text: string;
}

/** Prism's language of a file; undefined when its ending is not known. */
export function languageOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return LANGUAGE[name.slice(name.lastIndexOf(".") + 1)] ?? LANGUAGE[name.split(".", 1)[0] ?? ""];
}

/**
 * A text as its language's own tokens. Blanks are left out but for those that mean something in that language. A part of a file is read
 * as well as a whole one, but for what begins before it: a comment's second half reads as code, and never code as a comment.
 */
export function tokensOf(text: string, language: string): SourceToken[] {
  const grammar = Prism.languages[language];
  if (!grammar)
    return text.split(/\s+/).flatMap((word): SourceToken[] => (word === "" ? [] : [{ kind: "other", text: word }]));
  return flat(Prism.tokenize(text, grammar), undefined, INDENTED.has(language));
}

type Kind = SourceToken["kind"];

/** Prism's own names for what is data or a remark; everything else is taken word by word. */
const KIND: Readonly<Record<string, Kind>> = {
  comment: "comment",
  prolog: "comment",
  "multiline-comment": "comment",
  string: "string",
  "template-string": "string",
  "triple-quoted-string": "string",
  "string-literal": "string",
  char: "string",
  "attr-value": "string",
  scalar: "string",
  number: "number",
};

function flat(tokens: Prism.TokenStream, kind: Kind | undefined, indented: boolean): SourceToken[] {
  if (typeof tokens === "string") return plain(tokens, kind, indented);
  if (Array.isArray(tokens)) return tokens.flatMap((token) => flat(token, kind, indented));
  const own = kind ?? KIND[tokens.type];
  // A string or comment counts as one, whatever is marked inside of it.
  if (own === "comment" || own === "string") return [{ kind: own, text: textOf(tokens) }];
  return flat(tokens.content, own, indented);
}

const textOf = (tokens: Prism.TokenStream): string =>
  typeof tokens === "string" ? tokens : Array.isArray(tokens) ? tokens.map(textOf).join("") : textOf(tokens.content);

/** Words, numbers and signs; the start of a line where it counts. */
const PART = /[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|\n[ \t]*|[^\s\p{L}\p{N}_$]/gu;

function plain(text: string, kind: Kind | undefined, indented: boolean): SourceToken[] {
  return [...text.matchAll(PART)].flatMap(([part]): SourceToken[] => {
    if (part.startsWith("\n")) return indented ? [{ kind: "other", text: part }] : [];
    if (kind !== undefined) return [{ kind, text: part }];
    return [{ kind: /^\d/.test(part) ? "number" : /^[\p{L}_$]/u.test(part) ? "word" : "other", text: part }];
  });
}
