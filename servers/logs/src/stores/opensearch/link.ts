import type { Window } from "@oncall-copilot/core";

/** Where a person looks at logs: OpenSearch Dashboards, or OpenSearch itself. */
export type Viewer =
  | { readonly kind: "dashboards"; readonly url: URL; readonly indexPattern: string | undefined }
  | { readonly kind: "opensearch"; readonly url: URL };

/** What is looked at. */
export interface Looked {
  readonly index: string;
  readonly timeField: string;
  readonly serviceField: string;
  readonly names: readonly string[];
  readonly window: Window;
}

const below = (url: URL, path: string) => `${url.origin}${url.pathname.replace(/\/+$/, "")}${path}`;
const iso = (at: number) => new Date(at).toISOString();
/** Only what a URL must not hold is encoded: every percent sign costs room in an answer that has little. */
const encode = (text: string) =>
  encodeURIComponent(text)
    .replace(/%20/g, "+")
    .replace(/%(?:2C|3A|2F|40|24|3B|5B|5D|7B|7D)/g, (encoded) => decodeURIComponent(encoded));
/** Rison, in which Dashboards keeps its state, ends a string at a quote and escapes with an exclamation mark. */
const rison = (text: string) => `'${encodeURIComponent(text.replace(/[!']/g, "!$&")).replace(/'/g, "%27")}'`;
const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&")}"`;

/** A link to the service's lines of the window: Discover, or a search by URL. */
export function linkToLog(viewer: Viewer, { index, timeField, serviceField, names, window }: Looked): string {
  const values = names.map(quoted);
  if (viewer.kind === "dashboards") {
    const query = values.length === 1 ? `${serviceField}:${values[0]}` : `${serviceField}:(${values.join(" or ")})`;
    const pattern = viewer.indexPattern === undefined ? "" : `index:${rison(viewer.indexPattern)},`;
    const [from, to] = [rison(iso(window.from)), rison(iso(window.to))];
    return (
      `${below(viewer.url, "/app/discover")}#/?_g=(time:(from:${from},to:${to}))` +
      `&_a=(${pattern}query:(language:kuery,query:${rison(query)}))`
    );
  }
  const service = values.length === 1 ? `${serviceField}:${values[0]}` : `${serviceField}:(${values.join(" OR ")})`;
  const query = `${service} AND ${timeField}:[${iso(window.from)} TO ${iso(window.to)}}`;
  return `${below(viewer.url, `/${encode(index)}/_search`)}?q=${encode(query)}`;
}

/** A link to one document. */
export function linkToDocument(viewer: Viewer, index: string, id: string): string {
  const [at, which] = [encodeURIComponent(index), encodeURIComponent(id)];
  if (viewer.kind === "dashboards" && viewer.indexPattern !== undefined) {
    return below(viewer.url, `/app/discover#/doc/${encodeURIComponent(viewer.indexPattern)}/${at}?id=${which}`);
  }
  return below(viewer.url, viewer.kind === "opensearch" ? `/${at}/_doc/${which}` : "/app/discover");
}
