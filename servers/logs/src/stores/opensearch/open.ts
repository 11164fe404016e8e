import { type Catalog, ConfigError } from "@oncall-copilot/core";
import {
  AWS_CREDENTIALS,
  awsCredentials,
  bareAddress,
  type HttpBackend,
  httpClient,
  refusalOf,
  requestLimits,
  signerFor,
} from "@oncall-copilot/core/backend";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import type { LogStore } from "../../store.ts";
import { awsPackages } from "../aws-packages.ts";
import { openSearchLogs } from "../opensearch.ts";
import type { OpenSearchConfig } from "./config.ts";
import { examineOpenSearch } from "./examine.ts";
import { explainRefusal } from "./explain.ts";
import type { Viewer } from "./link.ts";
import { fieldsOf } from "./presets.ts";

const VARIABLES = {
  url: "ONCALL_LOGS_OPENSEARCH_URL",
  credentials: "ONCALL_LOGS_OPENSEARCH_USERNAME and _PASSWORD, _API_KEY, _TOKEN or _AWS_REGION",
  ca: "ONCALL_LOGS_OPENSEARCH_CA_FILE",
};

/** The call's own deadline, where the configuration sets it. */
type Config = OpenSearchConfig & { readonly ONCALL_TIMEOUT_SECONDS?: number | undefined };

export interface OpenStore {
  readonly store: LogStore;
  examine(options: ExamineOptions): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

/** A store that answers from the OpenSearch of the configuration. Throws ConfigError; asks nothing yet. */
export function openOpenSearch(url: string, config: Config, catalog: Catalog, now: () => number): OpenStore {
  const base = bareAddress("ONCALL_LOGS_OPENSEARCH_URL", url);
  const index = config.ONCALL_LOGS_OPENSEARCH_INDEX;
  if (index === undefined)
    throw new ConfigError("ONCALL_LOGS_OPENSEARCH_URL needs ONCALL_LOGS_OPENSEARCH_INDEX: logs-*");
  const name = `OpenSearch at ${base.href.replace(/\/+$/, "")}`;
  const { ONCALL_LOGS_OPENSEARCH_CA: ca, ONCALL_LOGS_OPENSEARCH_TIMEOUT_SECONDS: timeout } = config;
  const { variables = VARIABLES, close, ...authenticated } = authentication(config);
  const backend = { name, url: base, variables, ...authenticated };
  const explain = explainRefusal(name);
  const http = httpClient({
    ...{ ...backend, explain, ...requestLimits(timeout, config) },
    ...(ca === undefined ? {} : { ca }),
  });
  let skewMs: number | undefined;
  const parts = {
    ...{ name, index, url: base, http, catalog, now, viewer: viewerOf(config, base) },
    fields: fieldsOf(config.ONCALL_LOGS_OPENSEARCH_PRESET, {
      service: config.ONCALL_LOGS_OPENSEARCH_SERVICE_FIELD,
      time: config.ONCALL_LOGS_OPENSEARCH_TIME_FIELD,
      level: config.ONCALL_LOGS_OPENSEARCH_LEVEL_FIELD,
      message: config.ONCALL_LOGS_OPENSEARCH_MESSAGE_FIELD,
      sequence: config.ONCALL_LOGS_OPENSEARCH_SEQUENCE_FIELD,
      stream: config.ONCALL_LOGS_OPENSEARCH_STREAM_FIELDS?.map((field) => [field]),
    }),
    refused: (answer: Parameters<typeof refusalOf>[0]) => {
      const refusal = refusalOf(answer, backend, Date.now());
      return explain(refusal) ?? refusal;
    },
    told: (date: string | undefined) => {
      const at = Date.parse(date ?? "");
      if (!Number.isNaN(at)) skewMs = Date.now() - at;
    },
    isSigned: config.ONCALL_LOGS_OPENSEARCH_AWS_REGION !== undefined,
    skewMs: () => skewMs,
  };
  return {
    store: openSearchLogs(parts),
    examine: (options) => examineOpenSearch(parts, options),
    close: async () => {
      http.close();
      close?.();
    },
  };
}

interface Authentication extends Pick<HttpBackend, "headers" | "sign"> {
  readonly variables?: typeof VARIABLES;
  close?(): void;
}

/** One credential at the most: a header, or a signature of each request. */
function authentication(config: OpenSearchConfig): Authentication {
  const user = config.ONCALL_LOGS_OPENSEARCH_USERNAME;
  const password = config.ONCALL_LOGS_OPENSEARCH_PASSWORD;
  const key = config.ONCALL_LOGS_OPENSEARCH_API_KEY;
  const token = config.ONCALL_LOGS_OPENSEARCH_TOKEN;
  const region = config.ONCALL_LOGS_OPENSEARCH_AWS_REGION;
  if ((user === undefined) !== (password === undefined)) {
    throw new ConfigError("ONCALL_LOGS_OPENSEARCH_USERNAME and ONCALL_LOGS_OPENSEARCH_PASSWORD go together");
  }
  if ([user, key, token, region].filter((one) => one !== undefined).length > 1) {
    const choices = "_USERNAME and _PASSWORD, _API_KEY, _TOKEN and _AWS_REGION";
    throw new ConfigError(`of ONCALL_LOGS_OPENSEARCH${choices} only one may be set`);
  }
  if (region !== undefined) {
    const credentials = awsCredentials(region, awsPackages);
    const service = config.ONCALL_LOGS_OPENSEARCH_AWS_SERVICE;
    return {
      sign: signerFor({ service, region, credentials, packages: awsPackages }),
      variables: { ...VARIABLES, credentials: AWS_CREDENTIALS },
      close: () => credentials.close(),
    };
  }
  if (user !== undefined && password !== undefined) {
    const pair = () => Buffer.from(`${user}:${password.reveal()}`).toString("base64");
    return { headers: () => ({ authorization: `Basic ${pair()}` }) };
  }
  if (key) return { headers: () => ({ authorization: `ApiKey ${key.reveal()}` }) };
  if (token) return { headers: () => ({ authorization: `Bearer ${token.reveal()}` }) };
  return {};
}

function viewerOf(config: OpenSearchConfig, opensearch: URL): Viewer {
  const dashboards = config.ONCALL_LOGS_DASHBOARDS_URL;
  const indexPattern = config.ONCALL_LOGS_DASHBOARDS_INDEX_PATTERN;
  if (dashboards === undefined) {
    if (indexPattern === undefined) return { kind: "opensearch", url: opensearch };
    throw new ConfigError("ONCALL_LOGS_DASHBOARDS_INDEX_PATTERN needs ONCALL_LOGS_DASHBOARDS_URL");
  }
  return { kind: "dashboards", url: bareAddress("ONCALL_LOGS_DASHBOARDS_URL", dashboards), indexPattern };
}
