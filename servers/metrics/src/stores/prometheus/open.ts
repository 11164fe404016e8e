import { type Catalog, ConfigError, httpClient } from "@oncall-copilot/core";
import type { MetricsStore } from "../../store.ts";
import { prometheusStore } from "../prometheus.ts";
import type { PrometheusConfig } from "./config.ts";
import type { Viewer } from "./link.ts";
import { USUAL_PRESETS } from "./presets/presets.ts";
import { explainRefusal } from "./query-range.ts";
import { overridesOf, sourcesOf } from "./sources.ts";

const VARIABLES = {
  url: "ONCALL_METRICS_PROMETHEUS_URL",
  credentials: "ONCALL_METRICS_PROMETHEUS_TOKEN, or _USERNAME and _PASSWORD,",
  ca: "ONCALL_METRICS_PROMETHEUS_CA_FILE",
};
/** A query must have failed before the call's deadline has passed: only then is it said who did not answer. */
const SHARE_OF_DEADLINE = 0.75;

/** The call's own deadline, where the configuration sets it. */
type Config = PrometheusConfig & { readonly ONCALL_TIMEOUT_SECONDS?: number | undefined };

export interface OpenStore {
  readonly store: MetricsStore;
  /** Reads the queries in the catalog. Throws ConfigError when one is wrong. */
  check(): void;
  close(): Promise<void>;
}

/** A store that answers from the Prometheus of the configuration. Throws ConfigError; asks nothing yet. */
export function openPrometheus(url: string, config: Config, catalog: Catalog, now: () => number): OpenStore {
  const base = addressOf("ONCALL_METRICS_PROMETHEUS_URL", url);
  const name = `Prometheus at ${base.href.replace(/\/+$/, "")}`;
  const { ONCALL_METRICS_PROMETHEUS_CA: ca, ONCALL_METRICS_PROMETHEUS_TIMEOUT_SECONDS: timeout } = config;
  const deadline = config.ONCALL_TIMEOUT_SECONDS;
  const answerMs = 1000 * (deadline === undefined ? timeout : Math.min(timeout, deadline * SHARE_OF_DEADLINE));
  const http = httpClient({
    ...{ name, url: base, variables: VARIABLES, headers: headersOf(config), explain: explainRefusal(name) },
    ...{ answerMs, connectMs: Math.min(3_000, answerMs) },
    ...(ca === undefined ? {} : { ca }),
  });
  const own = config.ONCALL_METRICS_SIGNALS;
  const sources = sourcesOf({
    presets: config.ONCALL_METRICS_PRESETS ?? (own ? [] : USUAL_PRESETS),
    labels: config.ONCALL_METRICS_SERVICE_LABELS ?? new Map(),
    own,
  });
  let read: ReturnType<typeof overridesOf> | undefined;
  const overrides = () => {
    read ??= overridesOf(catalog);
    return read;
  };
  const store = prometheusStore({
    ...{ name, http, now, catalog, sources, overrides, viewer: viewerOf(config, base) },
    scrapeSeconds: config.ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS,
  });
  return { store, check: () => void overrides(), close: async () => http.close() };
}

/** Credentials in an address end up in logs and links. */
function addressOf(variable: string, text: string): URL {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError(`${variable} must not hold credentials: they have variables of their own`);
  }
  return url;
}

function headersOf(config: PrometheusConfig): () => Record<string, string> {
  const token = config.ONCALL_METRICS_PROMETHEUS_TOKEN;
  const user = config.ONCALL_METRICS_PROMETHEUS_USERNAME;
  const password = config.ONCALL_METRICS_PROMETHEUS_PASSWORD;
  const tenant = config.ONCALL_METRICS_PROMETHEUS_TENANT;
  if ((user === undefined) !== (password === undefined)) {
    throw new ConfigError("ONCALL_METRICS_PROMETHEUS_USERNAME and ONCALL_METRICS_PROMETHEUS_PASSWORD go together");
  }
  if (token && password) {
    throw new ConfigError("set ONCALL_METRICS_PROMETHEUS_TOKEN, or _USERNAME and _PASSWORD, but not both");
  }
  return () => ({
    ...(token ? { authorization: `Bearer ${token.reveal()}` } : {}),
    ...(user && password
      ? { authorization: `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString("base64")}` }
      : {}),
    ...(tenant ? { "x-scope-orgid": tenant } : {}),
  });
}

function viewerOf(config: PrometheusConfig, prometheus: URL): Viewer {
  const grafana = config.ONCALL_METRICS_GRAFANA_URL;
  const datasource = config.ONCALL_METRICS_GRAFANA_DATASOURCE;
  if ((grafana === undefined) !== (datasource === undefined)) {
    throw new ConfigError("ONCALL_METRICS_GRAFANA_URL and ONCALL_METRICS_GRAFANA_DATASOURCE go together");
  }
  if (grafana === undefined || datasource === undefined) return { kind: "prometheus", url: prometheus };
  return { kind: "grafana", url: addressOf("ONCALL_METRICS_GRAFANA_URL", grafana), datasource };
}
