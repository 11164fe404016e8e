import { duration } from "./promql.ts";

/** Where a person looks at a query: Grafana Explore by a data source's uid, or Prometheus' own graph. */
export type Viewer =
  | { readonly kind: "grafana"; readonly url: URL; readonly datasource: string }
  | { readonly kind: "prometheus"; readonly url: URL };

/** A link that is longer leaves its query out: it would fill the answer that it stands in. */
const LONGEST = 700;

/** Only what a URL's query must not hold is encoded: every percent sign costs room in an answer that has little. */
const encode = (text: string) =>
  encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replace(/%(?:2C|3A|2F|3D|40|24|3B|3F|5B|5D|7B|7D)/g, (encoded) => decodeURIComponent(encoded));

const below = (url: URL, path: string) => `${url.origin}${url.pathname.replace(/\/+$/, "")}${path}`;

/** A link to the query over a stretch of time (epoch ms); to where queries are made when there is none, or a too long one. */
export function linkTo(viewer: Viewer, query: string | undefined, from: number, to: number): string {
  const page = below(viewer.url, viewer.kind === "grafana" ? "/explore" : "/graph");
  if (query === undefined) return page;
  const link = `${page}?${viewer.kind === "grafana" ? explore(viewer.datasource, query, from, to) : graph(query, from, to)}`;
  return link.length > LONGEST ? page : link;
}

/** The short form of Explore's state, which every version of Grafana since 5 reads: from, to, data source, queries. */
function explore(datasource: string, expr: string, from: number, to: number): string {
  return `left=${encode(JSON.stringify([String(from), String(to), datasource, { expr }]))}`;
}

function graph(expr: string, from: number, to: number): string {
  const end = new Date(to).toISOString().slice(0, 19).replace("T", " ");
  const range = duration(Math.max(1, Math.round((to - from) / 1000)));
  return `g0.expr=${encode(expr)}&g0.tab=0&g0.range_input=${range}&g0.end_input=${encode(end)}`;
}
