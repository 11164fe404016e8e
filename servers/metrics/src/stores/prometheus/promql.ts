/** Writing PromQL so that no value can be read as part of it: https://prometheus.io/docs/prometheus/latest/querying/basics/ */

const ESCAPED: Readonly<Record<string, string>> = { "\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A lone surrogate is no character; on its way over the wire it would become this one. */
const wellFormed = (text: string) => text.replace(/\p{Cs}/gu, "\uFFFD");
const codeOf = (char: string) => (char.codePointAt(0) ?? 0).toString(16).padStart(4, "0");

/** A PromQL string by Go's escaping rules, in single quotes, which keep a query short inside of JSON and of links. */
export function quote(value: string): string {
  return `'${wellFormed(value).replace(/[\\'\p{Cc}]/gu, (char) => ESCAPED[char] ?? `\\u${codeOf(char)}`)}'`;
}

/** Labels whose values may have a namespace and a slash before the name, by OpenTelemetry's and the operator's custom. */
const NAMESPACED = new Set(["job", "exported_job"]);

/** A label matcher for any of some names. A regular expression in PromQL is anchored at both ends (RE2 syntax). */
export function matcher(label: string, names: readonly string[]): string {
  const [only, ...others] = [...new Set(names)];
  if (only === undefined) throw new Error("a matcher of no names would match anything");
  const maybeNamespaced = (name: string) => NAMESPACED.has(label) && !name.includes("/");
  if (others.length === 0 && !maybeNamespaced(only)) return `${label}=${quote(only)}`;
  const any = [only, ...others].map((name) => `${maybeNamespaced(name) ? "(?:[^/]+/)?" : ""}${escapeRegex(name)}`);
  return `${label}=~${quote(any.join("|"))}`;
}

/** The names that a label's value may stand for: itself, and what comes after the namespace where the label has one. */
export function namesIn(label: string, value: string): readonly string[] {
  return NAMESPACED.has(label) && value.includes("/") ? [value, value.slice(value.indexOf("/") + 1)] : [value];
}

const escapeRegex = (value: string) => wellFormed(value).replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");

/** A label's name: https://prometheus.io/docs/concepts/data_model/ */
export const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/;

/** A length of time as PromQL writes it; seconds, the shortest there is but milliseconds, are fine enough. */
export const duration = (seconds: number): string =>
  seconds % 3600 === 0 ? `${seconds / 3600}h` : seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
