import { type Catalog, ConfigError } from "@oncall-copilot/core";
import {
  AWS_CREDENTIALS,
  awsCredentials,
  bareAddress,
  type CredentialSource,
  httpClient,
  requestLimits,
  signerFor,
} from "@oncall-copilot/core/backend";
import { awsPackages } from "../aws-packages.ts";
import { explainAws } from "../cloudwatch/refusal.ts";
import type { OpenStore } from "../open-store.ts";
import { type PrometheusParts, prometheusStore } from "../prometheus.ts";
import type { PrometheusConfig } from "./config.ts";
import { examinePrometheus } from "./examine.ts";
import type { Viewer } from "./link.ts";
import { USUAL_PRESETS } from "./presets/presets.ts";
import { explainRefusal } from "./query-range.ts";
import { overridesOf, sourcesOf } from "./sources.ts";

const VARIABLES = {
  url: "ONCALL_METRICS_PROMETHEUS_URL",
  credentials: "ONCALL_METRICS_PROMETHEUS_TOKEN, or _USERNAME and _PASSWORD,",
  ca: "ONCALL_METRICS_PROMETHEUS_CA_FILE",
};

/** The call's own deadline, where the configuration sets it. */
type Config = PrometheusConfig & { readonly ONCALL_TIMEOUT_SECONDS?: number | undefined };

/** Amazon Managed Prometheus, as IAM calls it. */
const AMP = "aps";
const AMP_POLICY = "allow it aps:QueryMetrics on the workspace, as the server's README shows";

/** A store that answers from the Prometheus of the configuration. Throws ConfigError; asks nothing yet. */
export function openPrometheus(url: string, config: Config, catalog: Catalog, now: () => number): OpenStore {
  const base = bareAddress("ONCALL_METRICS_PROMETHEUS_URL", url);
  const name = `Prometheus at ${base.href.replace(/\/+$/, "")}`;
  const { ONCALL_METRICS_PROMETHEUS_CA: ca, ONCALL_METRICS_PROMETHEUS_TIMEOUT_SECONDS: timeout } = config;
  const headers = headersOf(config);
  const explainPrometheus = explainRefusal(name);
  const explainSigned = explainAws(name, AMP_POLICY);
  const signing = signingOf(config);
  const http = httpClient({
    ...{ name, url: base, variables: signing ? { ...VARIABLES, credentials: AWS_CREDENTIALS } : VARIABLES, headers },
    explain: (refusal) => explainPrometheus(refusal) ?? (signing ? explainSigned(refusal) : undefined),
    ...(signing ? { sign: signing.sign } : {}),
    ...requestLimits(timeout, config),
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
  const parts: PrometheusParts = {
    ...{ name, http, now, catalog, sources, overrides, viewer: viewerOf(config, base) },
    matchers: config.ONCALL_METRICS_PROMETHEUS_MATCHERS,
    scrapeSeconds: config.ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS,
  };
  const store = prometheusStore(parts);
  return {
    store,
    check: () => void overrides(),
    examine: (options) => examinePrometheus(store, { parts, isSigned: signing !== undefined }, options),
    close: async () => {
      http.close();
      signing?.credentials.close();
    },
  };
}

interface Signing {
  readonly credentials: CredentialSource;
  readonly sign: ReturnType<typeof signerFor>;
}

/** How requests are signed, where they are: for Amazon Managed Prometheus. */
function signingOf(config: PrometheusConfig): Signing | undefined {
  const region = config.ONCALL_METRICS_PROMETHEUS_SIGV4_REGION;
  if (region === undefined) return undefined;
  if (config.ONCALL_METRICS_PROMETHEUS_TOKEN || config.ONCALL_METRICS_PROMETHEUS_PASSWORD) {
    throw new ConfigError(
      "set ONCALL_METRICS_PROMETHEUS_SIGV4_REGION, or a credential of Prometheus' own, but not both",
    );
  }
  const credentials = awsCredentials(region, awsPackages);
  return { credentials, sign: signerFor({ service: AMP, region, credentials, packages: awsPackages }) };
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
  return { kind: "grafana", url: bareAddress("ONCALL_METRICS_GRAFANA_URL", grafana), datasource };
}
