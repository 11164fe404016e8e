/** Shows as nothing and joins nothing: between `@` and a name, a forge no longer reads a mention. */
const ZWJ = "\u200d";

/** Everything that Markdown or HTML would read as markup inside a line. */
const MARKUP = /[\\`*_{}[\]<>|~!#$&]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Characters that reorder or hide what a reviewer sees. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

const visible = (text: string) => text.replace(INVISIBLE, "").replace(CONTROLS, "\ufffd");

/** Takes apart what a forge acts upon: mentions, issue references, links, slash commands and `[skip ci]`. */
function disarm(line: string): string {
  return line
    .replace(/@(?=[\p{L}\p{N}_-])/gu, `@${ZWJ}`)
    .replace(/#(?=[\p{L}\p{N}])/gu, `#${ZWJ}`)
    .replace(/\b(GH|gh)-(?=\d)/g, `$1-${ZWJ}`)
    .replace(/!(?=\d)/g, `!${ZWJ}`)
    .replace(/:(?=\/\/)/g, `:${ZWJ}`)
    .replace(/\b(mailto|xmpp|javascript|data|vbscript):/gi, `$1:${ZWJ}`)
    .replace(/\bwww(?=\.)/gi, (match) => `${match}${ZWJ}`)
    .replace(/\[(?=(?:skip|no|ci|actions)\b)/gi, `[${ZWJ}`)
    .replace(/^\/(?=[a-z])/i, `/${ZWJ}`);
}

/** Untrusted words as one line of plain text, for a title or commit message, where Markdown is not read. */
export function plainLine(text: string, most = 200): string {
  const line = visible(text).replace(/\s+/g, " ").trim();
  return disarm(line.length > most ? `${line.slice(0, most - 1)}…` : line);
}

/** Untrusted words as one line of Markdown prose that shows as it was written and does nothing. */
export function prose(text: string, most = 1_000): string {
  const escaped = plainLine(text, most).replace(MARKUP, (mark) =>
    mark === "<" ? "&lt;" : mark === "&" ? "&amp;" : `\\${mark}`,
  );
  // What would begin a list, a heading or a rule at the start of a block.
  return escaped.replace(/^(\d+)([.)])/, "$1\\$2").replace(/^([-+=])/, "\\$1");
}

/** Untrusted words word for word in a fenced block, whose fence is longer than any run of backticks in them. */
export function fencedBlock(text: string, options: { indent: string; maxLines: number }): string {
  const lines = text
    .replace(CONTROLS, "\ufffd")
    .replace(INVISIBLE, "\ufffd")
    .split(/\r\n|\r|\n|\u2028|\u2029|\u0085/);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  const shown = lines.slice(0, options.maxLines);
  const block = [`${fence}text`, ...shown, fence].map((line) => `${options.indent}${line}`);
  const rest = lines.length - shown.length;
  return [...block, ...(rest > 0 ? [`${options.indent}(${rest} more lines)`] : [])].join("\n");
}

/** Untrusted words as inline code on one line. */
export function inlineCode(text: string, most = 200): string {
  const line = visible(text).replace(/\s+/g, " ").trim();
  const short = line.length > most ? `${line.slice(0, most - 1)}…` : line;
  if (short === "") return "`(empty)`";
  const longest = Math.max(0, ...[...short.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  const pad = short.startsWith("`") || short.endsWith("`") ? " " : "";
  return `${ticks}${pad}${short}${pad}${ticks}`;
}

/** Inline code for a table's cell, which would end at a bar even inside code, and at some that are escaped. */
export function cell(text: string, most = 200): string {
  return inlineCode(text.replaceAll("|", "\u00a6"), most);
}

/** A link for http(s) addresses, inline code for any other. */
export function link(label: string, url: string): string {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // not a URL: shown as it is
  }
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "") {
    return `${label} ${cell(url, 300)}`;
  }
  const href = parsed.href.replace(
    /[<>()[\]\\|`*_\s]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
  return `[${label}](<${href}>)`;
}
