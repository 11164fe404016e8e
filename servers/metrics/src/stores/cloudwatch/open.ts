import { type Catalog, ConfigError } from "@oncall-copilot/core";
import { AWS_CREDENTIALS, authorityOf, awsCredentials, httpClient, requestLimits } from "@oncall-copilot/core/backend";
import { awsPackages } from "../aws-packages.ts";
import { type CloudWatchParts, cloudWatchStore } from "../cloudwatch.ts";
import type { OpenStore } from "../open-store.ts";
import { cloudWatchClient } from "./client.ts";
import type { CloudWatchConfig } from "./config.ts";
import { examineCloudWatch } from "./examine.ts";
import { ownFormulas } from "./own-signals.ts";
import { POLICY } from "./policy.ts";
import { explainAws } from "./refusal.ts";
import { type Resource, resourcesOf } from "./resources.ts";

/** The call's own deadline, where the configuration sets it. */
type Config = CloudWatchConfig & { readonly ONCALL_TIMEOUT_SECONDS?: number | undefined };

export interface CloudWatchSurroundings {
  readonly catalog: Catalog;
  readonly now: () => number;
  /** Whether nothing else answers. */
  readonly isOnly: boolean;
}

/** A store that answers from the CloudWatch of a region. Throws ConfigError; asks nothing yet. */
export function openCloudWatch(
  region: string,
  config: Config,
  { catalog, now, isOnly }: CloudWatchSurroundings,
): OpenStore {
  const endpoint = endpointOf(region, config.ONCALL_METRICS_CLOUDWATCH_ENDPOINT);
  const names = {
    name: `CloudWatch at ${endpoint.href.replace(/\/+$/, "")}`,
    variables: {
      url: config.ONCALL_METRICS_CLOUDWATCH_ENDPOINT
        ? "ONCALL_METRICS_CLOUDWATCH_ENDPOINT"
        : "ONCALL_METRICS_CLOUDWATCH_REGION",
      credentials: AWS_CREDENTIALS,
      ca: "ONCALL_METRICS_CLOUDWATCH_CA_FILE",
    },
  };
  const ca = config.ONCALL_METRICS_CLOUDWATCH_CA ?? authorityOf(process.env);
  const http = httpClient({
    ...{ ...names, url: endpoint, explain: explainAws(names.name, POLICY) },
    ...requestLimits(config.ONCALL_METRICS_CLOUDWATCH_TIMEOUT_SECONDS, config),
    ...(ca === undefined ? {} : { ca }),
  });
  const credentials = awsCredentials(region, awsPackages);
  let read: ReadonlyMap<string, readonly Resource[]> | undefined;
  const resources = () => {
    read ??= new Map(catalog.entries().map((entry) => [entry.name, resourcesOf(entry)]));
    return read;
  };
  const parts: CloudWatchParts = {
    ...{ names, region, catalog, resources, now, isOnly },
    client: cloudWatchClient({ names, region, endpoint, http, credentials }),
    own: ownFormulas(config.ONCALL_METRICS_CLOUDWATCH_SIGNALS),
    settleMs: config.ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS * 1000,
  };
  const store = cloudWatchStore(parts);
  return {
    store,
    check: () => void resources(),
    examine: (options) => examineCloudWatch(store, parts, options),
    close: async () => {
      http.close();
      credentials.close();
    },
  };
}

/** https://docs.aws.amazon.com/general/latest/gr/cw_region.html */
function endpointOf(region: string, given: string | undefined): URL {
  if (given === undefined) {
    return new URL(`https://monitoring.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`);
  }
  const url = new URL(given);
  if (url.username !== "" || url.password !== "" || url.pathname !== "/" || url.search !== "") {
    throw new ConfigError("ONCALL_METRICS_CLOUDWATCH_ENDPOINT is an origin alone, such as https://vpce-1.example.com");
  }
  return url;
}
