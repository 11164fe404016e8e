import { certificates, commaSeparated, webAddress } from "@oncall-copilot/core/backend";
import { secret } from "@oncall-copilot/core/server";
import { z } from "zod";
import { PRESET_NAMES } from "./presets.ts";

const field = () =>
  z.string().regex(/^[\w@][\w@.-]{0,199}$/, { error: "takes the name of a field, such as service.name" });

/** The environment variables that configure OpenSearch. */
export const openSearchVariables = {
  ONCALL_LOGS_OPENSEARCH_URL: webAddress()
    .optional()
    .describe("OpenSearch to answer from, path prefix included; with ONCALL_LOGS_OPENSEARCH_INDEX"),
  ONCALL_LOGS_OPENSEARCH_INDEX: z
    .string()
    .regex(/^[^\s/\\?#"<>|]+$/, { error: "takes an index, an alias, a data stream or a pattern, such as logs-*" })
    .optional()
    .describe("index, alias, data stream or pattern with the logs; several with commas"),
  ONCALL_LOGS_OPENSEARCH_USERNAME: z.string().optional().describe("user name for it, with a password"),
  ONCALL_LOGS_OPENSEARCH_PASSWORD: secret().optional().describe("password for it, with a user name"),
  ONCALL_LOGS_OPENSEARCH_API_KEY: secret().optional().describe("API key for it, sent as Authorization: ApiKey"),
  ONCALL_LOGS_OPENSEARCH_TOKEN: secret().optional().describe("bearer token for it"),
  ONCALL_LOGS_OPENSEARCH_AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, { error: "takes a region, such as eu-west-1" })
    .optional()
    .describe("signs requests for Amazon OpenSearch Service in this region (SigV4)"),
  ONCALL_LOGS_OPENSEARCH_AWS_SERVICE: z
    .enum(["es", "aoss"])
    .default("es")
    .describe("what is signed for: es, or aoss for OpenSearch Serverless; default es"),
  ONCALL_LOGS_OPENSEARCH_CA: certificates()
    .optional()
    .describe("the authorities to trust for it (PEM); usually given as ONCALL_LOGS_OPENSEARCH_CA_FILE"),
  ONCALL_LOGS_OPENSEARCH_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(120)
    .default(10)
    .describe("longest time that one of its requests may take; default 10"),
  ONCALL_LOGS_OPENSEARCH_PRESET: z
    .enum(PRESET_NAMES)
    .default("ecs")
    .describe(`what its fields are called: ${PRESET_NAMES.join(", ")}; default ecs`),
  ONCALL_LOGS_OPENSEARCH_SERVICE_FIELD: field().optional().describe("field with the service's name"),
  ONCALL_LOGS_OPENSEARCH_TIME_FIELD: field().optional().describe("field with the time"),
  ONCALL_LOGS_OPENSEARCH_LEVEL_FIELD: field().optional().describe("field with the level, in words or numbers"),
  ONCALL_LOGS_OPENSEARCH_MESSAGE_FIELD: field().optional().describe("field with the message"),
  ONCALL_LOGS_OPENSEARCH_SEQUENCE_FIELD: field()
    .optional()
    .describe("number that orders the lines of one instant; default event.sequence, where there is one"),
  ONCALL_LOGS_OPENSEARCH_STREAM_FIELDS: z
    .string()
    .transform(commaSeparated)
    .pipe(z.array(field()).min(1))
    .optional()
    .describe("fields that together tell what wrote a line, comma-separated; default: pod or host, and container"),
  ONCALL_LOGS_DASHBOARDS_URL: webAddress()
    .optional()
    .describe("OpenSearch Dashboards to link to; default: links to OpenSearch itself"),
  ONCALL_LOGS_DASHBOARDS_INDEX_PATTERN: z
    .string()
    .regex(/^[\w*.:-]+$/, { error: "takes the id of an index pattern" })
    .optional()
    .describe("id of the index pattern there; default: its default one"),
} as const;

const schema = z.object(openSearchVariables);
export type OpenSearchConfig = z.output<typeof schema>;
