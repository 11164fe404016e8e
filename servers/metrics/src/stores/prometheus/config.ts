import { certificates, commaSeparated, webAddress } from "@oncall-copilot/core/backend";
import { secret } from "@oncall-copilot/core/server";
import { z } from "zod";
import { PRESET_NAMES, USUAL_PRESETS } from "./presets/presets.ts";
import { LABEL } from "./promql.ts";
import { ownSignals } from "./sources.ts";

/** No quote, bracket or backslash inside of a value, so that none can end its string. */
const MATCHERS =
  /^\s*[a-zA-Z_]\w*(?:=|!=|=~|!~)(?:'[^'"{}\\]*'|"[^'"{}\\]*")(?:\s*,\s*[a-zA-Z_]\w*(?:=|!=|=~|!~)(?:'[^'"{}\\]*'|"[^'"{}\\]*"))*\s*$/;

const presetName = z.enum(PRESET_NAMES);

/** `otel=service_name,istio=destination_workload` */
const labels = z
  .string()
  .transform((text) => commaSeparated(text).map((pair) => pair.split("=").map((part) => part.trim())))
  .pipe(z.array(z.tuple([presetName, z.string().regex(LABEL)], { error: "takes preset=label pairs, comma-separated" })))
  .transform((pairs) => new Map(pairs));

const signals = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "is no JSON" });
      return z.NEVER;
    }
  })
  .pipe(ownSignals);

/** The environment variables that configure Prometheus. */
export const prometheusVariables = {
  ONCALL_METRICS_PROMETHEUS_URL: webAddress()
    .optional()
    .describe("Prometheus, Thanos or Mimir to answer from, path prefix included"),
  ONCALL_METRICS_PROMETHEUS_TOKEN: secret().optional().describe("bearer token for it"),
  ONCALL_METRICS_PROMETHEUS_USERNAME: z.string().optional().describe("user name for it, with a password"),
  ONCALL_METRICS_PROMETHEUS_PASSWORD: secret().optional().describe("password for it, with a user name"),
  ONCALL_METRICS_PROMETHEUS_SIGV4_REGION: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, { error: "takes a region such as eu-west-1" })
    .optional()
    .describe("AWS region to sign requests for (Amazon Managed Prometheus); the credential comes from AWS_*"),
  ONCALL_METRICS_PROMETHEUS_TENANT: z.string().optional().describe("tenant, sent as X-Scope-OrgID (Mimir, Thanos)"),
  ONCALL_METRICS_PROMETHEUS_CA: certificates()
    .optional()
    .describe("the authorities to trust for it (PEM); usually given as ONCALL_METRICS_PROMETHEUS_CA_FILE"),
  ONCALL_METRICS_PROMETHEUS_MATCHERS: z
    .string()
    .regex(MATCHERS, { error: "takes PromQL matchers, comma-separated, such as cluster='eu-1',env!~'dev|test'" })
    .optional()
    .describe("matchers that every query gets, where one store holds several environments: cluster='eu-1'"),
  ONCALL_METRICS_PROMETHEUS_SCRAPE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(30)
    .describe("seconds between two of its samples; default 30"),
  ONCALL_METRICS_PROMETHEUS_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(120)
    .default(8)
    .describe("longest time that one of its queries may take; default 8"),
  ONCALL_METRICS_PRESETS: z
    .string()
    .transform(commaSeparated)
    .pipe(z.array(presetName).min(1))
    .optional()
    .describe(
      `comma-separated presets to ask: ${PRESET_NAMES.join(", ")}; default ${USUAL_PRESETS.join(",")}, or none with ONCALL_METRICS_SIGNALS`,
    ),
  ONCALL_METRICS_SERVICE_LABELS: labels
    .optional()
    .describe("the label that holds a service's name, where it is not the preset's own: otel=service_name"),
  ONCALL_METRICS_SIGNALS: signals.optional().describe("signals of your own (JSON); see the README"),
  ONCALL_METRICS_GRAFANA_URL: webAddress()
    .optional()
    .describe("Grafana to link to; default: links to Prometheus itself"),
  ONCALL_METRICS_GRAFANA_DATASOURCE: z.string().optional().describe("uid of its data source for this Prometheus"),
} as const;

const schema = z.object(prometheusVariables);
export type PrometheusConfig = z.output<typeof schema>;
